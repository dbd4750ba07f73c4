"""Promise 3: a clock runs and every step is on the record."""

from datetime import timedelta

from django.db import connection

from reporting import events
from reporting.cases import clocks, work
from reporting.cases.models import Case
from reporting.events.chain import first_fault
from reporting.events.models import Event
from tests.given import MONDAY, a_routed_case, an_answered_case
from tests.people import People
from tests.phones import Phone


def test_acknowledging_and_answering_are_on_the_chained_record(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    with events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)
    with events.unit_of_work():
        work.answer(case=case.id, by=cast.bakyt, text="Open again.", language="ru", at=MONDAY)
    steps = list(Event.objects.filter(stream=case.id).order_by("number"))
    assert [step.kind for step in steps] == [
        "report.received",
        "case.assigned",
        "case.assigned",
        "case.acknowledged",
        "case.answered",
    ]
    assert first_fault(steps) is None
    assert "Open again." not in str([step.data for step in steps])


def test_no_event_says_who_the_reporter_is(aijan: Phone) -> None:
    case = a_routed_case(aijan)
    profile = case.reports.get().profile
    assert all(str(profile.id) not in f"{event.actor} {event.data}" for event in Event.objects.filter(stream=case.id))


def test_silence_closes_as_unconfirmed_and_only_silence(aijan: Phone, cast: People) -> None:
    silent, fresh = an_answered_case(aijan, cast.bakyt), an_answered_case(aijan, cast.bakyt)
    Case.objects.filter(pk=silent.pk).update(changed_at=MONDAY - timedelta(days=31))
    Case.objects.filter(pk=fresh.pk).update(changed_at=MONDAY - timedelta(days=29))
    clocks.close_all_silent(at=MONDAY)
    assert Case.objects.get(pk=silent.pk).status == "unconfirmed"
    assert Case.objects.get(pk=fresh.pk).status == "answered"


def test_a_case_that_cannot_be_closed_keeps_no_other_one_open(aijan: Phone, cast: People) -> None:
    ids = sorted(an_answered_case(aijan, cast.bakyt).pk for _ in range(2))
    Case.objects.update(changed_at=MONDAY - timedelta(days=31))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.broken() RETURNS trigger AS $$ BEGIN RAISE 'broken'; END $$ LANGUAGE plpgsql; "
            f"CREATE TRIGGER broken BEFORE UPDATE ON reporting_case FOR EACH ROW WHEN (OLD.id = '{ids[0]}') "
            "EXECUTE FUNCTION pg_temp.broken()"
        )
    clocks.close_all_silent(at=MONDAY)
    assert [Case.objects.get(pk=pk).status for pk in ids] == ["answered", "unconfirmed"]


def test_both_clocks_are_set_when_it_arrives(aijan: Phone) -> None:
    case = a_routed_case(aijan)
    assert case.acknowledge_by - case.opened_at == timedelta(hours=24)
    assert case.answer_by > case.opened_at + timedelta(days=12)


def test_every_change_is_a_new_version(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    before = Case.objects.get(pk=case.pk).version
    with events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)
    assert Case.objects.get(pk=case.pk).version == before + 1
