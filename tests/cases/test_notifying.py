"""Promises 4 and 5: the reporter may be told that there is news; where to is shown to nobody, and kept no longer than the case lasts."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from reporting import events
from reporting.cases import work
from reporting.cases.envelopes import NotifyAddress
from reporting.cases.lifecycle import MOVES, move
from reporting.cases.models import Case, Report, Status
from reporting.cases.notifying import address_for_notices
from reporting.errors import Unavailable
from reporting.events.models import Event
from reporting.people import addresses
from reporting.sync.models import Operation, Quarantined
from tests.cases.test_appeals import whole_database
from tests.given import a_report, a_routed_case, an_answered_case
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone

NUMBER = "+996555000001"
VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "addresses.json").read_text())
ENDED = (Status.SOLVED, Status.UNCONFIRMED, Status.WITHDRAWN)


def word(phone: Phone, report: Report, address: object = NUMBER, /, **changes: object) -> JSON:
    return phone.operation("report.notify", report.id, {"notify": address}, **changes)


def say(phone: Phone, *operations: JSON) -> JSON:
    result: JSON = phone.sync(*operations)["results"][-1]
    return result


def told_of(phone: Phone, report: Report) -> object:
    seen = phone.sees("report", report.id)
    assert seen is not None
    return seen["notify"]


def test_who_sends_notices_is_given_it(aijan: Phone) -> None:
    report = a_report(aijan)
    assert address_for_notices(report.id) is None
    assert told_of(aijan, report) is False
    assert say(aijan, word(aijan, report))["status"] == "applied"
    assert address_for_notices(report.id) == NUMBER
    assert told_of(aijan, report) is True


def test_the_reporter_takes_it_back_or_gives_another(aijan: Phone) -> None:
    report = a_report(aijan)
    say(aijan, word(aijan, report), word(aijan, report, "aijan@example.org"))
    assert address_for_notices(report.id) == "aijan@example.org"
    say(aijan, word(aijan, report, None))
    assert not NotifyAddress.objects.exists()
    assert told_of(aijan, report) is False


def test_an_older_word_that_comes_late_brings_nothing_back(aijan: Phone) -> None:
    report = a_report(aijan)
    given, taken_back = word(aijan, report), word(aijan, report, None)
    assert say(aijan, taken_back, given)["status"] == "applied"
    assert not NotifyAddress.objects.exists()


def test_the_phone_hears_of_it_and_the_case_is_as_it_was(aijan: Phone) -> None:
    report = a_report(aijan)
    aijan.sync()
    before = (report.case.version, report.case.changed_at)
    reply = aijan.sync(word(aijan, report))
    assert [change["data"]["notify"] for change in reply["changes"]] == [True]
    report.case.refresh_from_db()
    assert (report.case.version, report.case.changed_at) == before


def test_only_the_reporter_says_where_to(aijan: Phone, eve_phone: Phone) -> None:
    report = a_report(aijan)
    assert say(eve_phone, word(eve_phone, report))["code"] == "not_yours"
    say(aijan, word(aijan, report))
    assert say(eve_phone, word(eve_phone, report, None))["code"] == "not_yours"
    assert address_for_notices(report.id) == NUMBER


@pytest.mark.parametrize("status", Status)
def test_it_is_gone_with_the_step_that_ends_the_case(aijan: Phone, status: Status) -> None:
    """Whatever the table allows, by the one function that moves a case."""
    report, other = a_report(aijan), a_report(aijan)
    say(aijan, word(aijan, report), word(aijan, other))
    for before in (one for one in Status if status in MOVES[one]):
        case = Case(pk=report.case_id, status=before)
        move(case, status)
        assert (address_for_notices(report.id) is None) == (status in ENDED)
    assert address_for_notices(other.id) == NUMBER


def test_it_is_gone_when_the_reporter_is_content(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    report = case.reports.get()
    say(aijan, word(aijan, report), aijan.operation("report.confirm", report.id, {}))
    assert Case.objects.get().status == Status.SOLVED
    assert not NotifyAddress.objects.exists()
    assert told_of(aijan, report) is False


def test_it_is_gone_when_nobody_says_anything(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    say(aijan, word(aijan, case.reports.get()))
    Case.objects.update(changed_at="2020-01-01T00:00Z")
    with events.unit_of_work():
        work.close_silent(case=case.pk, at=timezone.now())
    assert Case.objects.get().status == Status.UNCONFIRMED
    assert not NotifyAddress.objects.exists()


def test_it_is_gone_with_what_is_taken_back_also_where_the_case_goes_on(aijan: Phone) -> None:
    report, other = a_report(aijan), a_report(aijan)
    Report.objects.filter(pk=other.pk).update(case=report.case)
    say(aijan, word(aijan, report), word(aijan, other), aijan.operation("report.withdraw", report.id, {}))
    assert Case.objects.get(pk=report.case_id).status != Status.WITHDRAWN
    assert (address_for_notices(report.id), address_for_notices(other.id)) == (None, NUMBER)
    say(aijan, word(aijan, report))
    assert address_for_notices(report.id) is None


def test_what_comes_after_the_end_is_not_kept_until_the_case_goes_on(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    report = case.reports.get()
    say(aijan, aijan.operation("report.confirm", report.id, {}))
    assert say(aijan, word(aijan, report))["status"] == "applied"
    assert not NotifyAddress.objects.exists()
    say(aijan, aijan.operation("report.dispute", report.id, {"reason": "Dry again."}), word(aijan, report))
    assert address_for_notices(report.id) == NUMBER


def test_it_waits_for_its_report_sealed_and_goes_with_it(aijan: Phone) -> None:
    filed = aijan.filed()
    waiting = aijan.operation("report.notify", filed["entity_id"], {"notify": NUMBER})
    assert say(aijan, waiting)["status"] == "waiting"
    assert NUMBER not in whole_database()
    say(aijan, aijan.operation("report.withdraw", filed["entity_id"], {}))
    assert Operation.objects.exclude(content=None).count() == 0
    say(aijan, filed)
    assert not NotifyAddress.objects.exists()


def test_what_waited_is_opened_all_the_same(aijan: Phone) -> None:
    filed = aijan.filed()
    say(aijan, aijan.operation("report.notify", filed["entity_id"], {"notify": NUMBER}), filed)
    assert address_for_notices(Report.objects.get().id) == NUMBER


def test_nobody_is_shown_it(aijan: Phone, cast: People, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    case = a_routed_case(aijan, {"audience": "border"})
    report = case.reports.get()
    before = Event.objects.count()
    say(aijan, word(aijan, report))
    assert Event.objects.count() == before, "whoever reads the history is not to know that there is one"
    sealed = NotifyAddress.objects.get().sealed
    for user in (cast.bakyt, cast.gulnara, cast.dilnoza, cast.meerim, cast.temir, cast.olga):
        client.force_login(user)
        for page in (f"/admin/reporting/case/{case.pk}/change/", f"/admin/reporting/case/?turn=all&q={NUMBER}"):
            assert "notify" not in client.get(page).content.decode().replace(NUMBER, "")
    assert not admin.site.is_registered(NotifyAddress)
    assert "notify" not in json.dumps(logged_in(cast.dilnoza).sync()["changes"])
    assert NUMBER not in json.dumps(aijan.sees("report", report.id))
    assert NUMBER not in whole_database()
    assert NUMBER not in caplog.text
    assert len(bytes(sealed)) == 12 + addresses.MOST + 16, "its length tells nothing"


@pytest.mark.parametrize("kind", ["report.notify", "report.create", "no.such"])
def test_what_is_refused_keeps_none_not_even_sealed(aijan: Phone, kind: str) -> None:
    operation = aijan.operation(kind, "019a0000-0000-7000-8000-00000000dead", {"notify": NUMBER}, schema=99)
    assert say(aijan, operation)["status"] == "rejected"
    assert Quarantined.objects.get().content["body"] == {"notify": False}  # type: ignore[index]


def test_another_report_s_address_does_not_open_here(aijan: Phone) -> None:
    mine, other = a_report(aijan), a_report(aijan)
    say(aijan, word(aijan, mine), word(aijan, other, "+996555000002"))
    sealed = NotifyAddress.objects.get(report=other).sealed
    NotifyAddress.objects.filter(report=mine).update(sealed=sealed)
    with pytest.raises(Unavailable):
        address_for_notices(mine.id)
    assert address_for_notices(other.id) == "+996555000002"


def test_without_the_key_file_nothing_is_taken_in_and_nothing_lost(aijan: Phone) -> None:
    report = a_report(aijan)
    envelope = aijan.envelope(word(aijan, report))
    key = Path(settings.KEY_FILE)
    content = key.read_bytes()
    key.unlink()
    assert aijan.post(envelope).json()["results"] == []
    key.write_bytes(content)
    assert aijan.post(envelope).json()["results"][0]["status"] == "applied"
    assert address_for_notices(report.id) == NUMBER


@pytest.mark.parametrize("address", [one["address"] for one in VECTORS["taken"]])
def test_a_number_or_an_e_mail_is_taken(address: str) -> None:
    assert addresses.is_address(address)


@pytest.mark.parametrize(
    "address", [*VECTORS["refused"], NUMBER + "\n", " " + NUMBER, "0555000001", 996555000001, {}, []]
)
def test_anything_else_is_refused_with_a_sentence(aijan: Phone, address: object) -> None:
    report = a_report(aijan)
    result = say(aijan, word(aijan, report, address))
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert "notify" in result["detail"]
    assert not NotifyAddress.objects.exists()


def test_an_operation_without_the_field_is_refused(aijan: Phone) -> None:
    report = a_report(aijan)
    assert say(aijan, aijan.operation("report.notify", report.id, {}))["code"] == "invalid"
