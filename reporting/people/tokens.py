"""The two tokens of a profile, as the server sees them: only hashes are kept."""

import base64
import hashlib
import re

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def read_token(text: str) -> bytes | None:
    """The 32 bytes of a token written as 43 base64url characters; None when it is anything else."""
    return from_base64url(text) if _TOKEN.fullmatch(text) else None


def base64url(data: bytes) -> str:
    """base64url without padding, as docs/sync.md writes binary values."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes | None:
    """The bytes, with padding or without; None when it is anything else."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None


def token_hash(token: bytes) -> bytes:
    """SHA-256 of a token. The tokens are 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token).digest()
