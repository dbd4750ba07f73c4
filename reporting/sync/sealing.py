"""Sealed envelopes: `1 ‖ key id (4) ‖ enc (65) ‖ ciphertext`. HPKE (RFC 9180) base mode, single shot.

DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM; `info` is `aryk operation 1` and the key id. What is sealed is one byte, 0 for
plain or 1 for zlib (RFC 1950), and the opened content, which has at most `MAX_OPENED` bytes.
"""

import zlib
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from reporting.errors import Rejected
from reporting.sync import keys

VERSION = 1
MAX_OPENED = 65_536
MAX_ENVELOPE = MAX_OPENED + 256
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_INFO = b"aryk operation 1"
_PLAIN, _ZLIB = 0, 1
KeyFinder = Callable[[bytes], EllipticCurvePrivateKey | None]
_HEAD = 1 + keys.ID_BYTES


def unseal(envelope: bytes, private_key: KeyFinder = keys.private_key) -> bytes:
    """The opened content. Raises Rejected `unreadable`, `unknown_version` or `unknown_key`, and Unavailable."""
    if not envelope:
        raise Rejected("unreadable", "The envelope is empty.")
    if envelope[0] != VERSION:  # another may be longer
        raise Rejected("unknown_version", f"This server cannot open envelopes of version {envelope[0]}.")
    if len(envelope) > MAX_ENVELOPE:
        raise Rejected("unreadable", f"The envelope is too long; its first {MAX_ENVELOPE} bytes are kept.")
    key_id = envelope[1:_HEAD]
    private = private_key(key_id)
    if private is None:
        raise Rejected("unknown_key", "The envelope was sealed to a key that this server does not have.")
    try:
        packed = SUITE.decrypt(envelope[_HEAD:], private, info=_INFO + key_id)
        return _unpacked(packed)
    except (InvalidTag, ValueError, zlib.error):
        raise Rejected("unreadable", "The envelope is damaged.") from None


def _unpacked(packed: bytes) -> bytes:
    form, rest = packed[:1], packed[1:]
    if form == bytes([_PLAIN]):
        opened = rest
    elif form == bytes([_ZLIB]):
        inflating = zlib.decompressobj()
        opened = inflating.decompress(rest, MAX_OPENED + 1)
        if not inflating.eof and len(opened) <= MAX_OPENED:
            raise ValueError("cut short")
    else:
        raise ValueError("unknown packing")
    if len(opened) > MAX_OPENED:
        raise ValueError("too long")
    return opened
