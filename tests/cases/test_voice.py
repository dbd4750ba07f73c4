"""Promise 4 for who does not write: what is said after a report may be said aloud, by either side, and is heard by who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from reporting.cases.models import Answer, Case, Inquiry, Note, Reply
from reporting.media import erasing, processing
from reporting.media.models import Medium
from reporting.people.models import User
from tests.given import MONDAY, a_routed_case, an_answered_case, follow
from tests.media.sounds import loudest, recorded
from tests.media.test_pictures import jpeg
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone
from tests.sealed import Sealed

LOUD = 3000


def voice() -> Sealed:
    return Sealed(recorded("webm"), role="voice", mime="audio/webm")


def say(phone: Phone, case: Case, kind: str, body: JSON, *media: Sealed, **changes: object) -> JSON:
    wanted = [one.wanted() for one in media]
    operation = phone.operation(kind, case.reports.get().id, body, media=wanted, **changes)
    result: JSON = phone.sync(operation)["results"][0]
    return result


def decode(*media: Sealed) -> None:
    for one in media:
        one.arrive()
    processing.drain(now=lambda: MONDAY)
    follow()


def seen(phone: Phone, case: Case) -> JSON:
    found = phone.sees("report", case.reports.get().id)
    assert found is not None
    return found


def listens(phone: Phone, medium_id: object) -> int:
    response = phone.client.get(f"/api/v1/media/{medium_id}/audio", headers={"authorization": phone.bearer})
    assert response.status_code == 404 or loudest(response.content) > LOUD
    return response.status_code


def officer(client: Client, cast: People, case: Case, act: str, **said: object) -> int:
    client.force_login(cast.bakyt)
    return client.post(reverse(f"admin:case_{act}", args=[case.pk]), {"language": "ky", **said}).status_code


def file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("said.webm", content)


def test_a_reply_by_voice_is_heard_by_the_office_the_mediator_and_who_said_it(
    aijan: Phone, eve_phone: Phone, cast: People, client: Client
) -> None:
    case, said = a_routed_case(aijan), voice()
    assert say(aijan, case, "report.reply", {"text": "", "language": "ky"}, said)["status"] == "applied"
    (told,) = seen(aijan, case)["talk"]
    assert (told["media"], seen(aijan, case)["media"]) == (
        [{"id": str(said.id), "role": "voice", "state": "expected"}],
        [],
    )
    decode(said)
    assert seen(aijan, case)["talk"][0]["media"][0]["state"] == "ready"
    followed = logged_in(cast.dilnoza)
    assert followed.sees("case", case.id)["talk"][0]["media"][0]["id"] == str(said.id)  # type: ignore[index]
    assert [listens(phone, said.id) for phone in (aijan, followed, eve_phone)] == [200, 200, 404]
    client.force_login(cast.bakyt)
    page = client.get(reverse("admin:reporting_case_change", args=[case.pk])).content.decode()
    address = reverse("admin:case_medium", args=[case.pk, said.id])
    assert page.count(f'src="{address}"') == 1
    assert client.get(address)["Content-Type"] == "audio/mp4"


def test_why_it_is_not_solved_may_be_said_aloud(aijan: Phone, cast: People, client: Client) -> None:
    case, said = an_answered_case(aijan, cast.bakyt), voice()
    assert say(aijan, case, "report.dispute", {"reason": ""}, said)["status"] == "applied"
    decode(said)
    assert Note.objects.get().kind == "dispute"
    client.force_login(cast.bakyt)
    page = client.get(reverse("admin:reporting_case_change", args=[case.pk])).content.decode()
    assert reverse("admin:case_medium", args=[case.pk, said.id]) in page
    followed = logged_in(cast.dilnoza)
    (dispute,) = followed.sees("case", case.id)["disputes"]  # type: ignore[index]
    assert (dispute["text"], [one["id"] for one in dispute["media"]]) == ("", [str(said.id)])
    assert listens(followed, said.id) == 200
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    assert followed.sees("case", case.id)["disputes"] == []  # type: ignore[index]


def test_the_phone_hears_that_what_it_disputed_aloud_is_to_be_sent(aijan: Phone, cast: People) -> None:
    case, said = an_answered_case(aijan, cast.bakyt), voice()
    say(aijan, case, "report.dispute", {"reason": ""}, said)
    assert seen(aijan, case)["media"] == [{"id": str(said.id), "role": "voice", "state": "expected"}]
    say(aijan, case, "report.reply", {"text": "", "language": "ky"}, voice())
    decode(said)
    assert seen(aijan, case)["media"] == [{"id": str(said.id), "role": "voice", "state": "ready"}]


@pytest.mark.parametrize("nothing", ["", " \n"])
@pytest.mark.parametrize("kind", ["report.reply", "report.dispute"])
def test_nothing_said_is_refused_and_so_is_a_photo(aijan: Phone, cast: People, kind: str, nothing: str) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    body = {"text": nothing, "reason": nothing, "language": "ky"}
    assert say(aijan, case, kind, body)["code"] == "invalid"
    assert say(aijan, case, kind, body, Sealed(jpeg()))["code"] == "invalid"
    assert not Reply.objects.exists()


def test_a_recording_stays_with_the_word_that_named_it_first(aijan: Phone) -> None:
    case, said = a_routed_case(aijan), voice()
    for text in ("First.", "Second."):
        say(aijan, case, "report.reply", {"text": text, "language": "ky"}, said)
    assert [len(one["media"]) for one in seen(aijan, case)["talk"]] == [1, 0]


def test_a_reply_that_another_phone_names_alike_takes_nobody_s_recording(aijan: Phone, eve_phone: Phone) -> None:
    mine, theirs, said = a_routed_case(aijan), a_routed_case(eve_phone), voice()
    say(aijan, mine, "report.reply", {"text": "", "language": "ky"}, said)
    op_id = str(Reply.objects.get().op_id)
    say(eve_phone, theirs, "report.reply", {"text": "Mine.", "language": "ky"}, op_id=op_id)
    assert seen(eve_phone, theirs)["talk"][0]["media"] == []


def test_what_was_taken_back_takes_its_recordings_along(aijan: Phone) -> None:
    case, said = a_routed_case(aijan), voice()
    say(aijan, case, "report.reply", {"text": "", "language": "ky"}, said)
    decode(said)
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    assert Medium.objects.get().state == "erased"
    erasing.drain()
    assert (listens(aijan, said.id), seen(aijan, case)["talk"]) == (404, [])


@pytest.mark.parametrize(("act", "model"), [("ask", Inquiry), ("answer", Answer)])
def test_an_office_asks_and_answers_by_voice(
    aijan: Phone, eve_phone: Phone, cast: People, client: Client, act: str, model: type[Inquiry | Answer]
) -> None:
    case = a_routed_case(aijan)
    secret = recorded("webm", said={"title": "secret words"})
    assert officer(client, cast, case, act, recording=file(secret)) == 302
    assert model.objects.get().text == ""
    (told,) = seen(aijan, case)["talk" if act == "ask" else "answers"]
    (medium,) = told["media"]
    assert (medium["role"], medium["state"]) == ("voice", "ready")
    assert [listens(phone, medium["id"]) for phone in (aijan, logged_in(cast.dilnoza), eve_phone)] == [200, 200, 404]
    with Medium.objects.get().sound.open() as kept:
        assert b"secret" not in kept.read()
    page = client.get(reverse("admin:reporting_case_change", args=[case.pk])).content.decode()
    assert reverse("admin:case_medium", args=[case.pk, medium["id"]]) in page


@pytest.mark.parametrize("content", [jpeg(), b"x", recorded("webm", 190)], ids=["photo", "rubbish", "too long"])
def test_what_cannot_be_played_is_refused_in_words_and_nothing_is_sent(
    aijan: Phone, cast: People, client: Client, content: bytes
) -> None:
    case = a_routed_case(aijan)
    assert officer(client, cast, case, "answer", text="Words.", recording=file(content)) == 422
    assert officer(client, cast, case, "answer", text=" ") == 422
    assert not (Answer.objects.exists() or Medium.objects.exists())


def test_who_may_not_answer_leaves_no_recording_behind(aijan: Phone, cast: People, client: Client, tmp_path) -> None:  # type: ignore[no-untyped-def]
    case = an_answered_case(aijan, cast.bakyt)
    assert officer(client, cast, case, "ask", recording=file(recorded("webm"))) == 409
    assert not Medium.objects.exists()


@pytest.mark.parametrize(("text", "told"), [("", True), ("The gate is closed.", False)])
def test_who_spoke_and_wrote_nothing_is_to_be_answered_by_voice(
    aijan: Phone, cast: People, client: Client, text: str, told: bool
) -> None:
    spoken = voice()
    operation = aijan.filed({"text": text}, media=[spoken.wanted()])
    aijan.sync(operation)
    decode(spoken)
    case = Case.objects.get()
    address = reverse("admin:reporting_case_change", args=[case.pk])

    def is_told(user: User) -> bool:
        client.force_login(user)
        return "Үн менен айткан" in client.get(address).content.decode()

    assert is_told(cast.bakyt) is told
    assert not is_told(cast.dilnoza), "she has a copy and answers nothing"
    aijan.sync(aijan.operation("report.withdraw", operation["entity_id"], {}))
    assert not is_told(cast.bakyt)
