"""Receipts: 10 Crockford base32 symbols (50 random bits, made on the phone) and a check symbol.

Source of the alphabet, the Latin look-alikes and the check modulo 37: Douglas Crockford, Base 32.
"""

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK_SYMBOLS = SYMBOLS + "*~$=U"
_LOOK_ALIKES = str.maketrans("OILАВСЕНКМРТХОУ", "011ABCEHKMPTX0Y")


def encode(number: int) -> str:
    """The receipt of a 50-bit number, 11 characters. Raises ValueError outside 0 … 2⁵⁰−1."""
    if not 0 <= number < 1 << 50:
        raise ValueError("A receipt holds 50 bits.")
    body = "".join(SYMBOLS[number >> shift & 31] for shift in range(45, -1, -5))
    return body + _CHECK_SYMBOLS[number % 37]


def parse(text: str) -> str | None:
    """The 11 characters of a receipt as somebody wrote it (grouped, small, O for 0, Cyrillic letters); None when it does not check."""
    plain = text.upper().replace("-", "").replace(" ", "")
    body, check = plain[:10].translate(_LOOK_ALIKES), plain[10:]
    if len(body) != 10 or len(check) != 1 or any(symbol not in SYMBOLS for symbol in body):
        return None
    number = 0
    for symbol in body:
        number = number << 5 | SYMBOLS.index(symbol)
    canonical = encode(number)
    return canonical if canonical[10] in {check, check.translate(_LOOK_ALIKES)} else None


def grouped(receipt: str) -> str:
    """As people read it: `XXXX-XXX-XXXC`."""
    return f"{receipt[:4]}-{receipt[4:7]}-{receipt[7:]}"
