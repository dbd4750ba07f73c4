"""From envelope bytes to an operation. Hostile until proved otherwise: everything is bounded and decided by decoding."""

import hashlib
import json
import math
import uuid
from dataclasses import dataclass
from typing import Any

from reporting.errors import Rejected
from reporting.people import addresses, identities
from reporting.people.tokens import read_token
from reporting.sync import keys
from reporting.sync.sealing import KeyFinder, unseal

ENVELOPES = {"identity": identities, "notify": addresses}
"""The parts of a body that only the server may read."""


@dataclass(frozen=True)
class Opened:
    """An operation and who it says wrote it. `content` is the operation alone, without tokens; `hash` is of all opened bytes, `digest`
    of the sealed ones.
    """

    op_id: uuid.UUID
    type: str
    content: dict[str, Any]
    hash: bytes
    digest: bytes
    write_token: bytes
    read_hash: bytes


def digest_of(envelope: bytes) -> bytes:
    """The name of an envelope in the clear: SHA-256 of its bytes."""
    return hashlib.sha256(envelope).digest()


def open_envelope(envelope: bytes, private_key: KeyFinder = keys.private_key) -> Opened:
    """`private_key` finds a key by its id. Raises Rejected `unreadable`, `unknown_version` or `unknown_key`, and Unavailable."""
    return _read(unseal(envelope, private_key), digest_of(envelope))


def _read(opened: bytes, digest: bytes) -> Opened:
    try:
        content = _storable(json.loads(opened.decode("utf-8"), parse_constant=_refuse))
        auth, operation = content["auth"], content["operation"]
        write_token = read_token(auth["write"])
        read_hash = bytes.fromhex(auth["read_hash"])
        op_id, kind = uuid.UUID(operation["op_id"]), operation["type"]
        if write_token is None or len(read_hash) != 32 or not isinstance(kind, str):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Rejected("unreadable", "The envelope does not hold an operation.") from None
    _seal_envelopes(operation)
    return Opened(op_id, kind[:40], operation, hashlib.sha256(opened).digest(), digest, write_token, read_hash)


def _seal_envelopes(operation: dict[str, Any]) -> None:
    """From here on nobody's name or number is in an operation: not where it waits, not in quarantine. What is none becomes `false`."""
    body, entity = operation.get("body"), entity_of(operation)
    for part, kind in ENVELOPES.items():
        if isinstance(body, dict) and body.get(part) is not None:
            body[part] = (entity and kind.seal(body[part], report=entity)) or False


def entity_of(operation: dict[str, Any]) -> uuid.UUID | None:
    """The entity that an operation is about, when it says so readably."""
    try:
        return uuid.UUID(operation["entity_id"])
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _storable(value: Any) -> Any:
    """JSON as PostgreSQL can keep it: NUL and lone surrogates become U+FFFD, numbers are finite."""
    if isinstance(value, str):
        return value.replace("\0", "\ufffd").encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_storable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return _refuse(value)
    return value


def _refuse(value: object) -> Any:
    raise ValueError(f"not a JSON number: {value}")
