"""Promises 2 and 5: what a phone sealed opens here with its report's key, whole and in order, or not at all."""

import base64
import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import pytest

from reporting import events
from reporting.cases.models import Case
from reporting.media import processing, uploads
from reporting.media.models import Medium
from reporting.media.sealing import FRAME, SEALED_FRAME, NotOpened, id_of, unseal
from reporting.sync.models import Quarantined
from tests.given import MONDAY, follow
from tests.mediators import logged_in
from tests.people import People
from tests.phones import Phone
from tests.sealed import Sealed

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "media.json").read_text())


def counted(size: int) -> bytes:
    """The plaintext of the test vectors: byte n is n modulo 251."""
    return bytes(place % 251 for place in range(size))


@pytest.mark.parametrize("vector", VECTORS, ids=[f"{vector['plain_bytes']} bytes" for vector in VECTORS])
def test_the_vectors_open_and_are_what_a_phone_makes(vector: dict[str, Any]) -> None:
    key = base64.urlsafe_b64decode(vector["key"] + "=")
    medium = Sealed(counted(vector["plain_bytes"]), key=key)
    assert medium.id == uuid.UUID(vector["id"]) == id_of(key)
    assert (hashlib.sha256(medium.content).hexdigest(), len(medium.content)) == (vector["sha256"], vector["bytes"])
    assert vector.get("sealed") in (None, medium.content.hex())
    assert unseal(medium.content, key=key, medium_id=medium.id) == medium.plain


LONG = Sealed(counted(3 * FRAME))
FIRST, SECOND, THIRD = (LONG.content[at : at + SEALED_FRAME] for at in range(0, 3 * SEALED_FRAME, SEALED_FRAME))


@pytest.mark.parametrize(
    "sealed",
    [
        b"",
        b"x" * 16,
        FIRST + SECOND,
        FIRST + SECOND + THIRD[:-1],
        SECOND + FIRST + THIRD,
        FIRST + THIRD,
        FIRST + SECOND + SECOND + THIRD,
        LONG.content + b"x",
        LONG.content + THIRD,
        LONG.content + b"x" * 16,
        bytes([FIRST[0] ^ 1]) + LONG.content[1:],
    ],
    ids=[
        "nothing",
        "tag",
        "cut-at-frame",
        "cut",
        "swapped",
        "missing",
        "doubled",
        "byte-more",
        "frame-more",
        "tag-more",
        "changed",
    ],
)
def test_what_is_not_whole_and_in_order_does_not_open(sealed: bytes) -> None:
    with pytest.raises(NotOpened):
        unseal(sealed, key=LONG.key, medium_id=LONG.id)


def test_it_opens_with_its_own_key_and_id_only() -> None:
    assert unseal(LONG.content, key=LONG.key, medium_id=LONG.id) == LONG.plain
    with pytest.raises(NotOpened):
        unseal(LONG.content, key=bytes(32), medium_id=LONG.id)
    with pytest.raises(NotOpened):
        unseal(LONG.content, key=LONG.key, medium_id=uuid.uuid4())


def test_what_does_not_open_is_kept_aside_and_both_sides_are_told(aijan: Phone, cast: People) -> None:
    photo, other = Sealed(b"whatever"), Sealed(b"whatever")
    named = {"sha256": hashlib.sha256(other.content).hexdigest()}
    operation = aijan.filed(media=[photo.wanted(**named)])
    assert aijan.sync(operation)["results"][0]["status"] == "applied"
    with events.unit_of_work():
        uploads.append(medium_id=photo.id, offset=0, chunk=other.content, profile=None, at=MONDAY)
    follow()
    processing.drain(now=lambda: MONDAY)
    follow()
    medium, case = Medium.objects.get(), Case.objects.get()
    assert (medium.state, medium.fault, case.status) == ("unusable", "not_opened", "assigned")
    with medium.original.open() as kept:
        assert kept.read() == other.content
    mine = aijan.sees("report", operation["entity_id"])
    theirs = logged_in(cast.dilnoza).sees("case", case.id)
    assert mine is not None
    assert theirs is not None
    assert mine["media"][0]["state"] == theirs["reports"][0]["media"][0]["state"] == "unusable"


@pytest.mark.parametrize("key", [None, "", "A" * 42, "A" * 44, "é" * 43, "!" * 43, 7])
def test_a_medium_without_a_readable_key_is_invalid(aijan: Phone, key: object) -> None:
    result = aijan.sync(aijan.filed(media=[Sealed(b"x").wanted(key=key)]))["results"][0]
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert "key" in result["detail"]
    assert Quarantined.objects.count() == 1
    assert not Medium.objects.exists()
