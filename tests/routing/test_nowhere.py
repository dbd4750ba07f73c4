"""Promise 3: what arrived is always with somebody, also when offices and people leave."""

from datetime import timedelta

import pytest

from reporting import tasks
from reporting.cases import lifecycle
from reporting.cases.models import WAITS, Case, Status
from reporting.cases.queries import visible_to
from reporting.events.chain import first_fault
from reporting.events.models import Event
from reporting.people.access import staff_viewer
from reporting.people.models import Membership, Office, User
from reporting.routing import alarms, nowhere, route
from reporting.routing.book import Book
from reporting.routing.decision import Facts
from reporting.routing.models import Alarm
from tests.given import MONDAY, a_routed_case, an_answered_case, follow
from tests.people import People, member
from tests.phones import JSON, Phone
from tests.valley import Valley


def switch_off(*offices: Office) -> None:
    Office.objects.filter(pk__in=[office.pk for office in offices]).update(active=False)


def sees(user: User, case: Case) -> bool:
    return visible_to(staff_viewer(user)).filter(pk=case.pk).exists()


def is_with(case: Case) -> str | None:
    case.refresh_from_db()
    held = case.assignments.filter(role="responsible", ended_at=None).select_related("office").first()
    assert case.responsible_id == (held and held.office_id)
    return None if held is None else held.office.code


def own(phone: Phone, case: Case) -> JSON:
    seen = phone.sees("report", case.reports.get().id)
    assert seen is not None
    return seen


def test_what_an_office_had_that_is_switched_off_goes_to_one_that_works(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    case = a_routed_case(aijan)
    assert own(aijan, case)["office"]["code"] == "okmotu"
    switch_off(valley.okmotu)
    assert not sees(cast.bakyt, case)
    tasks.sweep()
    assert sees(cast.gulnara, case)
    assert own(aijan, case)["office"]["code"] == "rayon"
    steps = list(Event.objects.filter(stream=case.pk).order_by("number"))
    assert [step.kind for step in steps[-2:]] == ["case.taken_away", "case.assigned"]
    assert first_fault(steps) is None
    version = Case.objects.get().version
    tasks.sweep()
    assert Case.objects.get().version == version, "once"


def test_it_never_goes_to_the_office_it_is_about_nor_beyond_its_audience(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    about_rayon = a_routed_case(aijan, {"about_office": "rayon"})
    among = a_routed_case(aijan, {"audience": "mediator"})
    assert (is_with(about_rayon), is_with(among)) == ("okmotu", "mediation")
    switch_off(valley.okmotu, valley.mediators)
    nowhere.route_all_anew(at=MONDAY)
    assert (is_with(about_rayon), is_with(among)) == ("oblast", "mediation-national")


def test_what_the_reporter_disputed_goes_up_and_not_back_down(aijan: Phone, cast: People, valley: Valley) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    aijan.sync(aijan.operation("report.dispute", case.reports.get().id, {"reason": "Still dry."}))
    follow()
    assert is_with(case) == "rayon"
    switch_off(valley.rayon_office)
    nowhere.route_all_anew(at=MONDAY)
    assert is_with(case) == "oblast"


def test_what_was_said_after_the_end_is_read_by_somebody_too(aijan: Phone, cast: People, valley: Valley) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    Case.objects.filter(pk=case.pk).update(status=Status.SOLVED, replied=True)
    switch_off(valley.okmotu)
    nowhere.route_all_anew(at=MONDAY)
    assert (is_with(case), case.status) == ("rayon", "solved")


def test_what_is_done_stays_where_it_was(aijan: Phone, cast: People, valley: Valley) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    Case.objects.filter(pk=case.pk).update(status=Status.SOLVED)
    switch_off(valley.okmotu)
    assert nowhere.route_all_anew(at=MONDAY) == 0
    assert is_with(case) == "okmotu"


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("replied", [True, False])
def test_what_waits_is_what_the_index_of_the_queue_holds(
    status: Status, replied: bool, aijan: Phone, valley: Valley
) -> None:
    case = a_routed_case(aijan)
    Case.objects.update(status=status, replied=replied)
    case.refresh_from_db()
    assert Case.objects.filter(WAITS).exists() is lifecycle.waits(case)


def test_a_case_that_no_office_could_take_gets_to_one_that_is_made_later(aijan: Phone, valley: Valley) -> None:
    switch_off(*Office.objects.all())
    case = a_routed_case(aijan)
    assert is_with(case) is None
    for minute in range(3):
        nowhere.route_all_anew(at=MONDAY + timedelta(minutes=minute))
    assert Alarm.objects.filter(kind="no_office").count() == 1
    Office.objects.create(code="new", kind="mediation", level="national", name_ky="new")
    nowhere.route_all_anew(at=MONDAY + timedelta(minutes=5))
    assert is_with(case) == "new"


def test_what_ended_while_no_office_could_read_it_gets_to_one_that_can(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    case = an_answered_case(aijan, cast.bakyt)
    report = case.reports.get().id
    groups = Office.objects.filter(kind="mediation")
    groups.update(active=False)
    aijan.sync(aijan.operation("report.audience", report, {"audience": "mediator"}))
    follow()
    aijan.sync(aijan.operation("report.confirm", report, {}))
    nowhere.route_all_anew(at=MONDAY)
    assert (is_with(case), case.status) == (None, "solved")
    groups.update(active=True)
    nowhere.route_all_anew(at=MONDAY)
    assert (is_with(case), case.status) == ("mediation", "solved")
    aijan.sync(aijan.operation("report.withdraw", report, {}))
    follow()
    assert nowhere.route_all_anew(at=MONDAY) == 0


def test_the_last_office_that_is_switched_off_leaves_nobody_s_name_on_the_phone(aijan: Phone, valley: Valley) -> None:
    case = a_routed_case(aijan)
    switch_off(*Office.objects.all())
    nowhere.route_all_anew(at=MONDAY)
    assert is_with(case) is None
    assert own(aijan, case)["office"] is None
    assert Alarm.objects.get(kind="no_office").case == case


def test_danger_is_routed_first_and_what_nobody_could_take_last(
    aijan: Phone, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nowhere, "IN_A_SWEEP", 1)
    plain, danger, in_vain = (a_routed_case(aijan, {"danger": is_danger}) for is_danger in (False, True, True))
    Alarm.objects.create(kind="no_office", case=in_vain, raised_at=MONDAY)
    switch_off(valley.okmotu)
    for expected in (("okmotu", "rayon", "okmotu"), ("rayon", "rayon", "okmotu"), ("rayon", "rayon", "rayon")):
        nowhere.route_all_anew(at=MONDAY)
        assert (is_with(plain), is_with(danger), is_with(in_vain)) == expected


def test_a_case_that_cannot_be_routed_keeps_no_other_one_nowhere(
    aijan: Phone, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = a_routed_case(aijan), a_routed_case(aijan)
    switch_off(valley.okmotu)
    real = route.facts_of

    def faulty(case: Case, book: Book) -> Facts:
        if case.pk == first.pk:
            raise ZeroDivisionError
        return real(case, book)

    monkeypatch.setattr(route, "facts_of", faulty)
    nowhere.route_all_anew(at=MONDAY)
    assert (is_with(first), is_with(second)) == ("okmotu", "rayon")


def test_an_office_with_cases_and_without_people_is_an_alarm_once(aijan: Phone, cast: People, valley: Valley) -> None:
    boss = member("boss", valley.rayon_office, Membership.Role.SUPERVISOR)
    tasks.sweep()
    assert not Alarm.objects.exists(), "it has no cases"
    a_routed_case(aijan)
    tasks.sweep()
    assert not Alarm.objects.exists(), "somebody answers"
    User.objects.filter(pk=cast.bakyt.pk).update(is_active=False)
    member("only-runs-it", valley.okmotu, Membership.Role.OPERATOR)
    tasks.sweep()
    tasks.sweep()
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.office) == ("nobody_answers", valley.okmotu)
    assert [alarms.seen_by(user).exists() for user in (boss, cast.olga, cast.eve)] == [True, True, False]


def test_an_alarm_that_was_cleared_while_it_stands_rings_again_the_next_day(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    a_routed_case(aijan)
    Membership.objects.filter(office=valley.okmotu).delete()
    nowhere.show_who_has_nobody(at=MONDAY)
    alarms.clear(alarm=Alarm.objects.get(), by=cast.olga, reason="She comes tomorrow.", at=MONDAY)
    nowhere.show_who_has_nobody(at=MONDAY + timedelta(hours=23))
    assert Alarm.objects.count() == 1
    nowhere.show_who_has_nobody(at=MONDAY + timedelta(hours=25))
    assert Alarm.objects.filter(cleared_at=None).count() == 1
