"""Promise 3: what must follow, follows, however often something fails on the way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting import events, reactions, tasks
from reporting.cases import work
from reporting.cases.models import Assignment, Case
from reporting.errors import TooLate
from reporting.events.models import Event
from reporting.routing import nowhere, route
from reporting.routing.book import Book
from reporting.routing.models import Alarm, Rule
from tests.given import MONDAY, a_report, a_routed_case, follow
from tests.phones import Phone
from tests.valley import Valley


def test_a_report_is_routed_once_however_often_the_worker_looks(aijan: Phone) -> None:
    a_report(aijan)
    follow()
    Event.objects.update(reacted_at=None)
    follow()
    assert Assignment.objects.filter(role="responsible").count() == 1


def test_a_failing_reaction_is_tried_again_and_holds_up_no_other(aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = a_report(aijan), a_report(aijan)
    real = route.facts_of

    def faulty(case: Case, book: Book) -> object:
        if case.pk == first.case_id:
            raise ZeroDivisionError
        return real(case, book)

    monkeypatch.setattr(route, "facts_of", faulty)
    follow()
    assert not Assignment.objects.filter(case=first.case_id).exists()
    assert Assignment.objects.filter(case=second.case_id).exists()
    stuck = Event.objects.get(reacted_at=None)
    assert (stuck.trouble, stuck.attempts) == ("ZeroDivisionError", 1)
    monkeypatch.undo()
    reactions.drain(at=MONDAY + timedelta(seconds=1))
    assert not Assignment.objects.filter(case=first.case_id).exists()
    reactions.drain(at=MONDAY + timedelta(minutes=1))
    assert Assignment.objects.filter(case=first.case_id).exists()


def test_what_fails_again_and_again_is_seen_by_a_person(aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    a_report(aijan)

    def faulty(case: Case, book: Book) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(route, "facts_of", faulty)
    for minute in range(3):
        assert not Alarm.objects.exists()
        reactions.drain(at=MONDAY + timedelta(minutes=minute))
        reactions.show_what_fails(at=MONDAY + timedelta(minutes=minute))
    assert Alarm.objects.get().kind == "reaction_fails"
    assert reactions.show_what_fails in tasks.DUE
    tasks.sweep()
    assert Alarm.objects.count() == 1


def test_what_kills_its_worker_is_not_the_first_again(aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = a_report(aijan), a_report(aijan)
    real = route.facts_of

    def killing(case: Case, book: Book) -> object:
        if case.pk == first.case_id:
            raise SystemExit
        return real(case, book)

    monkeypatch.setattr(route, "facts_of", killing)
    with pytest.raises(SystemExit):
        reactions.drain(at=MONDAY)
    assert reactions.drain(at=MONDAY)
    assert Assignment.objects.filter(case=second.case_id).exists()
    monkeypatch.undo()
    reactions.drain(at=MONDAY + timedelta(seconds=6))
    assert Assignment.objects.filter(case=first.case_id).exists()


def test_what_kills_its_worker_is_left_by_the_sweep_to_the_event_that_counts(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_report(aijan)

    def killing(case: Case, book: Book) -> object:
        raise SystemExit

    monkeypatch.setattr(route, "facts_of", killing)
    with pytest.raises(SystemExit):
        tasks.sweep()
    Event.objects.update(next_attempt_at=timezone.now() + timedelta(hours=1))
    tasks.sweep()
    assert Event.objects.get(reacted_at=None).attempts == 1


def test_the_sweep_knows_what_routes() -> None:
    roads = {reactions._route, reactions._route_anew, reactions._escalate}
    assert {kind for kind, follows in reactions.REACTIONS.items() if roads & set(follows)} == set(nowhere.ROUTED_BY)


def test_rules_and_offices_are_read_once_for_a_batch(aijan: Phone) -> None:
    for _ in range(5):
        a_report(aijan)
    with CaptureQueriesContext(connection) as asked:
        follow()
    read = [query["sql"].split(" FROM ")[1].split()[0] for query in asked if query["sql"].startswith("SELECT")]
    assert (read.count('"reporting_rule"'), read.count('"reporting_copy"')) == (1, 1)
    assert read.count('"reporting_assignment"') == 5, "who has a case is read once for each"
    assert Assignment.objects.filter(role="responsible").count() == 5


def test_a_rule_that_finds_nobody_is_seen_by_a_person_once(aijan: Phone) -> None:
    Rule.objects.create(title="Nobody there", priority=1, kind="ministry")
    a_report(aijan)
    a_report(aijan)
    follow()
    assert [alarm.kind for alarm in Alarm.objects.all()] == ["rule_names_nobody"]
    assert Assignment.objects.filter(role="responsible", office__code="okmotu").count() == 2


def test_events_that_nothing_follows_are_passed_over(aijan: Phone) -> None:
    a_report(aijan)
    follow()
    assert not Event.objects.filter(reacted_at=None).exists()


def test_a_report_that_is_solved_before_it_is_routed_is_with_somebody_all_the_same(aijan: Phone) -> None:
    report = a_report(aijan)
    aijan.sync(aijan.operation("report.confirm", report.id, {}))
    follow()
    case = Case.objects.get()
    assert case.status == "solved"
    assert case.assignments.get(role="responsible").office.code == "okmotu"
    assert not Event.objects.filter(reacted_at=None).exists()


def test_what_is_solved_is_not_handed_on(aijan: Phone, valley: Valley) -> None:
    case = a_routed_case(aijan)
    aijan.sync(aijan.operation("report.confirm", case.reports.get().id, {}))
    case.refresh_from_db()
    with pytest.raises(TooLate), events.unit_of_work():
        work.assign(case=case, office=valley.rayon_office, role="responsible", reason={}, at=MONDAY)
