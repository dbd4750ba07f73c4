"""A phone that sends an SMS, and a gateway that passes it on. Written from docs/sync.md alone."""

import base64
import hashlib
import hmac
import json
import os
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from reporting.sync.models import SyncKey
from tests.phones import JSON, SUITE, Phone

LETTERS = (
    "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя"  # from 0x80
    "ЁёҢңӨөҮүҒғӢӣҚқӮӯҲҳҶҷЎўʻʼ№"
)
SECRET = "a-gateway-secret-of-forty-two-characters-x"
NUMBER = "+996700000001"


def packed(text: str) -> bytes:
    """One byte a letter."""
    return bytes(ord(letter) if ord(letter) < 0x80 else 0x80 + LETTERS.index(letter) for letter in text)


def form(phone: Phone, operation: JSON, *, text: str | None = None, cut: bool = False) -> bytes:
    """The partial form of a report.create, before it is sealed."""
    body = operation["body"]
    number = 0
    for symbol in body["receipt"][:10]:
        number = number << 5 | "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(symbol)
    bits = number << 6 | body["danger"] << 5 | ["mediator", "office", "border"].index(body["audience"]) << 3
    bits |= (body["track"] == "appeal") << 2 | ["now", "today", "date"].index(body["happened"]["when"])
    minutes = int(operation["wall_ms"] / 1000 - datetime(2026, 1, 1, tzinfo=UTC).timestamp()) // 60
    about = body["about_office"]
    marks = ["ky", "ru", "tg", "uz", "en"].index(body["language"]) << 5 | (about is not None) << 4 | cut << 3
    marks |= bool(operation["media"]) << 2
    link = hmac.digest(phone.write, b"aryk sms 1" + uuid.UUID(operation["op_id"]).bytes, "sha256")[:8]
    day = b""
    if body["happened"]["when"] == "date":
        day = (date.fromisoformat(body["happened"]["date"]) - date(2000, 1, 1)).days.to_bytes(2, "big")
    content: bytes = (
        link
        + bits.to_bytes(7, "big")
        + minutes.to_bytes(3, "big")
        + bytes([marks])
        + _hash(body["category"])[:3]
        + _hash(body["village"])[:4]
        + day
        + (_hash(about)[:4] if about is not None else b"")
        + packed(body["text"] if text is None else text)
    )
    return content


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def sms(content: bytes, key: SyncKey | None = None) -> str:
    """The form, sealed to the server's present key, as the text of an SMS."""
    key = key or SyncKey.objects.get(retired_at=None)
    key_id, public = bytes(key.key_id), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(key.public))
    header = "ARYK1" + _symbols(bytes([key_id[0], 0, 0]))[0]
    sealed = SUITE.encrypt(content, public, info=b"aryk sms 1" + key_id)
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sealed[:65])
    return header + _symbols(point.public_bytes(Encoding.X962, PublicFormat.CompressedPoint) + sealed[65:])


def _symbols(content: bytes) -> str:
    return base64.b64encode(content, altchars=b"-/").rstrip(b"=").decode()


@dataclass
class Gateway:
    """Signs and posts what comes to its number."""

    name: str = "batken-1"
    secret: str = SECRET

    def post(self, body: JSON | bytes, **forged: str) -> Any:
        """One request; `forged` replaces headers. Bytes go as they are."""
        content, headers = self.signed(body, **forged)
        return Client().post("/api/v1/gateways/sms", content, content_type="application/json", headers=headers)

    def signed(self, body: JSON | bytes, **forged: str) -> tuple[bytes, dict[str, str]]:
        """A body and its headers."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        said = {"timestamp": str(int(time.time())), "nonce": os.urandom(12).hex()} | forged
        head = f"{self.name}\n{said['timestamp']}\n{said['nonce']}\n".encode()
        signed = hmac.new(self.secret.encode(), head + content, hashlib.sha256).hexdigest()
        headers = {f"Aryk-{name.title()}": value for name, value in ({"signature": signed} | said).items()}
        return content, headers | {"Aryk-Gateway": self.name}

    def brings(self, text: str, *, number: str = NUMBER, **part: int) -> str | None:
        """The reply to one SMS."""
        response = self.post({"number": number, "text": text, **part})
        assert response.status_code == 200, response.content
        reply: str | None = response.json()["reply"]
        return reply
