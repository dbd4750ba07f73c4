"""Promise 4 both ways: an office may ask the reporter something, and what the reporter replies stands before the office."""

from datetime import timedelta

import pytest

from reporting import events
from reporting.cases import asking, clocks, work
from reporting.cases.models import Case, Reply
from reporting.cases.queries import due_by, waiting_for
from reporting.errors import NotAllowed, TooLate
from reporting.events.chain import first_fault
from reporting.events.models import Event
from reporting.people.access import staff_viewer
from reporting.people.models import User
from reporting.sync.models import Operation, Quarantined
from tests.given import MONDAY, a_routed_case, an_answered_case
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone

ASKED = "On which day was the gate closed?"
SAID = {"text": "On Friday, after the market.", "language": "ky"}


def ask(case: Case, by: User, text: str = ASKED) -> None:
    with events.unit_of_work():
        asking.ask(case=case.id, by=by, text=text, language="ky", at=MONDAY)


def talk(phone: Phone, case: Case) -> list[JSON]:
    """What the reporter's phone is shown of it."""
    seen = phone.sees("report", case.reports.get().id)
    assert seen is not None
    found: list[JSON] = seen["talk"]
    return found


def reply(phone: Phone, case: Case, body: JSON | None = None) -> JSON:
    operation = phone.operation("report.reply", case.reports.get().id, body or SAID)
    result: JSON = phone.sync(operation)["results"][0]
    return result


def test_a_question_comes_to_the_phone_and_the_reply_to_the_case(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    ask(case, cast.bakyt)
    (asked,) = talk(aijan, case)
    assert (asked["text"], asked["language"], asked["office"]["code"]) == (ASKED, "ky", "okmotu")
    case.refresh_from_db()
    assert case.status == "acknowledged"
    assert reply(aijan, case)["status"] == "applied"
    _, replied = talk(aijan, case)
    assert (replied["text"], replied["office"]) == (SAID["text"], None)
    case.refresh_from_db()
    assert (case.status, case.replied) == ("acknowledged", True)
    steps = list(Event.objects.filter(stream=case.id).order_by("number"))
    assert replied["id"] == str(Reply.objects.get().op_id)
    assert [step.kind for step in steps[-2:]] == ["case.asked", "report.replied"]
    assert first_fault(steps) is None
    assert SAID["text"] not in str([step.data for step in steps])


def test_a_reply_stands_out_until_the_office_acts(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    reply(aijan, case)
    with events.unit_of_work():
        work.answer(case=case.id, by=cast.bakyt, text="It is open.", language="ky", at=MONDAY)
    case.refresh_from_db()
    assert not case.replied


def test_the_same_reply_sent_twice_is_said_once(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    operation = aijan.operation("report.reply", case.reports.get().id, SAID)
    results = [aijan.sync(operation)["results"][0]["status"] for _ in range(2)]
    assert results == ["applied", "duplicate"]
    assert Reply.objects.count() == 1


def test_two_phones_may_name_their_replies_alike(aijan: Phone, eve_phone: Phone) -> None:
    first, second = a_routed_case(aijan), a_routed_case(eve_phone)
    operation = aijan.operation("report.reply", first.reports.get().id, SAID)
    aijan.sync(operation)
    taken = eve_phone.operation("report.reply", second.reports.get().id, SAID, op_id=operation["op_id"])
    assert eve_phone.sync(taken)["results"][0]["status"] == "applied"


def test_a_reply_waits_for_its_report(aijan: Phone) -> None:
    report = aijan.filed()
    operation = aijan.operation("report.reply", report["entity_id"], SAID)
    assert aijan.sync(operation)["results"][0]["status"] == "waiting"
    aijan.sync(report)
    assert Reply.objects.get().text == SAID["text"]


def test_a_reply_after_the_answer_moves_nothing_and_is_in_the_office_s_list_until_it_is_read(
    aijan: Phone, cast: People
) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    viewer = staff_viewer(cast.bakyt)
    assert list(waiting_for(viewer)) == []
    assert reply(aijan, case)["status"] == "applied"
    case.refresh_from_db()
    assert case.status == "answered"
    assert [said["text"] for said in talk(aijan, case)] == [SAID["text"]]
    assert list(waiting_for(viewer)) == [case]
    assert list(due_by(viewer, MONDAY + timedelta(days=400))) == [], "it is late for nothing"
    for stranger in (cast.gulnara, cast.dilnoza):
        with pytest.raises(NotAllowed), events.unit_of_work():
            work.acknowledge(case=case.id, by=stranger, at=MONDAY)
    with events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)
    case.refresh_from_db()
    assert (case.status, case.replied) == ("answered", False)
    assert list(waiting_for(viewer)) == []
    with pytest.raises(TooLate), events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)


def test_what_was_said_and_not_read_is_no_silence_and_outlives_the_case_s_end(aijan: Phone, cast: People) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    reply(aijan, case)
    Case.objects.filter(pk=case.pk).update(changed_at=MONDAY - timedelta(days=400))
    assert clocks.close_all_silent(at=MONDAY) == 0
    with events.unit_of_work():
        work.close_silent(case=case.pk, at=MONDAY)
    case.refresh_from_db()
    assert case.status == "answered"
    aijan.sync(aijan.operation("report.confirm", case.reports.get().id, {}))
    case.refresh_from_db()
    assert case.status == "solved"
    assert list(waiting_for(staff_viewer(cast.bakyt))) == [case]
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    assert list(waiting_for(staff_viewer(cast.bakyt))) == [], "nothing of it is there to read"


@pytest.mark.parametrize("who", ["gulnara", "dilnoza", "temir", "eve"])
def test_only_the_responsible_office_asks(aijan: Phone, cast: People, who: str) -> None:
    case = a_routed_case(aijan)
    with pytest.raises(NotAllowed):
        ask(case, getattr(cast, who))
    assert not case.inquiries.exists()


def test_nothing_is_asked_once_it_was_answered(aijan: Phone, cast: People) -> None:
    with pytest.raises(TooLate):
        ask(an_answered_case(aijan, cast.bakyt), cast.bakyt)


def test_only_the_reporter_replies_and_only_who_may_see_the_case_reads_it(
    aijan: Phone, eve_phone: Phone, cast: People
) -> None:
    case = a_routed_case(aijan)
    assert reply(eve_phone, case)["code"] == "not_yours"
    assert not Reply.objects.exists()
    reply(aijan, case)
    shown = logged_in(cast.dilnoza).sees("case", case.id)
    assert shown is not None
    assert [said["text"] for said in shown["talk"]] == [SAID["text"]]
    assert logged_in(cast.meerim).sees("case", case.id) is None
    assert eve_phone.sees("report", case.reports.get().id) is None


@pytest.mark.parametrize(
    "body", [{}, {"text": "", "language": "ky"}, {"text": "x" * 5001, "language": "ky"}, {"text": "x"}]
)
def test_a_reply_that_says_nothing_is_refused(aijan: Phone, body: JSON) -> None:
    case = a_routed_case(aijan)
    operation = aijan.operation("report.reply", case.reports.get().id, body)
    assert aijan.sync(operation)["results"][0]["code"] == "invalid"


def test_what_was_taken_back_takes_its_replies_along(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    ask(case, cast.bakyt)
    reply(aijan, case)
    aijan.sync(aijan.operation("report.withdraw", case.reports.get().id, {}))
    assert reply(aijan, case)["status"] == "applied"
    tables = (Reply, Event, Operation, Quarantined)
    assert SAID["text"] not in " ".join(str(row) for model in tables for row in model._default_manager.values())
    assert [said["office"] is None for said in talk(aijan, case)] == [False]
