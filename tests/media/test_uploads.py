"""Promises 1 and 2: bytes come in chunks, over bad links and crashes, and arrive whole or not at all."""

import base64
import hashlib
import os
import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any, TypeVar

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from api.media import Upload
from reporting import events
from reporting.media import erasing, incoming, processing, uploads
from reporting.media.models import Medium
from tests.given import MONDAY
from tests.phones import Phone
from tests.sealed import Sealed

T = TypeVar("T")
CONTENT = os.urandom(300_000)
TUS = {"tus-resumable": "1.0.0"}


def announce(medium_id: uuid.UUID, content: bytes = CONTENT, **changes: str) -> Any:
    return Client().post("/api/v1/media", headers=announcement(medium_id, content, **changes))


def announcement(medium_id: uuid.UUID, content: bytes, **changes: str) -> dict[str, str]:
    """The headers that announce a medium."""
    digest = changes.pop("sha256", hashlib.sha256(content).hexdigest())
    fields = {"id": str(medium_id), "sha256": digest, "mime": changes.pop("mime", "image/jpeg")}
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())
    return TUS | {"upload-length": str(len(content)), "upload-metadata": metadata} | changes


def send(medium_id: uuid.UUID, offset: int, chunk: bytes, **changes: str) -> Any:
    return Client().patch(
        f"/api/v1/media/{medium_id}",
        chunk,
        content_type="application/offset+octet-stream",
        headers=TUS | {"upload-offset": str(offset)} | changes,
    )


def standing(medium_id: uuid.UUID, **headers: str) -> tuple[str, str]:
    response = Client().head(f"/api/v1/media/{medium_id}", headers=TUS | headers)
    assert response.status_code == 200
    return response["Upload-Offset"], response["Aryk-Medium-State"]


def at_once(times: int, ask: Callable[[], T]) -> list[T]:
    """What each of several got who asked in the same moment."""
    start, codes = threading.Barrier(times), list[T]()

    def work() -> None:
        try:
            start.wait(10)
            codes.append(ask())
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return codes


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
        uploads.append(medium_id=medium_id, offset=400, chunk=b"x" * 300, profile=None, at=MONDAY)
        raise ZeroDivisionError
    assert standing(medium_id) == ("400", "expected")
    assert send(medium_id, 400, CONTENT[400:1000]).status_code == 204
    assert standing(medium_id)[1] == "received"


@pytest.mark.django_db(transaction=True)
def test_two_tabs_sending_the_same_chunk_write_it_once() -> None:
    announce(medium_id := uuid.uuid4(), CONTENT[:1000])
    assert sorted(at_once(2, lambda: send(medium_id, 0, CONTENT[:500]).status_code)) == [204, 409]
    assert incoming.read(medium_id, size=500) == CONTENT[:500]


def test_a_chunk_over_the_limit_or_past_the_end_is_too_large(db: None) -> None:
    medium_id = uuid.uuid4()
    announce(medium_id)
    assert send(medium_id, 0, b"x" * 262_145).status_code == 413
    announce(short := uuid.uuid4(), b"12345")
    assert send(short, 0, b"123456").status_code == 413


def test_what_nobody_named_is_bounded(aijan: Phone, settings: Settings) -> None:
    settings.MEDIA_UNBOUND_MAX_BYTES = 400_000
    first, second = uuid.uuid4(), uuid.uuid4()
    for medium_id in (first, second):
        assert announce(medium_id).status_code == 201
    assert send(first, 0, CONTENT[:200_000]).status_code == send(first, 200_000, CONTENT[200_000:]).status_code == 204
    refused = send(second, 0, CONTENT[:200_000])
    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (429, "later", "60")
    named = Sealed(CONTENT)
    aijan.sync(aijan.filed(media=[named.wanted()]))
    assert send(named.id, 0, named.content[:200_000]).status_code == 204


def test_announcements_alone_keep_nobody_out(db: None, settings: Settings) -> None:
    settings.MEDIA_UNBOUND_MAX_BYTES = 400_000
    for _ in range(5):
        announce(uuid.uuid4())
    announce(medium_id := uuid.uuid4())
    assert send(medium_id, 0, CONTENT[:200_000]).status_code == 204


def test_the_oldest_announcement_makes_room_and_its_phone_announces_again(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_ANNOUNCED", 2)
    named = Sealed(b"named")
    aijan.sync(aijan.filed(media=[named.wanted()]))
    begun, wrong, *others = (uuid.uuid4() for _ in range(5))
    assert announce(begun).status_code == 201
    assert send(begun, 0, CONTENT[:10]).status_code == 204
    assert announce(wrong, CONTENT[:10]).status_code == 201
    assert send(wrong, 0, b"0123456789").status_code == 460
    assert [announce(other).status_code for other in others] == [201, 201, 201]
    assert set(Medium.objects.values_list("pk", flat=True)) == {named.id, begun, *others[1:]}
    assert send(others[0], 0, CONTENT[:10]).status_code == 404
    assert announce(others[0]).status_code == 201
    assert send(others[0], 0, CONTENT[:10]).status_code == 204
    assert announce(named.id, named.content).status_code == 200


def test_bytes_that_were_not_those_announced_stay_on_no_disk(db: None) -> None:
    announce(medium_id := uuid.uuid4(), CONTENT[:10])
    assert send(medium_id, 0, b"0123456789").status_code == 460
    assert incoming.read(medium_id, size=1) is None


def test_a_byte_of_each_of_many_takes_the_room_of_more(db: None, settings: Settings) -> None:
    settings.MEDIA_UNBOUND_MAX_BYTES = 3 * uploads.LEAST_ROOM
    for medium_id in (ids := [uuid.uuid4() for _ in range(4)]):
        announce(medium_id)
    assert [send(medium_id, 0, b"x").status_code for medium_id in ids] == [204, 204, 204, 429]


@pytest.mark.parametrize("foreign", ["filename " + "QUJD" * 500, "thumb /w==", "broken !!", "flag"])
def test_what_another_client_says_of_a_medium_is_passed_over(foreign: str, db: None) -> None:
    headers = announcement(medium_id := uuid.uuid4(), CONTENT)
    headers["upload-metadata"] = f"{foreign},{headers['upload-metadata']}"
    assert Client().post("/api/v1/media", headers=headers).status_code == 201
    assert standing(medium_id) == ("0", "expected")


def test_what_nobody_names_is_dropped_after_a_month_and_may_come_again(aijan: Phone) -> None:
    photo = Sealed(CONTENT[:1000])
    announce(photo.id, photo.content)
    send(photo.id, 0, photo.content)
    named = Sealed(b"named")
    aijan.sync(aijan.filed(media=[named.wanted()]))
    now = Medium.objects.get(pk=photo.id).created_at
    assert uploads.drop_unnamed(at=now + timedelta(days=29)) == 0
    assert uploads.drop_unnamed(at=now + timedelta(days=31)) == 1
    assert [medium.pk for medium in Medium.objects.all()] == [named.id]
    assert incoming.read(photo.id, size=1) is None
    aijan.sync(operation := aijan.filed(media=[photo.wanted()]))
    seen = aijan.sees("report", operation["entity_id"])
    assert seen is not None
    assert seen["media"][0]["state"] == "expected"
    assert send(photo.id, 0, photo.content).status_code == 204


def test_a_medium_over_the_limit_is_refused_at_once(db: None, settings: Settings) -> None:
    settings.MEDIUM_MAX_BYTES = 1000
    assert announce(uuid.uuid4()).status_code == 413


def test_a_medium_that_its_report_names_over_the_limit_is_said_to_be_unusable(aijan: Phone, settings: Settings) -> None:
    settings.MEDIUM_MAX_BYTES = 1000
    photo = Sealed(CONTENT[:1200])
    assert aijan.sync(aijan.filed(media=[photo.wanted()]))["results"][0]["status"] == "applied"
    assert standing(photo.id) == ("0", "unusable"), "not received: no byte of it came"
    assert send(photo.id, 0, photo.content).status_code == announce(photo.id, photo.content).status_code == 413


def test_more_of_what_was_received_is_refused_in_words_that_say_so(db: None) -> None:
    announce(medium_id := uuid.uuid4(), b"12345")
    send(medium_id, 0, b"12345")
    refused = send(medium_id, 0, b"12345")
    assert (refused.status_code, refused["Upload-Offset"]) == (409, "5")
    assert refused.json()["detail"] == "This medium was received already."


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"tus-resumable": "0.2"}, 412),
        ({"upload-length": "-1"}, 400),
        ({"upload-length": "99999999999"}, 400),
        ({"upload-metadata": "id !!!"}, 400),
        ({"upload-metadata": ""}, 400),
        ({"sha256": "zz"}, 400),
        ({"mime": "image/\0jpeg"}, 400),
        ({"mime": "image/ф"}, 400),
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


@pytest.mark.parametrize(("headers", "status"), [(TUS, 404), ({}, 412)])
def test_who_asks_where_it_stands_is_refused_without_words(db: None, headers: dict[str, str], status: int) -> None:
    """A body after HEAD is an error of the server's, which the web server writes down. The test client would hide it."""
    asked = RequestFactory().head(f"/api/v1/media/{(unknown := uuid.uuid4())}", headers=headers)
    answer = Upload.as_view()(asked, medium_id=unknown).render()
    assert (answer.status_code, answer.content) == (status, b"")


class Slow(BytesIO):
    """A body that is still coming. Remembers how much was asked of the database before the first of it was read."""

    asked: int | None = None

    def read(self, *args: Any) -> bytes:
        if self.asked is None:
            self.asked = len(connection.queries_log)
        return super().read(*args)


def test_nothing_is_asked_of_the_database_before_a_chunk_is_here(aijan: Phone) -> None:
    """A thread that waits for a slow phone would hold a connection meanwhile."""
    aijan.sync()
    announce(medium_id := uuid.uuid4(), b"abc")
    body = Slow(b"abc")
    headers = TUS | {"upload-offset": "0", "authorization": aijan.bearer}
    request = RequestFactory().patch(
        f"/api/v1/media/{medium_id}", b"abc", content_type="application/offset+octet-stream", headers=headers
    )
    request.environ["wsgi.input"] = request._stream = body
    with CaptureQueriesContext(connection):
        connection.queries_log.clear()
        answer = Upload.as_view()(request, medium_id=medium_id)
    assert (answer.status_code, body.asked) == (204, 0)
    assert standing(medium_id) == ("3", "received")


def test_what_is_spoken_is_said(db: None) -> None:
    response = Client().options("/api/v1/media")
    assert (response["Tus-Version"], response["Tus-Extension"]) == ("1.0.0", "creation,checksum")
    assert response["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_chunk_that_was_changed_on_its_way_is_thrown_away(db: None, algorithm: str) -> None:
    announce(medium_id := uuid.uuid4(), CONTENT[:1000])
    send(medium_id, 0, CONTENT[:400])
    sum_of_next = base64.b64encode(hashlib.new(algorithm, CONTENT[400:1000]).digest()).decode()
    checksum = {"upload-checksum": f"{algorithm} {sum_of_next}"}
    refused = send(medium_id, 400, CONTENT[401:1001], **checksum)
    assert (refused.status_code, refused.json()["title"]) == (460, "Checksum mismatch")
    assert standing(medium_id) == ("400", "expected")
    assert send(medium_id, 400, CONTENT[400:1000], **checksum).status_code == 204
    assert standing(medium_id) == ("1000", "received")


@pytest.mark.parametrize("checksum", ["md5 AAAA", "sha1 !!", "sha1", ""])
def test_a_checksum_that_cannot_be_read_is_a_clear_answer(db: None, checksum: str) -> None:
    announce(medium_id := uuid.uuid4(), CONTENT[:10])
    refused = send(medium_id, 0, CONTENT[:10], **{"upload-checksum": checksum})
    assert refused.status_code in (400, 460)
    assert standing(medium_id) == ("0", "expected")


def test_whoever_cannot_send_patch_may_say_so(db: None) -> None:
    announce(medium_id := uuid.uuid4(), CONTENT[:10])
    path, kind = f"/api/v1/media/{medium_id}", "application/offset+octet-stream"
    headers = TUS | {"upload-offset": "0"}
    assert Client().post(path, CONTENT[:10], content_type=kind, headers=headers).status_code == 405
    instead = headers | {"x-http-method-override": "PATCH"}
    assert Client().post(path, CONTENT[:10], content_type=kind, headers=instead).status_code == 204
    assert standing(medium_id)[1] == "received"


def test_a_photo_may_come_before_its_report(aijan: Phone) -> None:
    photo = Sealed(b"12345")
    announce(photo.id, photo.content)
    send(photo.id, 0, photo.content)
    assert processing.drain(now=lambda: MONDAY) == 0, "without its report there is no key"
    operation = aijan.filed(media=[photo.wanted()])
    aijan.sync(operation)
    medium = Medium.objects.get()
    assert (str(medium.entity_id), medium.state, medium.role) == (operation["entity_id"], "received", "photo")


def test_a_carrier_who_occupies_an_id_makes_room_for_the_author(aijan: Phone) -> None:
    photo = Sealed(b"12345")
    announce(photo.id, b"rubbish")
    send(photo.id, 0, b"rubbish")
    aijan.sync(aijan.filed(media=[photo.wanted()]))
    assert standing(photo.id) == ("0", "expected")
    assert incoming.read(photo.id, size=1) is None
    assert announce(photo.id, b"rubbish").status_code == 409
    assert announce(photo.id, photo.content).status_code == 200
    assert send(photo.id, 0, photo.content).status_code == 204
    assert standing(photo.id)[1] == "received"


def test_bytes_slipped_in_between_the_author_s_cost_one_more_start(aijan: Phone) -> None:
    photo = Sealed(b"12345")
    aijan.sync(aijan.filed(media=[photo.wanted()]))
    slipped = bytes([photo.content[0] ^ 1])
    assert send(photo.id, 0, slipped).status_code == 204
    assert announce(photo.id, photo.content)["Upload-Offset"] == "1"
    started = send(photo.id, 1, photo.content[1:])
    assert (started.status_code, started["Upload-Offset"]) == (460, "0")
    assert send(photo.id, 0, photo.content).status_code == 204
    assert standing(photo.id)[1] == "received"


def slipped_in_between(author: Phone) -> tuple[Sealed, dict[str, str]]:
    """A photo of a report that is here, and its author's bearer, after somebody made the author start once more."""
    photo, bearer = Sealed(CONTENT[:1000]), {"authorization": author.bearer}
    author.sync(author.filed(media=[photo.wanted()]))
    assert send(photo.id, 0, b"x").status_code == 204
    assert standing(photo.id, **bearer)[0] == "1", "so far all who bring it go on where it stands"
    started = send(photo.id, 1, photo.content[1:], **bearer)
    assert (started.status_code, started["Upload-Offset"]) == (460, "0")
    return photo, bearer


@pytest.mark.parametrize("eve_has_a_bearer", [False, True])
def test_who_goes_on_slipping_bytes_in_hinders_the_author_once(
    aijan: Phone, eve_phone: Phone, eve_has_a_bearer: bool
) -> None:
    photo, bearer = slipped_in_between(aijan)
    eve = {"authorization": eve_phone.bearer} if eve_has_a_bearer else {}
    assert send(photo.id, 0, b"x", **eve).status_code == 204
    assert announce(photo.id, photo.content, **bearer)["Upload-Offset"] == "0"
    assert send(photo.id, 0, photo.content[:600], **bearer)["Upload-Offset"] == "600"
    refused = send(photo.id, 600, b"x" * 400, **eve)
    assert (refused.status_code, refused["Upload-Offset"]) == (409, "1")
    rubbish = send(photo.id, 1, b"x" * (len(photo.content) - 1), **eve)
    assert (rubbish.status_code, rubbish["Upload-Offset"]) == (460, "0")
    assert standing(photo.id, **eve) == ("0", "expected")
    assert send(photo.id, 0, b"x", **eve).status_code == 204
    assert standing(photo.id, **bearer) == ("600", "expected")
    assert send(photo.id, 600, photo.content[600:], **bearer).status_code == 204
    assert standing(photo.id, **bearer) == standing(photo.id, **eve) == (str(len(photo.content)), "received")
    assert incoming.read(photo.id, size=len(photo.content)) == photo.content
    assert incoming.read(photo.id, size=1, apart=True) is None


def test_what_the_author_began_holds_up_nobody_who_carries_it(aijan: Phone) -> None:
    photo, bearer = slipped_in_between(aijan)
    assert send(photo.id, 0, photo.content[:600], **bearer).status_code == 204
    assert standing(photo.id) == ("0", "expected")
    for offset in (0, 500):
        assert send(photo.id, offset, photo.content[offset : offset + 500]).status_code == 204
    assert send(photo.id, 1000, photo.content[1000:]).status_code == 204
    assert standing(photo.id, **bearer) == (str(len(photo.content)), "received")
    assert incoming.read(photo.id, size=len(photo.content)) == photo.content
    assert incoming.read(photo.id, size=1, apart=True) is None


def test_a_crash_as_somebody_else_s_bytes_are_taken_for_it_loses_neither(aijan: Phone) -> None:
    photo, bearer = slipped_in_between(aijan)
    send(photo.id, 0, photo.content[:600], **bearer)
    send(photo.id, 0, photo.content[:900])
    with pytest.raises(ZeroDivisionError), events.unit_of_work():
        uploads.append(medium_id=photo.id, offset=900, chunk=photo.content[900:], profile=None, at=MONDAY)
        raise ZeroDivisionError
    assert (standing(photo.id)[0], standing(photo.id, **bearer)[0]) == ("900", "600")
    assert send(photo.id, 600, photo.content[600:], **bearer).status_code == 204
    assert standing(photo.id)[1] == "received"
    assert incoming.read(photo.id, size=len(photo.content)) == photo.content


def test_what_others_brought_of_a_withdrawn_report_s_photo_is_erased_too(aijan: Phone) -> None:
    photo, _ = slipped_in_between(aijan)
    send(photo.id, 0, photo.content[:600])
    aijan.sync(aijan.operation("report.withdraw", Medium.objects.get().entity_id, {}))
    assert erasing.drain() == 1
    assert incoming.read(photo.id, size=1, apart=True) is None
    assert erasing.drain() == 0


def test_another_s_medium_cannot_be_taken_by_naming_it_first(aijan: Phone, eve_phone: Phone) -> None:
    """Whoever carries it knows its id and bytes, but not the key that gives the id."""
    photo = Sealed(b"12345")
    theirs = eve_phone.filed(media=[Sealed(b"other").wanted(id=str(photo.id))])
    result = eve_phone.sync(theirs)["results"][0]
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    mine = aijan.filed(media=[photo.wanted()])
    aijan.sync(mine)
    medium = Medium.objects.get()
    assert str(medium.entity_id) == mine["entity_id"]
    assert (medium.size, medium.key) == (5 + 16, photo.key)


def test_a_medium_stays_with_the_report_that_named_it_first(aijan: Phone) -> None:
    photo = Sealed(b"12345")
    first, second = (aijan.filed(media=[photo.wanted()]) for _ in range(2))
    assert [result["status"] for result in aijan.sync(first, second)["results"]] == ["applied", "applied"]
    assert str(Medium.objects.get().entity_id) == first["entity_id"]


@pytest.mark.django_db(transaction=True)
def test_two_carriers_announcing_one_medium_at_once_make_one_upload() -> None:
    medium_id = uuid.uuid4()
    assert sorted(at_once(4, lambda: announce(medium_id, CONTENT[:1000]).status_code)) == [200, 200, 200, 201]
    assert Medium.objects.count() == 1
