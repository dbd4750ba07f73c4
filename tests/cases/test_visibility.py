"""Promise 5: who sees what, decided where it is read, from role, scope and audience."""

import pytest

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case
from reporting.cases.queries import due_for, history, visible_to
from reporting.errors import NotAllowed
from reporting.people.access import staff_viewer
from reporting.people.models import Membership, User
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
    assert list(due_for(staff_viewer(cast.bakyt))) == [dangerous, plain]
    assert list(due_for(staff_viewer(cast.dilnoza))) == []


def test_a_dispute_never_widens_whom_the_reporter_allowed(aijan: Phone, cast: People, valley: Valley) -> None:
    valley.okmotu.parent = valley.border
    valley.okmotu.save()
    case = an_answered_case(aijan, cast.bakyt)
    report = case.reports.get()
    aijan.sync(aijan.operation("report.dispute", report.id, {"reason": "no"}))
    follow()
    assert case.assignments.get(role="responsible", ended_at=None).office == valley.okmotu
    assert sees(cast.temir) == []
