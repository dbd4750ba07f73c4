"""Mediators who hold a group's keys, and what a phone seals to them: from docs/sync.md alone, with another HPKE than the phone's."""

import base64
import hashlib
import os
import uuid
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from reporting.people.models import User
from tests.phones import JSON, SUITE, Phone, b64

WHO = "Айжан Осмонова\n+996 555 000 001"


@dataclass
class Holder:
    """A mediator with a key of the group on the phone."""

    phone: Phone
    place: int
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def key_id(self) -> str:
        return hashlib.sha256(self.public).hexdigest()[:16]

    def made(self, office: str, **changes: object) -> JSON:
        body = {"office": office, "place": self.place, "public": b64(self.public)}
        return self.phone.operation("group.key", uuid.uuid4(), body, **changes)

    def opens(self, sealed: bytes, half: int, report: object) -> bytes:
        return SUITE.decrypt(sealed, self.private, info=info(half, self.public, report))


def info(half: int, public: bytes, report: object) -> bytes:
    return b"aryk protected 1" + hashlib.sha256(public).digest()[:8] + bytes([half]) + uuid.UUID(str(report)).bytes


def half_sealed(half: bytes, n: int, public: bytes, report: object) -> bytes:
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    return SUITE.encrypt(half, point, info=info(n, public, report))


def torn(first: Holder, second: Holder, report: object, who: str = WHO) -> JSON:
    """As a phone does it: one half is random, the other what it takes to get the words back."""
    content = who.encode().ljust(512, b"\0")
    noise = os.urandom(512)
    rest = bytes(one ^ other for one, other in zip(content, noise, strict=True))
    return {
        name: {"key": holder.key_id, "sealed": b64(half_sealed(half, n, holder.public, report))}
        for name, n, half, holder in (("first", 1, noise, first), ("second", 2, rest, second))
    }


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Group:
    """Dilnoza asks, Sanjar consents; both mediate in Ak-Sai's rayon."""

    first: Holder
    second: Holder
    sanjar: User


def say(phone: Phone, *operations: JSON) -> JSON:
    result: JSON = phone.sync(*operations)["results"][-1]
    return result
