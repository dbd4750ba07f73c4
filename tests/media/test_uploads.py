"""Promises 1 and 2: bytes come in chunks, over bad links and crashes, and arrive whole or not at all."""

import base64
import hashlib
import os
import threading
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from reporting import events
from reporting.media import incoming, uploads
from reporting.media.models import Medium
from tests.given import MONDAY
from tests.phones import Phone

CONTENT = os.urandom(300_000)
TUS = {"tus-resumable": "1.0.0"}


def announce(medium_id: uuid.UUID, content: bytes = CONTENT, **changes: str) -> Any:
    digest = changes.pop("sha256", hashlib.sha256(content).hexdigest())
    fields = {"id": str(medium_id), "sha256": digest, "mime": "image/jpeg"}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())
    headers = TUS | {"upload-length": str(len(content)), "upload-metadata": metadata} | changes
    return Client().post("/api/v1/media", headers=headers)


def send(medium_id: uuid.UUID, offset: int, chunk: bytes, **changes: str) -> Any:
    return Client().patch(
        f"/api/v1/media/{medium_id}",
        chunk,
        content_type="application/offset+octet-stream",
        headers=TUS | {"upload-offset": str(offset)} | changes,
    )


def standing(medium_id: uuid.UUID) -> tuple[str, str]:
    response = Client().head(f"/api/v1/media/{medium_id}", headers=TUS)
    assert response.status_code == 200
    return response["Upload-Offset"], response["Aryk-Medium-State"]


def test_a_medium_arrives_in_chunks(db: None) -> None:
    medium_id = uuid.uuid4()
    created = announce(medium_id)
    assert (created.status_code, created["Location"]) == (201, f"/api/v1/media/{medium_id}")
    assert send(medium_id, 0, CONTENT[:200_000])["Upload-Offset"] == "200000"
    assert standing(medium_id) == ("200000", "expected")
    assert send(medium_id, 200_000, CONTENT[200_000:]).status_code == 204
    assert standing(medium_id) == ("300000", "received")
    assert incoming.read(medium_id, size=300_000) == CONTENT


def test_announcing_twice_is_one_upload(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id)
    send(medium_id, 0, CONTENT[:1000])
    again = announce(medium_id)
    assert (again.status_code, again["Upload-Offset"]) == (200, "1000")


def test_the_same_id_for_other_bytes_is_a_conflict(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id)
    assert announce(medium_id, b"other").status_code == 409


def test_a_wrong_offset_is_told_the_right_one_and_changes_nothing(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id)
    send(medium_id, 0, CONTENT[:1000])
    for offset in (0, 999, 1001, 250_000):
        refused = send(medium_id, offset, b"x" * 10)
        assert (refused.status_code, refused["Upload-Offset"]) == (409, "1000")


def test_wrong_bytes_start_again(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id, CONTENT[:10])
    refused = send(medium_id, 0, b"0123456789")
    assert (refused.status_code, refused["Upload-Offset"]) == (460, "0")
    assert send(medium_id, 0, CONTENT[:10]).status_code == 204
    assert standing(medium_id)[1] == "received"


def test_a_crash_between_file_and_row_is_overwritten_by_the_truth(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id, CONTENT[:1000])
    send(medium_id, 0, CONTENT[:400])
    with pytest.raises(ZeroDivisionError), events.unit_of_work():
        uploads.append(medium_id=medium_id, offset=400, chunk=b"x" * 300, at=MONDAY)
        raise ZeroDivisionError
    assert standing(medium_id) == ("400", "expected")
    assert send(medium_id, 400, CONTENT[400:1000]).status_code == 204
    assert standing(medium_id)[1] == "received"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_sending_the_same_chunk_write_it_once() -> None:
    medium_id = uuid.uuid4()
    announce(medium_id, CONTENT[:1000])
    start, codes = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(10)
            codes.append(send(medium_id, 0, CONTENT[:500]).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(codes) == [204, 409]


def test_a_chunk_over_the_limit_or_past_the_end_is_too_large(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id)
    assert send(medium_id, 0, b"x" * 262_145).status_code == 413
    announce(short := uuid.uuid4(), b"12345")
    assert send(short, 0, b"123456").status_code == 413


def test_what_nobody_named_is_bounded(db: None, settings: Settings) -> None:
    settings.MEDIA_UNBOUND_MAX_BYTES = 400_000
    assert announce(uuid.uuid4()).status_code == 201
    refused = announce(uuid.uuid4())
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (429, "later", "60")


def test_a_medium_over_the_limit_is_refused_at_once(db: None, settings: Settings) -> None:
    settings.MEDIUM_MAX_BYTES = 1000
    assert announce(uuid.uuid4()).status_code == 413


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"tus-resumable": "0.2"}, 412),
        ({"upload-length": "-1"}, 400),
        ({"upload-length": "99999999999"}, 400),
        ({"upload-metadata": "id !!!"}, 400),
        ({"upload-metadata": ""}, 400),
        ({"sha256": "zz"}, 400),
        ({"authorization": "Bearer x"}, 401),
    ],
)
def test_a_malformed_announcement_is_a_clear_answer(db: None, changes: dict[str, str], status: int) -> None:
    response = announce(uuid.uuid4(), CONTENT, **changes)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert not Medium.objects.exists()


def test_an_unknown_medium_is_not_found(db: None) -> None:
    assert send(uuid.uuid4(), 0, b"x").status_code == 404
    assert Client().head(f"/api/v1/media/{uuid.uuid4()}", headers=TUS).status_code == 404


def test_what_is_spoken_is_said(db: None) -> None:
    response = Client().options("/api/v1/media")
    assert (response["Tus-Version"], response["Tus-Extension"]) == ("1.0.0", "creation")


def wanted(medium_id: uuid.UUID, content: bytes) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    size = len(content)
    return {"id": str(medium_id), "key": None, "sha256": digest, "bytes": size, "mime": "image/jpeg", "role": "photo"}


def test_a_photo_may_come_before_its_report(aijan: Phone) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id, b"12345")
    send(medium_id, 0, b"12345")
    operation = aijan.filed(media=[wanted(medium_id, b"12345")])
    aijan.sync(operation)
    medium = Medium.objects.get()
    assert (str(medium.entity_id), medium.state, medium.role) == (operation["entity_id"], "received", "photo")


def test_a_carrier_who_occupies_an_id_makes_room_for_the_author(aijan: Phone) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id, b"rubbish")
    send(medium_id, 0, b"rubbish")
    aijan.sync(aijan.filed(media=[wanted(medium_id, b"12345")]))
    assert standing(medium_id) == ("0", "expected")
    assert announce(medium_id, b"12345").status_code == 200
    assert send(medium_id, 0, b"12345").status_code == 204


def test_another_s_medium_cannot_be_taken_by_naming_it(aijan: Phone, eve_phone: Phone) -> None:
    medium_id = uuid.uuid4()
    mine = aijan.filed(media=[wanted(medium_id, b"12345")])
    aijan.sync(mine)
    theirs = eve_phone.filed(media=[wanted(medium_id, b"other")])
    assert eve_phone.sync(theirs)["results"][0]["status"] == "applied"
    medium = Medium.objects.get()
    assert str(medium.entity_id) == mine["entity_id"]
    assert medium.size == 5
