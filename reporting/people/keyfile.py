"""The key file: 32 bytes beside no backup, without which nothing that is sealed in the database opens."""

import os
import uuid
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from reporting.errors import Unavailable

BYTES = 32


def read(*, make: bool = False) -> bytes:
    """Its content; made first where `make` says that there may be none yet. Raises Unavailable when it is missing or damaged."""
    path = Path(settings.KEY_FILE)
    if make and not path.exists():
        _write_new(path)
    try:
        content = path.read_bytes()
    except OSError:
        raise Unavailable("The key file is missing. Put it back from where it is kept apart.") from None
    if len(content) != BYTES:
        raise Unavailable(f"The key file is damaged: it must have {BYTES} bytes.")
    return content


def derived(purpose: bytes) -> bytes:
    """A key of 32 bytes for one purpose alone."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(read())


def wrap(content: bytes, *, purpose: bytes, tied_to: uuid.UUID) -> bytes:
    """Sealed with the key file, for one purpose and one report alone: AES-256-GCM, its 12-byte nonce first. Raises Unavailable."""
    nonce = os.urandom(12)
    return nonce + AESGCM(derived(purpose)).encrypt(nonce, content, tied_to.bytes)


def unwrap(sealed: bytes, *, purpose: bytes, tied_to: uuid.UUID) -> bytes:
    """What `wrap` sealed. Raises Unavailable, also when it is another report's."""
    return opener(purpose)(sealed, tied_to)


def opener(purpose: bytes) -> Callable[[bytes, uuid.UUID], bytes]:
    """As `unwrap`, for many: the key file is read once, now."""
    key = AESGCM(derived(purpose))

    def unwrapped(sealed: bytes, tied_to: uuid.UUID) -> bytes:
        try:
            return key.decrypt(sealed[:12], sealed[12:], tied_to.bytes)
        except InvalidTag:
            raise Unavailable("The key file is not the one that this was sealed with.") from None

    return unwrapped


def _write_new(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(os.urandom(BYTES))
        file.flush()
        os.fsync(file.fileno())
