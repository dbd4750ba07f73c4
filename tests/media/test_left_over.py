"""Promise 5: what a server that was stopped left among the bytes on their way in leaves the disk, and nothing that is still wanted."""

import os
import threading
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from reporting import tasks
from reporting.media import erasing, incoming, processing
from reporting.media.models import Medium
from tests.given import MONDAY
from tests.media.test_pictures import jpeg, sent
from tests.media.test_uploads import CONTENT, announce, send
from tests.people import People
from tests.phones import Phone
from tests.sealed import Sealed


@pytest.fixture
def folder(settings: Settings) -> Path:
    """Where bytes come in."""
    return Path(settings.MEDIA_INCOMING_ROOT)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def an_hour_passes(folder: Path) -> None:
    """For every file that is there."""
    before = time.time() - 3700
    for file in folder.iterdir():
        os.utime(file, (before, before))


def test_a_first_chunk_that_no_row_counts_goes_with_its_report(
    aijan: Phone, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo, write = Sealed(CONTENT[:1000]), incoming.write
    report = aijan.filed(media=[photo.wanted()])
    aijan.sync(report)

    def write_and_die(*args: Any, **kwargs: Any) -> None:
        write(*args, **kwargs)
        raise ZeroDivisionError

    with monkeypatch.context() as dying:
        dying.setattr(incoming, "write", write_and_die)
        assert send(photo.id, 0, photo.content[:600]).status_code == 500
    aijan.sync(aijan.operation("report.withdraw", report["entity_id"], {}))
    assert names(folder) == {str(photo.id)}
    tasks.sweep()
    assert names(folder) == {str(photo.id)}, "whoever is writing has an hour"
    an_hour_passes(folder)
    tasks.sweep()
    assert not names(folder)


def test_the_bytes_of_a_photo_that_is_ready_go_though_the_worker_died(
    aijan: Phone, cast: People, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = sent(aijan, jpeg())

    def die(_medium_id: uuid.UUID) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as dying, pytest.raises(ZeroDivisionError):
        dying.setattr(incoming, "forget", die)
        processing.drain(now=lambda: MONDAY)
    assert Medium.objects.get().state == "ready"
    assert names(folder) == {str(photo.id)}
    an_hour_passes(folder)
    tasks.sweep()
    assert not names(folder)
    with Medium.objects.get().image.open() as picture:
        assert picture.read()


def test_a_file_that_a_power_cut_shortened_goes_with_its_report(aijan: Phone, folder: Path) -> None:
    photo = sent(aijan, jpeg())
    os.truncate(folder / str(photo.id), 10)
    processing.drain(now=lambda: MONDAY)
    medium = Medium.objects.get()
    assert (medium.state, medium.offset) == ("expected", 0)
    an_hour_passes(folder)
    tasks.sweep()
    assert names(folder) == {str(photo.id)}
    aijan.sync(aijan.operation("report.withdraw", medium.entity_id, {}))
    tasks.sweep()
    assert not names(folder)


def test_what_is_in_no_table_goes_and_what_is_still_wanted_stays(aijan: Phone, folder: Path) -> None:
    begun, whole = uuid.uuid4(), uuid.uuid4()
    for medium_id, chunk in ((begun, CONTENT[:10]), (whole, CONTENT[:1000])):
        announce(medium_id, CONTENT[:1000])
        assert send(medium_id, 0, chunk).status_code == 204
    for name in (str(uuid.uuid4()), f"{uuid.uuid4()}{incoming.OTHERS}", "not-ours"):
        (folder / name).write_bytes(b"left")
    an_hour_passes(folder)
    assert erasing.sweep_incoming(at=timezone.now()) == 2
    assert names(folder) == {str(begun), str(whole), "not-ours"}
    assert Medium.objects.count() == 2


def test_a_file_that_cannot_be_removed_keeps_no_other_one(
    db: None, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir()
    stays, goes = uuid.uuid4(), uuid.uuid4()
    for medium_id in (stays, goes):
        (folder / str(medium_id)).write_bytes(b"left")
    an_hour_passes(folder)
    drop = incoming.drop

    def drop_one(medium_id: uuid.UUID, *, apart: bool) -> None:
        if medium_id == stays:
            raise PermissionError
        drop(medium_id, apart=apart)

    monkeypatch.setattr(incoming, "drop", drop_one)
    assert erasing.sweep_incoming(at=timezone.now()) == 1
    assert names(folder) == {str(stays)}
    assert not Medium.objects.exists()


def test_so_many_are_looked_at_and_each_has_its_turn(db: None, folder: Path) -> None:
    folder.mkdir()
    for _ in range(5):
        (folder / str(uuid.uuid4())).write_bytes(b"left")
    later = timezone.now() + timedelta(hours=2)
    assert [erasing.sweep_incoming(at=later, limit=2) for _ in range(4)] == [2, 2, 1, 0]


@pytest.mark.django_db(transaction=True)
def test_who_announces_it_in_that_moment_loses_no_chunk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / str(medium_id := uuid.uuid4())).write_bytes(b"left")
    an_hour_passes(folder)
    codes: list[int] = []

    def upload() -> None:
        codes.extend([announce(medium_id, CONTENT[:1000]).status_code, send(medium_id, 0, CONTENT[:1000]).status_code])
        connection.close()

    phone, forget = threading.Thread(target=upload), incoming.forget

    def forget_late(one: uuid.UUID) -> None:
        phone.start()
        phone.join(0.5)
        forget(one)

    monkeypatch.setattr(incoming, "forget", forget_late)
    assert erasing.sweep_incoming(at=timezone.now()) == 1
    phone.join(20)
    assert codes == [201, 204]
    assert incoming.read(medium_id, size=1000) == CONTENT[:1000]
