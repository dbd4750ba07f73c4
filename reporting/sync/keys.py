"""The server's keys that phones seal to: made, kept wrapped by the key file, replaced, and destroyed when they are too old.

The private halves lie in the database, each encrypted with the 32 bytes of `KEY_FILE`, which is backed up apart: who has the
database alone, or the key file alone, opens nothing. Source: docs/threat-model.md.
"""

import hashlib
import os
from datetime import datetime, timedelta
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from reporting.errors import Unavailable
from reporting.people import keyfile
from reporting.people.receipts import SYMBOLS
from reporting.sync.models import SyncKey

ID_BYTES = 4
OPENS_FOR = timedelta(days=731)
"""24 months after its replacement a key is destroyed: a phone may have been offline that long, not longer."""
_WRAPPING = b"aryk sync key 1"


def current() -> SyncKey | None:
    """The key that phones are to seal to now; None before the first one was made."""
    return SyncKey.objects.filter(retired_at=None).first()


def is_there() -> bool:
    """Whether what phones seal now can be opened; False where there is no key. Raises Unavailable when it cannot be unwrapped."""
    key = current()
    return key is not None and private_key(bytes(key.key_id)) is not None


def rotate(*, at: datetime, stolen: bool = False) -> SyncKey:
    """Make a new key and retire the one before. `stolen` marks that one: what is sealed to it may be read by others.

    Raises Unavailable when the key file is missing although keys were wrapped with it.
    """
    wrapping = keyfile.read(make=not SyncKey.objects.exclude(wrapped=None).exists())
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key_id = id_of(public)
    with transaction.atomic():
        retired = SyncKey.objects.select_for_update().filter(retired_at=None)
        retired.update(retired_at=at, stolen_at=at if stolen else None)
        destroy_old(at=at)
        return SyncKey.objects.create(
            key_id=key_id, public=public, wrapped=_wrap(private, key_id, wrapping), created_at=at
        )


def destroy_old(*, at: datetime) -> None:
    """Destroy what was replaced `OPENS_FOR` ago; by the clock too, whether another is made or not."""
    SyncKey.objects.filter(retired_at__lt=at - OPENS_FOR).exclude(wrapped=None).update(wrapped=None)


def give_up() -> None:
    """Forget every private half: the key file is lost, so nobody can open them. What is sealed to them is answered `unknown_key`.

    Raises Unavailable when the key file opens one of them after all.
    """
    for row in SyncKey.objects.exclude(wrapped=None):
        if _opens(row):
            raise Unavailable(f"The key file {settings.KEY_FILE} still opens key {row}: it is not lost.")
    SyncKey.objects.update(wrapped=None)


def fingerprint(public: bytes) -> str:
    """What a person compares with a poster: 60 bits of SHA-256 of the point as three groups of Crockford's base32."""
    number = int.from_bytes(hashlib.sha256(public).digest()[:8], "big") >> 4
    symbols = "".join(SYMBOLS[number >> shift & 31] for shift in range(55, -1, -5))
    return "-".join(symbols[at : at + 4] for at in (0, 4, 8))


def private_key(key_id: bytes) -> ec.EllipticCurvePrivateKey | None:
    """The private half of a key; None when this server never had it, or it was destroyed or is due to be.

    Raises Unavailable when it is there and cannot be unwrapped: then nothing is refused, phones come again.
    """
    row = _in_use().filter(key_id=key_id).first()
    return None if row is None else _unwrapped(bytes(row.wrapped or b""), key_id, settings.KEY_FILE)


def ids() -> list[bytes]:
    """The keys that still open, the newest first."""
    rows = _in_use().order_by("-created_at")
    return [bytes(key_id) for key_id in rows.values_list("key_id", flat=True)]


def id_of(public: bytes) -> bytes:
    """What names a key in an envelope: the first 4 bytes of SHA-256 of the uncompressed point."""
    return hashlib.sha256(public).digest()[:ID_BYTES]


def _in_use() -> QuerySet[SyncKey]:
    due = Q(retired_at__lt=timezone.now() - OPENS_FOR)
    return SyncKey.objects.exclude(Q(wrapped=None) | due)


def _opens(row: SyncKey) -> bool:
    try:
        return private_key(bytes(row.key_id)) is not None
    except Unavailable:
        return False


@lru_cache(maxsize=32)
def _unwrapped(wrapped: bytes, key_id: bytes, _path: str) -> ec.EllipticCurvePrivateKey:
    """Kept in memory once opened: the file is read at the first envelope, not at each."""
    try:
        der = AESGCM(keyfile.read()).decrypt(wrapped[:12], wrapped[12:], _WRAPPING + key_id)
    except InvalidTag:
        raise Unavailable("The key file is not the one that the sync keys were wrapped with.") from None
    key = load_der_private_key(der, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def _wrap(private: ec.EllipticCurvePrivateKey, key_id: bytes, wrapping: bytes) -> bytes:
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    nonce = os.urandom(12)
    return nonce + AESGCM(wrapping).encrypt(nonce, der, _WRAPPING + key_id)
