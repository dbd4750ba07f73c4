"""A medium as a phone seals it. Written from docs/sync.md alone."""

import base64
import hashlib
import os
import uuid
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from reporting import events
from reporting.media import uploads
from tests.given import MONDAY
from tests.phones import JSON

FRAME = 65_536


@dataclass
class Sealed:
    """One medium: `plain` is what it holds, `content` what is uploaded."""

    plain: bytes
    role: str = "photo"
    mime: str = "image/jpeg"
    key: bytes = field(default_factory=lambda: os.urandom(32))

    @property
    def id(self) -> uuid.UUID:
        """What the key gives."""
        return uuid.UUID(bytes=hashlib.sha256(b"aryk medium 1" + self.key).digest()[:16])

    @property
    def content(self) -> bytes:
        """The frames, one after the other."""
        frames = [self.plain[at : at + FRAME] for at in range(0, len(self.plain), FRAME)] or [b""]
        return b"".join(
            AESGCM(self.key).encrypt(nonce(place, last=place == len(frames) - 1), frame, self.id.bytes)
            for place, frame in enumerate(frames)
        )

    def wanted(self, **changes: object) -> JSON:
        """How an operation names it."""
        return {
            "id": str(self.id),
            "key": base64.urlsafe_b64encode(self.key).decode().rstrip("="),
            "sha256": hashlib.sha256(self.content).hexdigest(),
            "bytes": len(self.content),
            "mime": self.mime,
            "role": self.role,
            **changes,
        }

    def arrive(self) -> None:
        """All its bytes come in; its report has."""
        for offset in range(0, len(self.content), uploads.CHUNK_MAX_BYTES):
            chunk = self.content[offset : offset + uploads.CHUNK_MAX_BYTES]
            with events.unit_of_work():
                uploads.append(medium_id=self.id, offset=offset, chunk=chunk, profile=None, at=MONDAY)


def nonce(place: int, *, last: bool) -> bytes:
    """12 bytes: zeros, the frame's place, whether it is the last."""
    return bytes(7) + place.to_bytes(4, "big") + (b"\1" if last else b"\0")
