"""Promise 5 against a stolen phone of a mediator: it is believed nothing more; and promise 1 for who still has hers."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from reporting import events
from reporting.cases.models import Case, Report
from reporting.mediation.models import Opening
from reporting.people import profiles
from reporting.people.models import Grant, GroupKey, Profile, User
from tests.admin import test_access as access
from tests.given import a_routed_case
from tests.mediation.holders import Group, Holder, say
from tests.mediation.test_identities import consent, request
from tests.mediators import logged_in
from tests.people import People
from tests.phones import JSON, Phone
from tests.valley import Valley


def visit(phone: Phone, case: Case) -> JSON:
    body = {"case": str(case.id), "kind": "visit", "happened_on": "2026-11-22", "text": "We met.", "language": "ky"}
    return phone.operation("followup.create", uuid.uuid4(), body)


def given_back_first(cast: People) -> None:
    """Whoever has the phone has logged out there, before anybody ended the logins."""
    for grant in Grant.objects.filter(user=cast.dilnoza):
        profiles.revoke(profile=grant.profile, at=timezone.now())
    access.ended_on_her_page(cast)


def run_out_first(cast: People) -> None:
    Grant.objects.update(until=timezone.now() - timedelta(days=1))
    access.ended_on_her_page(cast)


def switched_off_in_a_shell(cast: People) -> None:
    user = User.objects.get(pk=cast.dilnoza.pk)
    for user.is_active in (False, True):
        user.save()


@pytest.mark.parametrize(
    "what",
    [
        access.a_password_by_the_operator,
        access.a_password_typed_at_the_server,
        access.taken_and_given,
        access.switched_off_and_on,
        access.ended_on_her_page,
        given_back_first,
        run_out_first,
        switched_off_in_a_shell,
    ],
)
def test_what_comes_from_a_phone_whose_logins_were_ended_waits_until_the_mediator_logs_in_there(
    aijan: Phone, cast: People, valley: Valley, what: Callable[[People], None]
) -> None:
    case, phone = a_routed_case(aijan), logged_in(cast.dilnoza)
    what(cast)
    said, key = visit(phone, case), Holder(phone, 1).made(valley.mediators.code)
    assert [say(phone, one)["status"] for one in (said, key)] == ["waiting", "waiting"]
    logged_in(cast.dilnoza)
    assert [say(phone, one)["status"] for one in (said, key)] == ["waiting", "waiting"], "on another phone"
    assert not case.follow_ups.exists()
    assert not GroupKey.objects.exists()
    logged_in(cast.dilnoza, phone)
    assert [say(phone, one)["status"] for one in (said, key)] == ["applied", "applied"]


def test_a_stolen_phone_takes_no_key_s_place_and_opens_nobody_s_name(
    cast: People, valley: Valley, group: Group, report: Report
) -> None:
    asked = request(group.second, report)
    say(group.second.phone, asked)
    answer = consent(group.first, report)
    access.ended_on_her_page(cast)
    key = Holder(group.first.phone, 1).made(valley.mediators.code, wall_ms=1_796_000_000_000)
    said = [key, request(group.first, report), answer]
    assert [say(group.first.phone, one)["status"] for one in said] == ["waiting"] * 3
    assert Opening.objects.get().decided_at is None
    assert set(GroupKey.objects.filter(retired_at=None).values_list("key_id", flat=True)) == {
        group.first.key_id,
        group.second.key_id,
    }


@pytest.mark.parametrize("over", ["expired", "given back"])
def test_what_was_written_before_a_login_was_over_by_itself_or_by_herself_is_taken(
    aijan: Phone, cast: People, valley: Valley, over: str
) -> None:
    case, phone = a_routed_case(aijan), logged_in(cast.dilnoza)
    said, key = visit(phone, case), Holder(phone, 1).made(valley.mediators.code)
    if over == "expired":
        Grant.objects.update(until=timezone.now() - timedelta(days=1))
    else:
        with events.unit_of_work():
            profiles.revoke(profile=Profile.objects.get(grants__user=cast.dilnoza), at=timezone.now())
    assert [say(phone, one)["status"] for one in (said, key)] == ["applied", "applied"]


def test_what_a_mediator_wrote_is_taken_though_her_group_was_switched_off_meanwhile(
    aijan: Phone, cast: People, valley: Valley
) -> None:
    case, phone = a_routed_case(aijan, {"audience": "mediator"}), logged_in(cast.dilnoza)
    said = visit(phone, case)
    valley.mediators.active = False
    valley.mediators.save()
    assert say(phone, said)["status"] == "applied"
    assert case.follow_ups.count() == 1
