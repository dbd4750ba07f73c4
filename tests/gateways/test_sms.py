"""A report that comes by SMS: sealed, in part, once; completed by its operation, by whatever road that comes."""

import json
import os
import uuid
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from reporting import tasks
from reporting.cases.models import Case, Report
from reporting.events.models import Event
from reporting.gateways import parts, replies
from reporting.gateways.models import DayKey, Nonce, Part, Replies, Seen
from reporting.people.models import Profile
from reporting.routing import alarms
from reporting.routing.models import Alarm
from reporting.sync import keys, partials, quarantine
from reporting.sync.models import Operation, Partial, Quarantined
from reporting.sync.sms import MOST_CHARACTERS, link_of
from tests.admin.test_cases import logged_in as logged_in_staff
from tests.given import a_report
from tests.people import People
from tests.phones import JSON, Phone
from tests.texting import LETTERS, NUMBER, Gateway, form, packed, sms
from tests.valley import Valley

VECTORS = Path(__file__).resolve().parents[1] / "vectors"
WORDS = "Суу жок, Ак-Сай. Ҷӯй хушк. Suv yoʻq"


def test_a_report_in_an_sms_opens_a_case_with_everything_it_says(aijan: Phone, gateway: Gateway) -> None:
    body = {"text": WORDS, "danger": True, "about_office": "okmotu", "language": "tg", "audience": "office"}
    operation = aijan.filed(body | {"happened": {"when": "date", "date": "2026-11-20"}})
    text = sms(form(aijan, operation))
    assert len(text) <= MOST_CHARACTERS
    assert gateway.brings(text) == f"ARYK {operation['body']['receipt'][-4:]}: OK"
    report = Report.objects.get()
    assert (report.text, report.danger, report.language) == (WORDS, True, "tg")
    assert (report.category.code, report.village.code) == ("water-gate", "05-B-1-1")
    assert report.about_office is not None
    assert report.about_office.code == "okmotu"
    assert (report.audience, report.track, report.happened_on) == ("office", "signal", date(2026, 11, 20))
    assert report.receipt == operation["body"]["receipt"]
    assert abs(report.filed_at - datetime.fromtimestamp(operation["wall_ms"] / 1000, UTC)) < timedelta(minutes=1)
    assert report.partial
    assert report.case.excluded.get() == report.about_office


def test_an_sms_is_taken_from_a_gateway_that_wishes_for_text(aijan: Phone, gateway: Gateway) -> None:
    content, headers = gateway.signed({"number": NUMBER, "text": sms(form(aijan, aijan.filed()))})
    address, kind = "/api/v1/gateways/sms", "application/json"
    answer = Client().post(address, content, content_type=kind, headers=headers | {"accept": "text/plain"})
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)
    assert Report.objects.get().partial


def test_the_longest_sms_has_306_characters_and_150_letters(aijan: Phone, gateway: Gateway) -> None:
    text = sms(form(aijan, aijan.filed(), text="ж" * 150, cut=True))
    assert len(text) == MOST_CHARACTERS
    gateway.brings(text)
    assert Report.objects.get().text == "ж" * 150 + "…"


def test_every_letter_of_the_four_languages_is_one_byte(aijan: Phone, gateway: Gateway) -> None:
    for at in range(0, len(LETTERS), 40):
        gateway.brings(sms(form(aijan, aijan.filed(), text=LETTERS[at : at + 40])))
    assert "".join(Report.objects.order_by("received_at").values_list("text", flat=True)) == LETTERS


def test_an_sms_that_names_an_unknown_village_is_kept_where_a_person_reads_it(aijan: Phone, gateway: Gateway) -> None:
    gateway.brings(sms(form(aijan, aijan.filed({"village": "nowhere", "text": "Help"}))))
    kept = Quarantined.objects.get()
    assert kept.code == "unknown_village"
    assert kept.content is not None
    assert kept.content["text"] == "Help"
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("ky", "жеткен жок"), ("ru", "не дошло"), ("tg", "нарасид"), ("uz", "yetib bormadi"), ("en", "not delivered")],
)
@pytest.mark.parametrize("wrong", [{"village": "nowhere"}, {"category": "nothing"}, {"about_office": "nobody"}])
def test_what_is_set_aside_is_not_called_good(
    wrong: JSON, language: str, words: str, aijan: Phone, gateway: Gateway
) -> None:
    operation = aijan.filed(wrong | {"language": language})
    reply = gateway.brings(sms(form(aijan, operation)))
    assert reply == f"ARYK {operation['body']['receipt'][-4:]}: {words}"
    assert gateway.brings(sms(form(aijan, operation))) == reply, "once more, as the first time"


def test_a_receipt_that_is_another_s_is_not_called_good(aijan: Phone, eve_phone: Phone, gateway: Gateway) -> None:
    first = eve_phone.filed()
    assert str(gateway.brings(sms(form(eve_phone, first)))).endswith(": OK")
    reply = gateway.brings(sms(form(aijan, aijan.filed({"receipt": first["body"]["receipt"]}))))
    assert str(reply).endswith(": жеткен жок")


def test_danger_that_is_set_aside_rings_for_whom_may_know_of_it(
    aijan: Phone, gateway: Gateway, valley: Valley, cast: People
) -> None:
    gateway.brings(sms(form(aijan, aijan.filed({"village": "nowhere"}))))
    assert not Alarm.objects.exists()
    lost = {"village": "nowhere", "danger": True}
    for _ in range(2):
        gateway.brings(sms(form(aijan, aijan.filed(lost))))
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.office) == ("danger_aside", None)
    for user, hears in ((cast.olga, True), (cast.meerim, True), (cast.dilnoza, False), (cast.bakyt, False)):
        assert alarms.seen_by(user).exists() is hears
    alarms.clear(alarm=alarm, by=cast.meerim, reason="Called the rayon.", at=timezone.now())
    gateway.brings(sms(form(aijan, aijan.filed(lost | {"about_office": "mediation-national"}))))
    assert alarms.seen_by(cast.olga).filter(cleared_at=None).count() == 1
    assert not alarms.seen_by(cast.meerim).filter(cleared_at=None).exists(), "it is about her office"
    shown = logged_in_staff(cast.olga).get("/admin/reporting/alarm/").content.decode()
    assert "mediation-national" not in shown


def test_danger_that_a_phone_sent_and_was_refused_rings_too(aijan: Phone, cast: People, valley: Valley) -> None:
    refused = aijan.filed({"village": "nowhere", "danger": True})
    assert aijan.sync(refused)["results"][0]["status"] == "rejected"
    assert Alarm.objects.get().kind == "danger_aside"
    aijan.sync(refused)
    assert Alarm.objects.count() == 1
    about = aijan.filed({"about_office": "okmotu"})
    aijan.sync(about, about | {"body": about["body"] | {"about_office": None, "danger": True}})
    assert Alarm.objects.exclude(office=None).get().office == valley.okmotu, "the same report, said otherwise"


def test_danger_that_waits_in_vain_rings_when_it_is_shown(aijan: Phone) -> None:
    never = aijan.filed()["op_id"]
    aijan.sync(aijan.filed({"danger": True}, parent_op=never))
    assert not Alarm.objects.exists()
    later = timezone.now() + timedelta(days=8)
    for _ in range(2):
        quarantine.show_what_waits(at=later)
    assert Alarm.objects.get().kind == "danger_aside"


@pytest.mark.parametrize("text", ["Салам", "ARYK1", "ARYK1A", "ARYK2Aabc", "ARYK1A" + "/" * 300, "ARYK1Aж"])
def test_what_cannot_be_read_is_kept_and_answered(text: str, gateway: Gateway) -> None:
    assert gateway.brings(text) == "ARYK: ?"
    assert Quarantined.objects.get().code in {"unreadable", "unknown_version", "unknown_key"}


def test_any_changed_character_is_noticed(aijan: Phone, gateway: Gateway) -> None:
    text = sms(form(aijan, aijan.filed()))
    for at in (7, 40, 60, len(text) - 2):
        gateway.brings(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    assert not Report.objects.exists()


def test_an_sms_to_the_key_before_is_still_read(aijan: Phone, gateway: Gateway) -> None:
    text = sms(form(aijan, aijan.filed()))
    keys.rotate(at=timezone.now())
    gateway.brings(text)
    assert Report.objects.count() == 1


def halves(text: str) -> list[dict[str, Any]]:
    return [{"text": text[at * 153 : at * 153 + 153], "ref": 7, "part": at + 1, "parts": 2} for at in (0, 1)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 0, 1, 1, 0), (1, 0, 1)])
def test_parts_come_in_any_order_and_doubled(order: tuple[int, ...], aijan: Phone, gateway: Gateway) -> None:
    pieces = halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))
    replied = [gateway.brings(**pieces[at]) for at in order]
    assert Report.objects.get().text == WORDS * 4
    assert sum(reply is not None for reply in replied) == 1
    assert not Part.objects.exists()
    parts.expire(at=timezone.now() + timedelta(days=5))
    assert not Quarantined.objects.exists()
    assert not Seen.objects.exists()


def test_who_sends_it_once_more_is_answered_once_more(aijan: Phone, gateway: Gateway) -> None:
    pieces = halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))
    first = [gateway.brings(**piece) for piece in pieces]
    again = [gateway.brings(**piece | {"ref": 8}) for piece in pieces]
    assert first == again
    assert Report.objects.count() == 1


def test_once_it_is_answered_nothing_here_comes_from_the_number(aijan: Phone, gateway: Gateway) -> None:
    """Whoever has this server and its SECRET_KEY could try every number there is."""
    pieces = halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))
    for piece in pieces:
        gateway.brings(**piece)
    assert not Part.objects.exists()
    assert Seen.objects.count() == 2
    assert gateway.brings(**pieces[0], number="+996700000002") is None
    assert (Part.objects.count(), Seen.objects.count()) == (0, 2)


def test_what_counts_replies_is_nothing_without_the_key_of_its_day(aijan: Phone, gateway: Gateway) -> None:
    gateway.brings("hello")
    gateway.brings("hello")
    assert Replies.objects.get().count == 2
    replies.forget(at=timezone.now())
    assert DayKey.objects.exists()
    DayKey.objects.all().delete()
    gateway.brings("hello")
    assert Replies.objects.count() == 2
    replies.forget(at=timezone.now() + timedelta(days=1))
    assert not DayKey.objects.exists()
    assert not Replies.objects.exists()


def test_parts_of_two_phones_are_not_mixed(aijan: Phone, eve_phone: Phone, gateway: Gateway) -> None:
    texts = [sms(form(phone, phone.filed({"text": WORDS * 4}))) for phone in (aijan, eve_phone)]
    for piece in (0, 1):
        for text, number in zip(texts, (NUMBER, "+996700000002"), strict=True):
            gateway.brings(**halves(text)[piece], number=number)
    assert Report.objects.count() == 2


def test_a_number_is_the_same_with_its_plus_and_without(aijan: Phone, gateway: Gateway, settings: Settings) -> None:
    first, second = halves(sms(form(aijan, aijan.filed())))
    assert gateway.brings(**first, number=NUMBER) is None
    assert str(gateway.brings(**second, number=NUMBER.removeprefix("+"))).endswith("OK")
    settings.SMS_REPLIES_PER_DAY = 1
    assert gateway.brings("hello", number=NUMBER) is None


def test_a_reference_that_comes_again_is_another_message(aijan: Phone, gateway: Gateway) -> None:
    for _ in range(2):
        for piece in halves(sms(form(aijan, aijan.filed({"text": WORDS * 4})))):
            gateway.brings(**piece)
    assert Report.objects.count() == 2


def test_a_part_that_never_comes_is_shown_to_a_person(aijan: Phone, gateway: Gateway) -> None:
    gateway.brings(**halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))[1])
    parts.expire(at=timezone.now() + timedelta(days=2))
    assert not Quarantined.objects.exists()
    parts.expire(at=timezone.now() + timedelta(days=4))
    kept = Quarantined.objects.get()
    assert (kept.code, kept.detail[:20]) == ("incomplete", "1 of 2 parts of an S")
    assert not Part.objects.exists()


def test_nothing_of_the_words_stays_of_a_part_that_came_alone(aijan: Phone, gateway: Gateway) -> None:
    """Nobody could take them back: a part names no report. Whoever has the key reads the first one."""
    part = halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))[0]
    gateway.brings(**part)
    parts.expire(at=timezone.now() + timedelta(days=4))
    kept = Quarantined.objects.get()
    assert (kept.raw, kept.content) == (None, {"parts": 1, "of": 2})


def test_parts_that_stay_alone_keep_no_other_sms_out(
    aijan: Phone, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_WAITING", 2)
    for ref in range(4):
        gateway.brings(f"lone {ref}", ref=ref, part=1, parts=2, number="+996700000002")
    assert (Part.objects.count(), Quarantined.objects.count()) == (2, 2)
    replied = [gateway.brings(**piece) for piece in halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))]
    assert [reply is not None for reply in replied] == [False, True]
    assert Report.objects.get().text == WORDS * 4


def test_parts_that_stay_alone_fill_no_quarantine(
    gateway: Gateway, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "MOST_WAITING", 1)
    settings.NOBODYS_MOST = 2
    for ref in range(5):
        assert gateway.brings(f"lone {ref}", ref=ref, part=1, parts=2) is None
    assert (Part.objects.count(), Quarantined.objects.count()) == (1, 2)
    parts.expire(at=timezone.now() + timedelta(days=4))
    assert (Part.objects.count(), Quarantined.objects.count()) == (0, 2)


def test_many_sms_keep_no_new_phone_out(aijan: Phone, gateway: Gateway, settings: Settings) -> None:
    settings.NEW_PROFILES_PER_HOUR = 1
    for _ in range(3):
        gateway.brings(sms(form(aijan, aijan.filed())))
    assert (Report.objects.count(), Profile.objects.count()) == (3, 3)
    assert aijan.sync(aijan.filed())["results"][0]["status"] == "applied"


def test_a_message_that_could_not_be_dealt_with_is_still_there_when_it_comes_again(
    aijan: Phone, gateway: Gateway, settings: Settings
) -> None:
    pieces = halves(sms(form(aijan, aijan.filed({"text": WORDS * 4}))))
    gateway.brings(**pieces[0])
    there, settings.KEY_FILE = settings.KEY_FILE, "/nowhere"
    assert gateway.post({"number": NUMBER, **pieces[1]}).status_code == 503
    settings.KEY_FILE = there
    assert gateway.brings(**pieces[1])
    assert Report.objects.count() == 1


def test_replies_to_a_number_end_for_the_day(aijan: Phone, gateway: Gateway, settings: Settings) -> None:
    settings.SMS_REPLIES_PER_DAY = 2
    text = sms(form(aijan, aijan.filed()))
    assert [bool(gateway.brings(text)) for _ in range(4)] == [True, True, False, False]
    assert gateway.brings(text, number="+996700000002")


def test_the_number_is_kept_nowhere(aijan: Phone, gateway: Gateway) -> None:
    text = sms(form(aijan, aijan.filed({"text": WORDS * 4})))
    for piece in halves(text):
        gateway.brings(**piece)
    gateway.brings("hello")
    with connection.cursor() as cursor:
        for model in (
            Part,
            Seen,
            Replies,
            DayKey,
            Nonce,
            Partial,
            Report,
            Case,
            Event,
            Quarantined,
            Profile,
            Operation,
        ):
            cursor.execute(f'SELECT row_to_json(t)::text FROM "{model._meta.db_table}" t')  # noqa: S608
            assert not [row for (row,) in cursor.fetchall() if NUMBER[1:] in row]


def test_yesterday_s_replies_are_forgotten(gateway: Gateway, aijan: Phone) -> None:
    gateway.brings("hello")
    Replies.objects.update(day=timezone.now().date() - timedelta(days=2))
    gateway.brings("hello", number="+996700000002")
    assert Replies.objects.count() == 1


def test_a_step_of_the_sweep_that_fails_keeps_nothing_that_must_go(gateway: Gateway, aijan: Phone) -> None:
    report = a_report(aijan)
    gateway.brings("hello")
    DayKey.objects.update(day=timezone.now().date() - timedelta(days=2))
    Replies.objects.update(day=timezone.now().date() - timedelta(days=2))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE reporting_seen RENAME TO elsewhere")  # what puts SMS together cannot go on
    tasks.sweep()
    assert not Replies.objects.exists()
    assert not DayKey.objects.exists()
    assert Case.objects.get(pk=report.case_id).status == "assigned"


@pytest.mark.parametrize(
    "forged",
    [
        {"signature": "0" * 64},
        {"signature": ""},
        {"signature": "ж"},
        {"timestamp": "1000"},
        {"timestamp": "soon"},
        {"nonce": "short"},
        {"nonce": "x" * 65},
    ],
)
def test_a_request_that_is_not_a_gateway_s_is_refused(forged: dict[str, str], gateway: Gateway) -> None:
    response = gateway.post({"number": NUMBER, "text": "hello"}, **forged)
    assert (response.status_code, response.json()["code"]) == (401, "gateway_refused")
    assert not Quarantined.objects.exists()


def test_a_gateway_nobody_knows_and_one_with_another_secret_are_refused(valley: Valley) -> None:
    for stranger in (Gateway(name="stranger", secret=""), Gateway(secret="another-secret-of-thirty-two-characters")):
        assert stranger.post({"number": NUMBER, "text": "hello"}).status_code == 401


def test_the_same_request_twice_is_a_replay(gateway: Gateway) -> None:
    body = {"number": NUMBER, "text": "hello"}
    assert [gateway.post(body, nonce="n" * 20).status_code for _ in range(2)] == [200, 401]


def test_when_an_sms_came_is_forgotten_though_no_other_comes(gateway: Gateway) -> None:
    gateway.brings("hello")
    replies.forget(at=timezone.now() + timedelta(minutes=9))
    assert Nonce.objects.exists()
    replies.forget(at=timezone.now() + timedelta(minutes=11))
    assert not Nonce.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"number": "Eve", "text": "hello"},
        {"number": NUMBER, "text": ""},
        {"number": NUMBER, "text": "x" * 321},
        {"number": NUMBER, "text": "hello", "part": 3, "parts": 2, "ref": 1},
        {"number": NUMBER, "text": "hello", "part": 1, "parts": 2},
        {"number": NUMBER, "text": "hello", "part": 1, "parts": 99, "ref": 1},
    ],
)
def test_a_malformed_sms_is_refused_in_words(body: Any, gateway: Gateway) -> None:
    response = gateway.post(body)
    assert response.status_code == 400
    assert response.json()["detail"]


def test_a_body_without_end_is_cut_off(gateway: Gateway) -> None:
    assert gateway.post({"number": NUMBER, "text": "x" * 5000}).status_code == 413


def test_no_content_that_somebody_seals_makes_it_stumble(aijan: Phone, valley: Valley) -> None:
    whole = form(aijan, aijan.filed())
    for content in [whole[:at] for at in range(len(whole))] + [os.urandom(40) for _ in range(50)]:
        partials.accept(sms(content), at=timezone.now())
    assert packed("Aж") == b"A\xa6"


def test_the_vector_is_read(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    vector, sealed = (json.loads((VECTORS / name).read_text()) for name in ("sms.json", "sealed.json"))
    phone = Phone(secret=bytes.fromhex(sealed["secret"]))
    assert form(phone, vector["operation"]).hex() == vector["form"]
    withdraw = vector["withdraw"]
    assert withdraw["body"]["sms_link"] == link_of(phone.write, uuid.UUID(vector["operation"]["op_id"])).hex()
    assert withdraw["entity_id"] == vector["operation"]["entity_id"]
    private = ec.derive_private_key(int(sealed["private"], 16), ec.SECP256R1())
    monkeypatch.setattr(keys, "ids", lambda: [bytes.fromhex(sealed["key_id"])])
    monkeypatch.setattr(keys, "private_key", lambda _key_id: private)
    assert partials.accept(vector["sms"], at=timezone.now())
    operation, report = vector["operation"], Report.objects.get()
    assert (report.text, report.receipt, report.partial) == (
        operation["body"]["text"],
        operation["body"]["receipt"],
        True,
    )
