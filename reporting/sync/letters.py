"""One byte a letter: the project's own table for Kyrgyz, Russian, Tajik and Uzbek, Cyrillic and Latin. Written down in docs/sync.md.

Below 0x80 it is ASCII. What it has no byte for is `?`.
"""

UPPER = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюяЁёҢңӨөҮүҒғӢӣҚқӮӯҲҳҶҷЎўʻʼ№"
"""The letters of the bytes from 0x80."""


def letters(packed: bytes) -> str:
    """The text of packed letters; a byte that stands for nothing is U+FFFD."""
    return "".join(_letter(byte) for byte in packed)


def _letter(byte: int) -> str:
    if byte == 0x0A or 0x20 <= byte < 0x7F:
        return chr(byte)
    return UPPER[byte - 0x80] if 0x80 <= byte < 0x80 + len(UPPER) else "\ufffd"
