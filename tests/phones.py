"""A resident's phone as the server meets it: secrets, envelopes, requests. Written from docs/sync.md alone."""

import base64
import gzip
import hashlib
import itertools
import json
import os
import uuid
import zlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.test import Client

from reporting.people import receipts
from reporting.sync.models import SyncKey

JSON = dict[str, Any]
SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass
class Phone:
    """One profile. `post` sends what it is told to; `filed` makes a report.create operation."""

    secret: bytes = field(default_factory=lambda: os.urandom(16))
    cursor: str | None = None
    client: Client = field(default_factory=Client)
    seq: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    @property
    def write(self) -> bytes:
        """The write token."""
        return self._derive(b"aryk write 1")

    @property
    def read(self) -> bytes:
        """The read token."""
        return self._derive(b"aryk read 1")

    @property
    def bearer(self) -> str:
        """The `Authorization` header."""
        return f"Bearer {b64(self.read)}"

    def _derive(self, info: bytes) -> bytes:
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self.secret)

    def operation(self, kind: str, entity_id: object, body: JSON, /, **changes: Any) -> JSON:
        """An operation of this profile."""
        stem = {
            "op_id": str(uuid.uuid4()),
            "seq": next(self.seq),
            "type": kind,
            "schema": 1,
            "entity_id": str(entity_id),
            "parent_op": None,
            "base_version": None,
            "wall_ms": 1_795_000_000_000,
            "last_server_ms": None,
            "body": body,
            "media": [],
        }
        return stem | changes

    def filed(self, body: JSON | None = None, /, **changes: Any) -> JSON:
        """A report on water in Ak-Sai, said to the office, with what is given changed."""
        return self.operation("report.create", uuid.uuid4(), report_body() | (body or {}), **changes)

    def opened(self, operation: JSON, **auth: str) -> bytes:
        """The content of an envelope before it is sealed; `auth` forges."""
        mine = {"write": b64(self.write), "read_hash": hashlib.sha256(self.read).hexdigest()}
        return json.dumps({"auth": mine | auth, "operation": operation}).encode()

    def envelope(self, operation: JSON, **auth: str) -> bytes:
        """The bytes that carry an operation."""
        return seal(self.opened(operation, **auth))

    def post(self, *envelopes: bytes, bearer: str | None = "", zipped: bool = False) -> Any:
        """One round trip. `bearer` None: locked; empty: its own."""
        body: bytes = json.dumps(
            {"proto": 1, "cursor": self.cursor, "envelopes": [b64(envelope) for envelope in envelopes]}
        ).encode()
        headers = {} if bearer is None else {"authorization": bearer or self.bearer}
        if zipped:
            body, headers = gzip.compress(body), headers | {"content-encoding": "gzip"}
        return self.client.post("/api/v1/sync", body, content_type="application/json", headers=headers)

    def sync(self, *operations: JSON) -> JSON:
        """Send operations, remember the cursor, and give the reply."""
        response = self.post(*(self.envelope(operation) for operation in operations))
        assert response.status_code == 200, response.content
        reply: JSON = response.json()
        self.cursor = reply["cursor"]
        return reply

    def sees(self, entity: str, entity_id: object) -> JSON | None:
        """What a whole pull shows of one entity."""
        self.cursor = None
        changes = [change for change in self.sync()["changes"] if change["entity"] == entity]
        return next((change["data"] for change in changes if change["id"] == str(entity_id)), None)


def seal(content: bytes, *, packing: bytes | None = None, key: SyncKey | None = None) -> bytes:
    """A sealed envelope to the server's present key, or to `key`; `packing` is what is sealed instead of zlib's."""
    key = key or SyncKey.objects.get(retired_at=None)
    key_id, public = bytes(key.key_id), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes(key.public))
    packed = b"\1" + zlib.compress(content) if packing is None else packing
    return b"\1" + key_id + SUITE.encrypt(packed, public, info=b"aryk operation 1" + key_id)


def only(reply: JSON) -> JSON:
    """The one result of a reply."""
    (result,) = reply["results"]
    assert isinstance(result, dict)
    return result


def report_body() -> JSON:
    """The body of a plain report."""
    return {
        "category": "water-gate",
        "village": "05-B-1-1",
        "text": "The gate above the village was closed.",
        "happened": {"when": "today", "date": None},
        "audience": "office",
        "track": "signal",
        "about_office": None,
        "danger": False,
        "language": "ky",
        "receipt": receipts.encode(int.from_bytes(os.urandom(7), "big") >> 6),
        "answers": {},
        "position": None,
    }


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
