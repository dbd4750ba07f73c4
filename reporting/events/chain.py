"""The hash chain of a stream: pure functions over what an event row holds."""

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from reporting.events.models import Event

GENESIS = bytes(32)


def digest(*, salt: bytes, data: Any) -> bytes:
    """SHA-256 over the salt and the canonical JSON of `data`; cannot be guessed back once the salt is erased."""
    return hashlib.sha256(salt + json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).digest()


def link(
    *, previous: bytes, stream: uuid.UUID, number: int, kind: str, actor: str, at: datetime, digest: bytes
) -> bytes:
    """The hash of one event: over its predecessor's hash and everything that is never erased. 32 bytes."""
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = [previous.hex(), str(stream), number, kind, actor, instant, digest.hex()]
    return hashlib.sha256(json.dumps(fields, separators=(",", ":")).encode()).digest()


def first_fault(events: Iterable[Event]) -> str | None:
    """What is wrong with a stream's events, given in order of `number`; None when the chain holds."""
    previous, expected = GENESIS, 1
    for event in events:
        if event.number != expected:
            return f"event {expected} is missing"
        if bytes(event.previous) != previous or bytes(event.hash) != _hash_of(event):
            return f"event {event.number} was changed"
        kept = event.data is not None and event.salt is not None
        if kept and digest(salt=bytes(event.salt or b""), data=event.data) != bytes(event.digest):
            return f"the content of event {event.number} was changed"
        previous, expected = bytes(event.hash), expected + 1
    return None


def _hash_of(event: Event) -> bytes:
    return link(
        previous=bytes(event.previous),
        stream=event.stream,
        number=event.number,
        kind=event.kind,
        actor=event.actor,
        at=event.at,
        digest=bytes(event.digest),
    )
