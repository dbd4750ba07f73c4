"""Promise 5: who works in two offices hears nothing of a case that is about one of them, not even that it is there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case
from reporting.people.access import office_scope
from reporting.people.models import Grant, Membership, Office
from tests.given import MONDAY, a_routed_case, give
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone
from tests.valley import Valley


def joins(cast: People, office: Office, role: str = Membership.Role.MEDIATOR) -> None:
    Membership.objects.create(user=cast.dilnoza, office=office, role=role)


def moved(cast: People, *, to: Office) -> Phone:
    """She has left her group for another one; her phone, logged in."""
    cast.dilnoza.memberships.all().delete()
    joins(cast, to)
    return logged_in(cast.dilnoza)


def told(phone: Phone) -> dict[str, bool]:
    """Cases that the next pull speaks of, and whether it shows anything of them."""
    return {one["id"]: one["data"] is not None for one in phone.sync()["changes"] if one["entity"] == "case"}


def a_case_about(office: Office, *, held_by: Office, phone: Phone) -> Case:
    case = a_routed_case(phone, {"audience": "mediator", "about_office": office.code})
    assert case.assignments.get(ended_at=None).office == held_by
    return case


def a_phone_with_a_case_about_the_okmotu(aijan: Phone, cast: People, valley: Valley) -> tuple[Phone, Case]:
    """A mediator's, before she comes to that office."""
    phone = logged_in(cast.dilnoza)
    about = a_case_about(valley.okmotu, held_by=valley.mediators, phone=aijan)
    assert told(phone) == {str(about.id): True}
    return phone, about


def whole(phone: Phone, *cursor: str | None) -> JSON:
    """All that the next pull says but the time: with another cursor, or with the phone's own."""
    (phone.cursor,) = cursor or (phone.cursor,)
    reply = phone.sync()
    del reply["server_time_ms"]
    return reply


def touch(case: Case) -> None:
    with events.unit_of_work():
        work.changed(work.lock(case.id), at=MONDAY)


def test_nobody_hears_that_a_case_about_their_own_office_is_there(aijan: Phone, cast: People, valley: Valley) -> None:
    """She follows cases in two groups, and one group's case is about the other."""
    joins(cast, valley.national_mediators)
    phone = logged_in(cast.dilnoza)
    begun, idle = whole(phone, None), whole(phone)
    about = a_case_about(valley.mediators, held_by=valley.national_mediators, phone=aijan)
    assert whole(phone) == idle
    touch(about)
    assert whole(phone) == idle
    with events.unit_of_work():
        scope = office_scope(valley.national_mediators)
        events.touch(scope=scope, entity="case", entity_id=about.id, version=9, removed=True)
    assert whole(phone) == idle
    touch(about)
    for cursor in (None, "of another time"):
        assert whole(phone, cursor) == begun
    other = a_routed_case(aijan)
    alone = len(phone.cursor or "")
    assert told(phone) == {str(other.id): True}
    assert len(phone.cursor or "") > alone, "one group more has something for her"
    idle = whole(phone)
    touch(about)
    assert whole(phone) == idle
    touch(other)
    seen = whole(phone)
    assert [one["id"] for one in seen["changes"]] == [str(other.id)]
    assert len(seen["cursor"]) == len(idle["cursor"])
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    assert told(phone) == {str(other.id): False}
    assert told(logged_in(cast.meerim)) == {str(about.id): True}


def test_a_mediator_who_works_in_an_office_too_sees_nothing_about_it(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    phone, about = a_phone_with_a_case_about_the_okmotu(aijan, cast, valley)
    joins(cast, valley.okmotu, Membership.Role.OFFICER)
    assert told(phone) == {str(about.id): False}
    touch(about)
    assert told(phone) == {}
    body = {"case": str(about.id), "kind": "visit", "happened_on": "2026-11-22", "text": "We met.", "language": "ky"}
    (result,) = phone.sync(phone.operation("followup.create", "00000000-0000-4000-8000-000000000009", body))["results"]
    assert (result["status"], result["code"]) == ("rejected", "not_yours")


@pytest.mark.parametrize("role", [Membership.Role.OFFICER, Membership.Role.OPERATOR])
def test_who_works_in_an_office_that_is_switched_off_still_sees_nothing_about_it(
    aijan: Phone, cast: People, valley: Valley, role: Membership.Role
) -> None:
    phone = logged_in(cast.dilnoza)
    joins(cast, valley.okmotu, role)
    Office.objects.filter(pk=valley.okmotu.pk).update(active=False)
    about = a_case_about(valley.okmotu, held_by=valley.mediators, phone=aijan)
    assert told(phone) == {}
    touch(about)
    assert told(phone) == {}


def test_a_case_about_an_office_leaves_the_phone_of_who_joins_it_and_comes_when_they_leave(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    phone = moved(cast, to=valley.national_mediators)
    about = a_case_about(valley.mediators, held_by=valley.national_mediators, phone=aijan)
    assert told(phone) == {str(about.id): True}
    joins(cast, valley.mediators)
    assert told(phone) == {str(about.id): False}
    touch(about)
    assert told(phone) == {}
    cast.dilnoza.memberships.filter(office=valley.mediators).delete()
    assert told(phone) == {str(about.id): True}
    assert told(phone) == {}


def test_who_joins_the_office_that_a_case_is_about_hears_nothing_of_it_where_it_left_before_their_phone_began(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    about = a_case_about(valley.okmotu, held_by=valley.mediators, phone=aijan)
    give(about, valley.national_mediators, role="responsible")
    phone = logged_in(cast.dilnoza)
    assert told(phone) == {}
    joins(cast, valley.okmotu, Membership.Role.OFFICER)
    assert told(phone) == {}


def test_who_joins_the_office_that_a_case_is_about_hears_that_it_left_where_their_phone_has_it(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    phone, about = a_phone_with_a_case_about_the_okmotu(aijan, cast, valley)
    give(about, valley.national_mediators, role="responsible")
    joins(cast, valley.okmotu, Membership.Role.OFFICER)
    assert told(phone) == {str(about.id): False}
    assert told(phone) == {}


def test_who_joins_the_office_that_a_case_is_about_has_it_no_longer_though_they_were_still_reading(
    aijan: Phone, cast: People, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in the first reply and changed before the second: it stands behind the cursor, like what they never had."""
    about = a_case_about(valley.okmotu, held_by=valley.mediators, phone=aijan)
    others = {str(a_routed_case(aijan).id) for _ in range(2)}
    monkeypatch.setattr("reporting.sync.pull.SNAPSHOT", 1)
    phone = logged_in(cast.dilnoza)
    assert told(phone) == {str(about.id): True}
    touch(about)
    joins(cast, valley.okmotu, Membership.Role.OFFICER)
    assert told(phone) == {str(about.id): False} | dict.fromkeys(others, True)


def test_who_joins_the_office_that_a_case_is_about_hears_nothing_of_it_where_it_comes_back_after(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    phone, about = a_phone_with_a_case_about_the_okmotu(aijan, cast, valley)
    give(about, valley.national_mediators, role="responsible")
    assert told(phone) == {str(about.id): False}
    joins(cast, valley.okmotu, Membership.Role.OFFICER)
    give(about, valley.mediators, role="responsible")
    assert told(phone) == {}
    assert told(logged_in(cast.dilnoza)) == {}


def test_who_is_still_beginning_and_joins_the_office_that_a_case_is_about_hears_nothing_of_it_where_it_left_before(
    aijan: Phone, cast: People, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = a_case_about(valley.okmotu, held_by=valley.mediators, phone=aijan)
    others = [str(a_routed_case(aijan).id) for _ in range(2)]
    give(about, valley.national_mediators, role="responsible")
    monkeypatch.setattr("reporting.sync.pull.SNAPSHOT", 1)
    phone = logged_in(cast.dilnoza)
    assert told(phone) == {others[0]: True}
    joins(cast, valley.okmotu, Membership.Role.OFFICER)
    assert told(phone) == {others[1]: True}


def test_a_phone_whose_login_ends_hears_nothing_of_what_left_before_it_began(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    case = a_routed_case(aijan, {"audience": "mediator"})
    give(case, valley.national_mediators, role="responsible")
    phone = logged_in(cast.dilnoza)
    assert told(phone) == {}
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    assert told(phone) == {}


def test_what_is_taken_back_in_several_replies_says_nothing_of_a_case_about_their_own_office(
    aijan: Phone, cast: People, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    joins(cast, valley.national_mediators)
    phone = logged_in(cast.dilnoza)
    hers = [a_routed_case(aijan) for _ in range(2)]
    about = a_case_about(valley.mediators, held_by=valley.national_mediators, phone=aijan)
    hers.append(a_routed_case(aijan))
    phone.sync()
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    monkeypatch.setattr("reporting.sync.pull.PAGE", 1)
    seen = [told(phone) for _ in range(5)]
    assert str(about.id) not in str(seen)
    assert sorted(key for page in seen for key in page) == sorted(str(case.id) for case in hers)


def test_who_moves_to_the_office_that_a_case_is_about_has_it_no_longer_however_much_is_taken_back(
    aijan: Phone, cast: People, valley: Valley, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = moved(cast, to=valley.national_mediators)
    about = a_case_about(valley.mediators, held_by=valley.national_mediators, phone=aijan)
    held = [a_routed_case(aijan) for _ in range(3)]
    for case in held:
        give(case, valley.national_mediators, role="responsible")
    phone.sync()
    cast.dilnoza.memberships.filter(office=valley.national_mediators).delete()
    joins(cast, valley.mediators)
    monkeypatch.setattr("reporting.sync.pull.PAGE", 1)
    seen = [told(phone) for _ in range(6)]
    assert [page[str(about.id)] for page in seen if str(about.id) in page] == [False]
    assert {str(case.id) for case in held} <= {key for page in seen for key in page}
