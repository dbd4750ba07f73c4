"""A report in an SMS: the partial form of `report.create`, sealed, in at most 306 characters. See docs/sync.md and ADR 0008.

`ARYK1`, a symbol of the key, then in 64 symbols: the HPKE encapsulation (33 bytes, a compressed point) and the ciphertext.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from reporting.errors import Rejected
from reporting.people import receipts
from reporting.sync import keys
from reporting.sync.letters import letters
from reporting.sync.sealing import SUITE

MOST_CHARACTERS = 306
HEADER = "ARYK1"
LINK_BYTES = 8
_SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/"
_HEAD = len(HEADER) + 1
_POINT = 33
_INFO = b"aryk sms 1"
_LANGUAGES = ("ky", "ru", "tg", "uz", "en")
_AUDIENCES = ("mediator", "office", "border")
_WHENS = ("now", "today", "date")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
_FIRST_DAY = date(2000, 1, 1)


@dataclass(frozen=True)
class Form:
    """What an SMS says. Category, village and office are the first bytes of SHA-256 of their codes; None: about no office."""

    link: bytes
    receipt: str
    danger: bool
    audience: str
    track: str
    happened_when: str
    happened_on: date | None
    filed_at: datetime
    language: str
    category: bytes
    village: bytes
    about_office: bytes | None
    cut: bool
    more: bool
    text: str


def link_of(write_token: bytes, op_id: uuid.UUID) -> bytes:
    """What ties a partial form to its operation. Only who has the write token can make it, so nobody else can take its place."""
    return hmac.digest(write_token, _INFO + op_id.bytes, "sha256")[:LINK_BYTES]


def case_id_from(link: bytes) -> uuid.UUID:
    """The case that a report opens, whichever of its forms comes first, and comes again after a restore.

    Officers see it, and who has a link can take its report back: without `SECRET_KEY` no link is found out from it.
    """
    return uuid.UUID(bytes=hmac.digest(settings.SECRET_KEY.encode(), b"aryk case 1" + link, "sha256")[:16], version=4)


def named_by(part: bytes, codes: Iterable[str]) -> str | None:
    """The one code whose SHA-256 begins so; None when there is none, or more than one."""
    found = [code for code in codes if hashlib.sha256(code.encode()).digest().startswith(part)]
    return found[0] if len(found) == 1 else None


def read(text: str) -> Form:
    """Open a whole SMS. Raises Rejected `unreadable`, `unknown_version` or `unknown_key`, and Unavailable."""
    text = text.strip()
    if not text.startswith(HEADER[:4]):
        raise Rejected("unreadable", "The SMS is not one of the app's.")
    if not text.startswith(HEADER):
        raise Rejected("unknown_version", "This server cannot read SMS of this version.")
    if len(text) > MOST_CHARACTERS:
        raise Rejected("unreadable", "The SMS is longer than any of the app's.")
    opened = _opened(_bytes(text[_HEAD:]), symbol=text[_HEAD - 1 : _HEAD])
    try:
        return _form(opened)
    except (ValueError, IndexError, OverflowError):
        raise Rejected("unreadable", "The SMS holds no report.") from None


def _bytes(symbols: str) -> bytes:
    plain = symbols.replace("-", "+") + "=" * (-len(symbols) % 4)
    try:
        return base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        raise Rejected("unreadable", "The SMS is damaged.") from None


def _opened(sealed: bytes, *, symbol: str) -> bytes:
    known = [key_id for key_id in keys.ids() if _SYMBOLS[key_id[0] >> 2] == symbol]
    for key_id in known:
        private = keys.private_key(key_id)
        try:
            if private is not None:
                return SUITE.decrypt(_expanded(sealed), private, info=_INFO + key_id)
        except (InvalidTag, ValueError):
            continue
    raise Rejected("unreadable" if known else "unknown_key", "The SMS is damaged, or sealed to a key that is not here.")


def _expanded(sealed: bytes) -> bytes:
    """HPKE's form of it: an SMS has no room for both halves of the encapsulated point."""
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sealed[:_POINT])
    return point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint) + sealed[_POINT:]


def _form(opened: bytes) -> Form:
    if len(opened) < 26:
        raise ValueError
    bits = int.from_bytes(opened[8:15], "big")
    marks, rest = opened[18], opened[26:]
    when = _WHENS[bits & 3]
    happened_on = None
    if when == "date":
        happened_on, rest = _FIRST_DAY + timedelta(days=int.from_bytes(rest[:2], "big")), rest[2:]
    about = None
    if marks >> 4 & 1:
        about, rest = _four(rest), rest[4:]
    return Form(
        link=opened[:LINK_BYTES],
        receipt=receipts.encode(bits >> 6),
        danger=bool(bits >> 5 & 1),
        audience=_AUDIENCES[bits >> 3 & 3],
        track="appeal" if bits >> 2 & 1 else "signal",
        happened_when=when,
        happened_on=happened_on,
        filed_at=_EPOCH + timedelta(minutes=int.from_bytes(opened[15:18], "big")),
        language=_LANGUAGES[marks >> 5],
        category=opened[19:22],
        village=opened[22:26],
        about_office=about,
        cut=bool(marks >> 3 & 1),
        more=bool(marks >> 2 & 1),
        text=letters(rest),
    )


def _four(rest: bytes) -> bytes:
    if len(rest) < 4:
        raise ValueError
    return rest[:4]
