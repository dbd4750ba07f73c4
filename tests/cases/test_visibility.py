"""Promise 5: who sees what, decided where it is read, from role, scope and audience."""

from datetime import timedelta

import pytest

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case
from reporting.cases.queries import copied_to, due_by, history, visible_to, waiting_for
from reporting.errors import NotAllowed
from reporting.people.access import staff_viewer
from reporting.people.models import Membership, Office, User
from tests.given import MONDAY, a_report, a_routed_case, an_answered_case, follow
from tests.people import People
from tests.phones import Phone
from tests.valley import Valley


def sees(user: User) -> list[Case]:
    return list(visible_to(staff_viewer(user)))


def test_the_responsible_office_and_the_copies_see_it_and_nobody_else(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, {"audience": "border"})
    assert sees(cast.bakyt) == sees(cast.dilnoza) == sees(cast.temir) == [case]
    assert sees(cast.gulnara) == sees(cast.meerim) == sees(cast.eve) == []


def test_a_superuser_sees_no_case(aijan: Phone, cast: People) -> None:
    a_routed_case(aijan)
    assert sees(cast.olga) == []


def test_an_operator_of_an_office_sees_no_case_of_it(aijan: Phone, cast: People, valley: Valley) -> None:
    a_routed_case(aijan)
    Membership.objects.create(user=cast.eve, office=valley.okmotu, role=Membership.Role.OPERATOR)
    assert sees(cast.eve) == []


def test_before_it_is_routed_nobody_sees_it(aijan: Phone, cast: People) -> None:
    a_report(aijan)
    assert sees(cast.bakyt) == []


def test_for_the_mediator_only_no_office_sees_it(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan, {"audience": "mediator"})
    assert sees(cast.dilnoza) == [case]
    assert sees(cast.bakyt) == sees(cast.temir) == []


def test_the_liaison_sees_it_only_when_the_reporter_chose_so(aijan: Phone, cast: People) -> None:
    a_routed_case(aijan)
    assert sees(cast.temir) == []


def test_an_office_that_it_is_about_sees_nothing_even_from_a_second_membership(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    case = a_routed_case(aijan, {"about_office": "okmotu"})
    assert case.assignments.get(role="responsible").office == valley.rayon_office
    assert sees(cast.gulnara) == [case]
    assert sees(cast.bakyt) == []
    Membership.objects.create(user=cast.bakyt, office=valley.rayon_office, role=Membership.Role.OFFICER)
    assert sees(cast.bakyt) == []
    assert history(case, staff_viewer(cast.bakyt)) == []
    Office.objects.filter(pk=valley.okmotu.pk).update(active=False)
    assert sees(cast.bakyt) == []
    with pytest.raises(NotAllowed), events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)


def test_an_inactive_account_sees_nothing(aijan: Phone, cast: People) -> None:
    a_routed_case(aijan)
    cast.bakyt.is_active = False
    assert sees(cast.bakyt) == []


def test_an_assignment_that_ended_shows_nothing_more(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    case.assignments.update(ended_at=MONDAY)
    assert sees(cast.bakyt) == []


@pytest.mark.parametrize("who", ["dilnoza", "temir", "gulnara", "olga", "eve"])
def test_only_the_responsible_office_acts(aijan: Phone, cast: People, who: str) -> None:
    case = a_routed_case(aijan, {"audience": "border"})
    user = getattr(cast, who)
    with pytest.raises(NotAllowed), events.unit_of_work():
        work.acknowledge(case=case.id, by=user, at=MONDAY)
    with pytest.raises(NotAllowed), events.unit_of_work():
        work.answer(case=case.id, by=user, text="x", language="ky", at=MONDAY)


def test_whatever_is_due_stands_in_the_queue_dangerous_ones_first(aijan: Phone, cast: People) -> None:
    plain, dangerous = a_routed_case(aijan), a_routed_case(aijan, {"danger": True})
    an_answered_case(aijan, cast.bakyt)
    assert list(waiting_for(staff_viewer(cast.bakyt))) == [dangerous, plain]
    assert list(waiting_for(staff_viewer(cast.dilnoza))) == []


def test_due_counts_the_hour_to_acknowledge_until_it_was_acknowledged(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    Case.objects.update(acknowledge_by=MONDAY, answer_by=MONDAY + timedelta(days=10))
    tomorrow, bakyt = MONDAY + timedelta(days=1), staff_viewer(cast.bakyt)
    assert list(due_by(bakyt, tomorrow)) == [case]
    assert list(due_by(bakyt, MONDAY)) == []
    with events.unit_of_work():
        work.acknowledge(case=case.id, by=cast.bakyt, at=MONDAY)
    assert list(due_by(bakyt, tomorrow)) == []
    assert list(due_by(bakyt, MONDAY + timedelta(days=11))) == [case]


def test_what_an_office_only_has_a_copy_of_stands_apart(aijan: Phone, cast: People) -> None:
    case = a_routed_case(aijan)
    assert list(copied_to(staff_viewer(cast.dilnoza))) == [case]
    assert list(copied_to(staff_viewer(cast.bakyt))) == []
    assert list(copied_to(staff_viewer(cast.eve))) == []


def test_a_dispute_never_widens_whom_the_reporter_allowed(aijan: Phone, cast: People, valley: Valley) -> None:
    valley.okmotu.parent = valley.border
    valley.okmotu.save()
    case = an_answered_case(aijan, cast.bakyt)
    report = case.reports.get()
    aijan.sync(aijan.operation("report.dispute", report.id, {"reason": "no"}))
    follow()
    assert case.assignments.get(role="responsible", ended_at=None).office == valley.okmotu
    assert sees(cast.temir) == []


def test_a_case_names_the_office_that_its_open_assignment_names(aijan: Phone, cast: People, valley: Valley) -> None:
    case = a_routed_case(aijan)
    assert case.responsible == valley.okmotu
    with events.unit_of_work():
        work.answer(case=case.id, by=cast.bakyt, text="x", language="ky", at=MONDAY)
    aijan.sync(aijan.operation("report.dispute", case.reports.get().id, {"reason": "no"}))
    follow()
    case.refresh_from_db()
    assert case.responsible == case.assignments.get(role="responsible", ended_at=None).office == valley.rayon_office
    assert list(waiting_for(staff_viewer(cast.gulnara))) == [case]
    assert list(waiting_for(staff_viewer(cast.bakyt))) == []
