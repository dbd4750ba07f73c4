"""Promise 5 and bad input: what comes out is a clean recording or a named fault; the report is never held up."""

import io
import uuid

import av
import pytest

from reporting import events
from reporting.cases.models import Case
from reporting.errors import BadUpload
from reporting.media import erasing, processing, recordings, uploads
from reporting.media.decoding import Fault
from reporting.media.models import Medium
from reporting.media.recordings import ANY_RECORDER, Recording, listen
from tests.given import MONDAY, follow
from tests.media.sounds import loudest, recorded
from tests.media.test_pictures import jpeg
from tests.mediators import logged_in
from tests.people import People
from tests.phones import Phone
from tests.sealed import Sealed

LOUD = 3000
SAID = {"title": "secret words", "location": "+39.8833+069.9800/", "creation_time": "2026-11-23T04:00:00Z"}


@pytest.mark.parametrize("container", ["webm", "ogg", "mp4"])
@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_what_phones_record_becomes_one_kind_of_sound(container: str, layout: str) -> None:
    recording = listen(recorded(container, 2, layout=layout))
    assert isinstance(recording, Recording)
    assert 1900 < recording.duration_ms < 2100
    with av.open(io.BytesIO(recording.mp4), "r") as again:
        assert (again.format.name[:7], [stream.codec_context.name for stream in again.streams]) == ("mov,mp4", ["aac"])
        assert again.streams.audio[0].codec_context.layout.name == "mono"
    assert loudest(recording.mp4) > LOUD


OTHERS = [
    ("mp3", "libmp3lame", 44_100),
    ("amr", "libopencore_amrnb", 8_000),
    ("3gp", "libopencore_amrnb", 8_000),
    ("wav", "pcm_s16le", 44_100),
]


@pytest.mark.parametrize(("container", "codec", "rate"), OTHERS, ids=[container for container, *_ in OTHERS])
def test_what_other_recorders_make_is_taken_from_offices_alone(container: str, codec: str, rate: int) -> None:
    content = recorded(container, 2, codec=codec, rate=rate, said=SAID)
    recording = listen(content, by=ANY_RECORDER)
    assert isinstance(recording, Recording)
    assert 1900 < recording.duration_ms < 2200
    assert loudest(recording.mp4) > LOUD
    assert b"secret" not in recording.mp4
    assert listen(content) == Fault("not_a_recording")


@pytest.mark.parametrize("container", ["webm", "ogg", "mp4"])
def test_a_recording_loses_its_words_place_and_time(container: str) -> None:
    told = recorded(container, said=SAID)
    assert b"secret words" in told
    recording = listen(told)
    assert isinstance(recording, Recording)
    assert b"secret" not in recording.mp4
    assert b"+39.88" not in recording.mp4
    with av.open(io.BytesIO(recording.mp4), "r") as again:
        assert set(again.metadata) <= {"major_brand", "minor_version", "compatible_brands"}
        assert set(again.streams[0].metadata) <= {"language", "handler_name", "vendor_id"}


def test_words_inside_the_sound_s_own_packets_are_lost_too() -> None:
    """A phone's encoder writes its name into the first packet; packing anew would keep it."""
    told = recorded("mp4").replace(b"Lavc", b"Tecn")
    assert b"Tecn" in told
    recording = listen(told)
    assert isinstance(recording, Recording)
    assert b"Tecn" not in recording.mp4


def test_what_is_longer_than_it_may_be_is_kept_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    assert recordings.MOST_SECONDS == 180
    monkeypatch.setattr(recordings, "MOST_SECONDS", 2)
    assert listen(recorded("ogg", 2 + recordings.SLACK_SECONDS + 1)) == Fault("too_long")
    assert isinstance(listen(recorded("ogg", 3)), Recording)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"hello", "not_a_recording"),
        (jpeg(), "not_a_recording"),
        (PLAYLIST, "not_a_recording"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "not_a_recording"),
        (recorded("ogg", codec="flac"), "not_a_recording"),
        (recorded("wav", codec="pcm_s16le"), "not_a_recording"),
        (recorded("webm")[:60], "not_a_recording"),
        (b"OggS" + b"\0" * 5000, "not_a_recording"),
        (b"\x1aE\xdf\xa3" + b"\xff" * 5000, "not_a_recording"),
    ],
    ids=["empty", "text", "photo", "playlist", "concat", "flac", "wav", "cut", "zeros", "ones"],
)
def test_what_is_no_recording_is_a_named_fault(content: bytes, code: str) -> None:
    assert listen(content) == Fault(code)


@pytest.mark.parametrize("container", ["webm", "ogg", "mp4"])
def test_a_damaged_recording_never_raises(container: str) -> None:
    never_raises(recorded(container))


@pytest.mark.parametrize(("container", "codec", "rate"), OTHERS, ids=[container for container, *_ in OTHERS])
def test_nor_does_one_of_another_recorder(container: str, codec: str, rate: int) -> None:
    never_raises(recorded(container, 0.3, codec=codec, rate=rate))


def never_raises(whole: bytes) -> None:
    """Wherever it is spoilt or ends: closely where it says what it is, here and there in the sound."""
    for at in [*range(0, min(2_000, len(whole)), 97), *range(2_000, len(whole), 997)]:
        damaged = whole[:at] + bytes(byte ^ 0x5A for byte in whole[at : at + 8]) + whole[at + 8 :]
        assert isinstance(listen(damaged, by=ANY_RECORDER), Recording | Fault)
        assert isinstance(listen(whole[:at], by=ANY_RECORDER), Recording | Fault)


def heard(phone: Phone, content: bytes) -> Medium:
    """A report with one recording that has been decoded."""
    voice = Sealed(content, role="voice", mime="audio/webm")
    assert phone.sync(phone.filed(media=[voice.wanted()]))["results"][0]["status"] == "applied"
    voice.arrive()
    follow()
    processing.drain(now=lambda: MONDAY)
    follow()
    return Medium.objects.get(pk=voice.id)


def test_the_recording_is_heard_by_whoever_may_see_its_case(aijan: Phone, eve_phone: Phone, cast: People) -> None:
    medium = heard(aijan, recorded("webm", said=SAID))
    assert (medium.state, bool(medium.original), medium.key) == ("ready", False, None)
    path = f"/api/v1/media/{medium.pk}/audio"
    for phone in (aijan, logged_in(cast.dilnoza)):
        response = phone.client.get(path, headers={"authorization": phone.bearer})
        assert (response.status_code, response["Content-Type"]) == (200, "audio/mp4")
        assert (response["X-Content-Type-Options"], response["Cache-Control"]) == ("nosniff", "private, no-store")
        assert loudest(response.content) > LOUD
    for phone in (eve_phone, logged_in(cast.meerim)):
        assert phone.client.get(path, headers={"authorization": phone.bearer}).status_code == 404
    assert aijan.client.get(path).status_code == 401
    bearer = {"authorization": aijan.bearer}
    assert aijan.client.get(path.replace("audio", "image"), headers=bearer).status_code == 404
    assert aijan.client.get(f"/api/v1/media/{uuid.uuid4()}/audio", headers=bearer).status_code == 404


def test_a_photo_sent_as_a_recording_is_kept_aside_and_the_report_goes_on(aijan: Phone, cast: People) -> None:
    medium = heard(aijan, jpeg())
    assert (medium.state, medium.fault) == ("unusable", "not_a_recording")
    assert Case.objects.get().status == "assigned"


def test_a_recording_that_was_taken_back_is_gone_and_not_wanted_again(aijan: Phone) -> None:
    voice = Sealed(recorded("webm"), role="voice")
    operation = aijan.filed(media=[voice.wanted()])
    aijan.sync(operation)
    voice.arrive()
    processing.drain(now=lambda: MONDAY)
    sound = Medium.objects.get().sound
    name = str(sound.name)
    assert sound.storage.exists(name)
    with events.unit_of_work():
        erasing.erase_all(entity_id=uuid.UUID(operation["entity_id"]))
    assert erasing.drain() == 1
    assert not sound.storage.exists(name)
    path, bearer = f"/api/v1/media/{voice.id}", {"authorization": aijan.bearer}
    assert aijan.client.get(f"{path}/audio", headers=bearer).status_code == 404
    assert aijan.client.head(path, headers={"tus-resumable": "1.0.0"})["Aryk-Medium-State"] == "received"
    with pytest.raises(BadUpload), events.unit_of_work():
        uploads.append(medium_id=voice.id, offset=0, chunk=voice.content, profile=None, at=MONDAY)
