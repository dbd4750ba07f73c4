"""Opening what a phone sealed: AES-256-GCM in frames of 65,536 bytes (the STREAM construction), one key a medium. See docs/sync.md.

A frame's nonce says its place and whether it is the last, and the medium's id is bound to every frame: bytes that were cut,
put in another order, added to, or taken from another medium do not open.
"""

import hashlib
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME = 65_536
TAG = 16
SEALED_FRAME = FRAME + TAG


class NotOpened(Exception):
    """The bytes do not open with this key for this medium. Nothing of what did open is given out."""


def id_of(key: bytes) -> uuid.UUID:
    """The id of the medium that a key seals: whoever only carries its bytes cannot name it in a report of their own."""
    return uuid.UUID(bytes=hashlib.sha256(b"aryk medium 1" + key).digest()[:16])


def unseal(sealed: bytes, *, key: bytes, medium_id: uuid.UUID) -> bytes:
    """The plaintext, 16 bytes a frame shorter than what was sealed. Raises NotOpened."""
    cipher = AESGCM(key)
    frames = [sealed[start : start + SEALED_FRAME] for start in range(0, len(sealed), SEALED_FRAME)]
    if not frames or len(frames[-1]) <= TAG:  # nothing, or a last frame without content
        raise NotOpened
    try:
        opened = [
            cipher.decrypt(_nonce(place, is_last=place == len(frames) - 1), frame, medium_id.bytes)
            for place, frame in enumerate(frames)
        ]
    except InvalidTag:
        raise NotOpened from None
    return b"".join(opened)


def _nonce(place: int, *, is_last: bool) -> bytes:
    return bytes(7) + place.to_bytes(4, "big") + bytes([is_last])
