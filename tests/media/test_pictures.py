"""Promise 5 and bad input: what comes out is a clean picture or a named fault; the report is never held up."""

import io
import itertools
import os
import struct
import uuid
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from pytest_django import Settings

from reporting import tasks
from reporting.cases.models import Case, Report
from reporting.media import erasing, incoming, processing, showing
from reporting.media.decoding import Fault, Picture, decode
from reporting.media.models import Medium
from reporting.media.sealing import unseal
from tests.given import MONDAY, a_report, follow
from tests.media.test_uploads import at_once
from tests.mediators import logged_in
from tests.people import People
from tests.phones import Phone
from tests.sealed import Sealed


def jpeg(size: tuple[int, int] = (400, 300), **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG", **options)
    return out.getvalue()


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 53.0, 25.0)
    return jpeg(exif=exif, comment=b"secret words")


def png_claiming(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def zip_named_jpg() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_an_image"),
        (b"<svg onload='alert(1)'/>", "not_an_image"),
        (zip_named_jpg(), "not_an_image"),
        (jpeg()[:2000], "broken"),
        (png_claiming(60_000, 60_000), "too_many_pixels"),
        (png_claiming(9_000, 9_000), "too_many_pixels"),
        (png_claiming(500, 500), "broken"),
    ],
    ids=["empty", "text", "svg", "zip", "cut", "bomb", "81-megapixel", "short"],
)
def test_what_is_no_picture_is_a_named_fault(content: bytes, code: str) -> None:
    assert decode(content) == Fault(code)


def test_a_photo_loses_its_place_its_words_and_stands_upright() -> None:
    assert b"secret words" in with_gps()
    picture = decode(with_gps())
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (300, 400)
    again = Image.open(io.BytesIO(picture.jpeg))
    assert not again.getexif()
    assert not {"comment", "icc_profile", "exif", "xmp"} & set(again.info)
    assert b"secret words" not in picture.jpeg


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "HEIF", "AVIF"])
def test_every_kind_of_photo_becomes_a_small_jpeg(kind: str) -> None:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((3000, 1500)).convert("RGB").save(out, kind)
    picture = decode(out.getvalue())
    assert isinstance(picture, Picture)
    assert (picture.width, picture.height) == (1280, 640)
    assert Image.open(io.BytesIO(picture.jpeg)).format == "JPEG"


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA", "CMYK", "I;16", "1"])
def test_every_colour_mode_is_understood(mode: str) -> None:
    out = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (20, 20)).save(out, kind)
    assert isinstance(decode(out.getvalue()), Picture)


def sent(phone: Phone, content: bytes) -> Medium:
    """A report with one photo, whose bytes have arrived."""
    photo = Sealed(content)
    assert phone.sync(phone.filed(media=[photo.wanted()]))["results"][0]["status"] == "applied"
    photo.arrive()
    return Medium.objects.get(pk=photo.id)


def test_a_good_photo_is_kept_clean_and_its_original_is_gone(aijan: Phone, cast: People) -> None:
    medium = sent(aijan, with_gps())
    follow()
    assert processing.drain(now=lambda: MONDAY) == 1
    follow()
    medium.refresh_from_db()
    assert (medium.state, medium.fault, bool(medium.original), medium.key) == ("ready", "", False, None)
    seen = aijan.sees("report", medium.entity_id)
    assert seen is not None
    assert [item["state"] for item in seen["media"]] == ["ready"]


def test_a_bad_photo_is_kept_aside_and_both_sides_are_told(aijan: Phone, cast: People) -> None:
    medium = sent(aijan, b"this is no photo")
    follow()
    processing.drain(now=lambda: MONDAY)
    follow()
    medium.refresh_from_db()
    assert (medium.state, medium.fault) == ("unusable", "not_an_image")
    with medium.original.open() as kept:
        assert unseal(kept.read(), key=bytes(medium.key or b""), medium_id=medium.pk) == b"this is no photo"
    case = Case.objects.get()
    assert case.status == "assigned"
    mine = aijan.sees("report", medium.entity_id)
    theirs = logged_in(cast.dilnoza).sees("case", case.id)
    assert mine is not None
    assert theirs is not None
    assert mine["media"][0]["state"] == theirs["reports"][0]["media"][0]["state"] == "unusable"


def test_a_dead_worker_s_claim_lapses_and_two_never_share_one(aijan: Phone) -> None:
    sent(aijan, jpeg())
    assert processing.claim_next(at=MONDAY) is not None
    assert processing.claim_next(at=MONDAY) is None
    later = MONDAY + timedelta(minutes=6)
    assert processing.claim_next(at=later) is not None


@pytest.mark.django_db(transaction=True)
def test_workers_who_look_at_once_claim_one_each(aijan: Phone) -> None:
    media = {sent(aijan, jpeg()).pk for _ in range(4)}
    claimed = at_once(6, lambda: processing.claim_next(at=MONDAY))
    assert sorted(one.pk for one in claimed if one) == sorted(media)
    assert claimed.count(None) == 2


def test_nobody_waits_for_all_that_one_phone_has_sent(aijan: Phone, eve_phone: Phone) -> None:
    many = [sent(aijan, jpeg()) for _ in range(9)]
    few = [sent(eve_phone, jpeg()) for _ in range(2)]
    claimed = [processing.claim_next(at=MONDAY) for _ in range(4)]
    assert set(claimed[:2]) == set(few)
    assert set(claimed[2:]) < set(many)


def test_bytes_that_kill_the_worker_are_given_up_on(aijan: Phone) -> None:
    medium = sent(aijan, jpeg())
    at = MONDAY
    for _ in range(3):
        processing.claim_next(at=at)
        at += timedelta(minutes=6)
    processing.drain(now=lambda: at)
    medium.refresh_from_db()
    assert (medium.state, medium.fault) == ("unusable", "broken")


def test_bytes_that_are_gone_are_asked_for_again(aijan: Phone, cast: People) -> None:
    photo = Sealed(jpeg())
    report = aijan.filed(media=[photo.wanted()])
    aijan.sync(report)
    photo.arrive()
    incoming.forget(photo.id)
    processing.drain(now=lambda: MONDAY)
    follow()
    seen = aijan.sees("report", report["entity_id"])
    assert seen is not None
    assert seen["media"][0]["state"] == "expected"
    photo.arrive()
    processing.drain(now=lambda: MONDAY)
    assert Medium.objects.get().state == "ready"


def kept_files() -> list[str]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def left_by_a_dead_worker(medium: Medium) -> str:
    """It wrote the picture and died before the row named it."""
    return default_storage.save(f"images/{medium.pk}.jpg", ContentFile(b"half a pic"))


def test_what_a_dead_worker_left_is_written_over(aijan: Phone) -> None:
    medium = sent(aijan, jpeg())
    left = left_by_a_dead_worker(medium)
    processing.drain(now=lambda: MONDAY)
    medium.refresh_from_db()
    assert (medium.state, medium.image.name, kept_files()) == ("ready", left, [left])
    assert (Path(settings.MEDIA_ROOT) / left).read_bytes() != b"half a pic"


def test_what_a_dead_worker_left_of_a_withdrawn_report_goes(aijan: Phone) -> None:
    medium = sent(aijan, jpeg())
    left_by_a_dead_worker(medium)
    aijan.sync(aijan.operation("report.withdraw", medium.entity_id, {}))
    erasing.drain()
    assert kept_files() == []


def undeletable(medium: Medium, monkeypatch: pytest.MonkeyPatch) -> None:
    real = default_storage.delete

    def delete(name: str) -> None:
        if str(medium.pk) in name:
            raise PermissionError(name)
        real(name)

    monkeypatch.setattr(default_storage, "delete", delete)


def test_a_photo_that_cannot_be_removed_keeps_no_other_one_here(aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes = sent(aijan, jpeg()), sent(aijan, jpeg())
    processing.drain(now=lambda: MONDAY)
    for medium in (stays, goes):
        aijan.sync(aijan.operation("report.withdraw", medium.entity_id, {}))
    undeletable(stays, monkeypatch)
    tasks.wake()
    assert [Path(name).stem for name in kept_files()] == [str(stays.pk)]
    monkeypatch.undo()
    tasks.wake()
    assert kept_files() == []


def test_a_photo_that_was_withdrawn_while_it_was_decoded_goes_though_that_fails_at_first(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(aijan, jpeg())
    real = processing._keep

    def keep(medium: Medium, outcome: Picture | Fault, content: bytes) -> None:
        real(medium, outcome, content)
        aijan.sync(aijan.operation("report.withdraw", medium.entity_id, {}))
        erasing.drain()
        real(medium, outcome, content)
        undeletable(medium, monkeypatch)

    monkeypatch.setattr(processing, "_keep", keep)
    processing.drain(now=lambda: MONDAY)
    assert len(kept_files()) == 1
    monkeypatch.undo()
    erasing.drain()
    assert kept_files() == []


def test_what_is_reported_while_a_photo_is_decoded_is_routed_before_the_next(
    aijan: Phone, eve_phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        sent(eve_phone, jpeg())
    real, reports = processing.process, list[Report]()

    def process(medium: Medium, *, at: datetime) -> bool:
        assert all(Case.objects.get(pk=report.case_id).status == "assigned" for report in reports)
        reports.append(a_report(aijan, {"danger": True}))
        return real(medium, at=at)

    monkeypatch.setattr(processing, "process", process)
    tasks.wake()
    assert len(reports) == 3


def test_a_worker_whose_claim_lapsed_leaves_it_to_the_next(aijan: Phone) -> None:
    medium = sent(aijan, jpeg())
    slow, quick = (processing.claim_next(at=MONDAY + timedelta(minutes=later)) for later in (0, 6))
    assert slow is not None
    assert quick is not None
    processing.process(slow, at=MONDAY)
    medium.refresh_from_db()
    assert (medium.state, kept_files()) == ("received", [])
    processing.process(quick, at=MONDAY)
    medium.refresh_from_db()
    assert medium.state == "ready"


def test_a_claim_runs_from_its_own_moment(aijan: Phone) -> None:
    """Fifty photos take longer than one claim lasts."""
    for _ in range(2):
        sent(aijan, jpeg())
    tick = itertools.count()
    processing.drain(now=lambda: MONDAY + timedelta(minutes=4) * next(tick))
    until = list(Medium.objects.order_by("claimed_until").values_list("claimed_until", flat=True))
    assert until == [MONDAY + processing.LEASE, MONDAY + timedelta(minutes=8) + processing.LEASE]


@pytest.mark.parametrize("folder", ["MEDIA_ROOT", "MEDIA_INCOMING_ROOT"])
def test_a_folder_that_is_away_costs_no_photo(aijan: Phone, settings: Settings, folder: str) -> None:
    medium = sent(aijan, jpeg())
    there = getattr(settings, folder)
    (there.parent / "a-file").write_bytes(b"")
    setattr(settings, folder, there.parent / "a-file")
    at = MONDAY
    for _ in range(6):
        assert processing.drain(now=lambda: at) == 0  # noqa: B023 - asked at once
        at += timedelta(minutes=6)
    setattr(settings, folder, there)
    assert processing.drain(now=lambda: at) == 1
    medium.refresh_from_db()
    assert (medium.state, medium.fault) == ("ready", "")


def test_a_file_is_on_the_disk_before_its_row_says_so(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    held: list[int] = []
    monkeypatch.setattr("os.fsync", lambda handle: held.append(os.fstat(handle).st_ino))
    path = Path(settings.MEDIA_ROOT) / default_storage.save("images/a.jpg", ContentFile(b"a"))
    assert {held_by.stat().st_ino for held_by in (path, path.parent, path.parent.parent)} <= set(held)


def test_the_picture_is_shown_to_whoever_may_see_its_case(aijan: Phone, eve_phone: Phone, cast: People) -> None:
    medium = sent(aijan, jpeg())
    follow()
    processing.drain(now=lambda: MONDAY)
    path = f"/api/v1/media/{medium.pk}/image"
    for phone in (aijan, logged_in(cast.dilnoza)):
        response = phone.client.get(path, headers={"authorization": phone.bearer, "accept": "image/jpeg"})
        assert response.status_code == 200
        assert Image.open(io.BytesIO(response.content)).format == "JPEG"
        assert "no-store" in response["Cache-Control"]
    for phone in (eve_phone, logged_in(cast.meerim)):
        assert phone.client.get(path, headers={"authorization": phone.bearer}).status_code == 404
    assert aijan.client.get(path).status_code == 401


def test_a_preview_stands_in_for_its_photo_until_that_is_ready(aijan: Phone) -> None:
    photo, preview, lone = Sealed(jpeg()), Sealed(jpeg((40, 30)), role="preview"), Sealed(jpeg())
    aijan.sync(aijan.filed(media=[medium.wanted() for medium in (photo, preview, lone)]))

    def shown() -> list[uuid.UUID]:
        return [medium.pk for medium in showing.worth_showing(Medium.objects.order_by("position"))]

    assert shown() == [photo.id, lone.id]
    preview.arrive()
    processing.drain(now=lambda: MONDAY)
    assert shown() == [photo.id, preview.id, lone.id]
    photo.arrive()
    processing.drain(now=lambda: MONDAY)
    assert shown() == [photo.id, lone.id]
