"""Promises 1 and 5 on a phone that mediators share: words are whose they were when they were written, whoever logs in before they come."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from reporting import events
from reporting.cases.models import Case, Report
from reporting.mediation.models import FollowUp, Opening
from reporting.people import profiles
from reporting.people.models import Grant, GroupKey, Membership, User
from reporting.sync.models import Quarantined
from reporting.sync.quarantine import show_what_waits
from tests.api.test_grant import ask, session
from tests.given import a_routed_case
from tests.mediation.holders import Group, Holder, say
from tests.mediation.test_ended_logins import visit
from tests.mediation.test_identities import consent, request
from tests.mediators import logged_in
from tests.people import People, member
from tests.phones import JSON, Phone
from tests.valley import Valley


def signed(said: JSON, by: object) -> JSON:
    return said | {"body": said["body"] | {"by": by}}


def of(said: JSON, user: User) -> JSON:
    """As a phone signs what is written while this person is logged in."""
    return signed(said, str(user.opaque_id))


@pytest.fixture
def sanjar(valley: Valley) -> User:
    """Another mediator of Dilnoza's group."""
    return member("sanjar", valley.mediators, Membership.Role.MEDIATOR)


@pytest.fixture
def case(aijan: Phone, cast: People) -> Case:
    return a_routed_case(aijan)


def given_back(phone: Phone) -> None:
    with events.unit_of_work():
        profiles.revoke(profile=profiles.profile_of_reader(token=phone.read, at=timezone.now()), at=timezone.now())


def test_a_login_tells_who_it_is_by_an_id_that_says_nothing_and_stays(cast: People, sanjar: User) -> None:
    told = [ask(Phone(), session(name)).json()["by"] for name in ("dilnoza", "dilnoza", "sanjar")]
    assert told == [str(cast.dilnoza.opaque_id), str(cast.dilnoza.opaque_id), str(sanjar.opaque_id)]
    assert told[0] != told[2]
    assert {uuid.UUID(one).version for one in told} == {4}


@pytest.mark.parametrize("over", ["logged out", "expired", "neither"])
@pytest.mark.parametrize("first", [0, 1])
def test_what_two_wrote_on_one_phone_is_each_one_s_own(
    cast: People, sanjar: User, case: Case, over: str, first: int
) -> None:
    phone = logged_in(cast.dilnoza)
    if over == "logged out":
        given_back(phone)
    elif over == "expired":
        Grant.objects.update(until=timezone.now() - timedelta(days=1))
    logged_in(sanjar, phone)
    said = [of(visit(phone, case), cast.dilnoza), of(visit(phone, case), sanjar)]
    for one in (said[first], said[1 - first]):
        assert say(phone, one)["status"] == "applied"
    written = {str(one.pk): one.by for one in FollowUp.objects.select_related("by")}
    assert written == {said[0]["entity_id"]: cast.dilnoza, said[1]["entity_id"]: sanjar}
    actors = {event["follow_up"]: actor for actor, event in followed(case)}
    assert actors == {said[0]["entity_id"]: f"staff:{cast.dilnoza.pk}", said[1]["entity_id"]: f"staff:{sanjar.pk}"}


def followed(case: Case) -> list[tuple[str, dict[str, Any]]]:
    rows = events.models.Event.objects.filter(stream=case.pk, kind="case.followed_up")
    return [(row.actor, row.data or {}) for row in rows]


def test_without_a_word_on_whose_it_is_it_is_of_who_logged_in_last(cast: People, sanjar: User, case: Case) -> None:
    """Phones that older versions of the app wrote on."""
    phone = logged_in(sanjar, logged_in(cast.dilnoza))
    assert say(phone, visit(phone, case))["status"] == "applied"
    assert FollowUp.objects.get().by == sanjar


def test_a_key_is_of_who_made_it(cast: People, sanjar: User, valley: Valley) -> None:
    phone = logged_in(sanjar, logged_in(cast.dilnoza))
    key = of(Holder(phone, 1).made(valley.mediators.code), cast.dilnoza)
    assert say(phone, key)["status"] == "applied"
    assert GroupKey.objects.get().user == cast.dilnoza


def test_who_asks_for_a_name_and_who_answers_are_who_said_so(
    cast: People, valley: Valley, group: Group, report: Report
) -> None:
    """The holder of one key logs in on the phone of who holds the other one: she must not have asked herself."""
    asked, refused = request(group.first, report), group.sanjar
    logged_in(refused, group.first.phone)
    assert say(group.first.phone, of(asked, cast.dilnoza))["status"] == "applied"
    assert Opening.objects.get().by == cast.dilnoza
    answer = of(consent(group.second, report), group.sanjar)
    logged_in(cast.dilnoza, group.second.phone)
    assert say(group.second.phone, answer)["status"] == "applied"
    assert Opening.objects.get().decided_by == group.sanjar


def test_a_refusal_is_of_who_refused(cast: People, group: Group, report: Report) -> None:
    asked = request(group.first, report)
    say(group.first.phone, of(asked, cast.dilnoza))
    word = group.second.phone.operation("identity.refuse", asked["entity_id"], {"report": str(report.id)})
    logged_in(cast.dilnoza, group.second.phone)
    assert say(group.second.phone, of(word, group.sanjar))["status"] == "applied"
    assert Opening.objects.get().decided_by == group.sanjar


def test_what_somebody_wrote_whose_logins_were_ended_waits_for_her_and_for_nobody_else(
    cast: People, sanjar: User, case: Case
) -> None:
    phone = logged_in(cast.dilnoza)
    said = of(visit(phone, case), cast.dilnoza)
    with events.unit_of_work():
        profiles.end_logins(user=cast.dilnoza, at=timezone.now())
    logged_in(sanjar, phone)
    assert say(phone, said)["status"] == "waiting"
    logged_in(cast.dilnoza)
    assert say(phone, said)["status"] == "waiting", "on another phone"
    assert say(phone, of(visit(phone, case), sanjar))["status"] == "applied"
    logged_in(cast.dilnoza, phone)
    logged_in(sanjar, phone)
    assert say(phone, said)["status"] == "applied"
    assert FollowUp.objects.get(pk=said["entity_id"]).by == cast.dilnoza


def test_a_phone_whose_last_login_was_ended_is_believed_in_no_other_s_name_either(
    cast: People, sanjar: User, case: Case
) -> None:
    """It may have been stolen from him, and whoever has it may know that she logged in there once."""
    phone = logged_in(sanjar, logged_in(cast.dilnoza))
    with events.unit_of_work():
        profiles.end_logins(user=sanjar, at=timezone.now())
    said = of(visit(phone, case), cast.dilnoza)
    assert say(phone, said)["status"] == "waiting"
    logged_in(sanjar, phone)
    assert say(phone, said)["status"] == "applied", "he has it, and says so"
    assert FollowUp.objects.get().by == cast.dilnoza


def test_on_a_server_that_was_restored_it_waits_for_who_wrote_it(cast: People, sanjar: User, case: Case) -> None:
    """Her login came after the backup; another mediator's, on the same phone, did not."""
    phone = logged_in(sanjar)
    said = of(visit(phone, case), cast.dilnoza)
    assert say(phone, said)["status"] == "waiting"
    logged_in(sanjar, phone)
    assert say(phone, said)["status"] == "waiting"
    logged_in(cast.dilnoza, phone)
    assert say(phone, said)["status"] == "applied"
    assert FollowUp.objects.get().by == cast.dilnoza


def test_of_somebody_who_never_logged_in_there_nothing_takes_effect_and_a_person_sees_it(
    cast: People, valley: Valley, case: Case, group: Group, report: Report
) -> None:
    """A mediator elsewhere, an officer, nobody at all: whoever writes on this phone speaks for none of them."""
    phone = logged_in(group.sanjar)
    key = Holder(phone, 2).made(valley.mediators.code)
    before = GroupKey.objects.count()
    said = [
        of(visit(phone, case), cast.dilnoza),
        of(visit(phone, case), cast.bakyt),
        signed(visit(phone, case), str(uuid.uuid4())),
        of(key, cast.dilnoza),
        of(request(group.second, report) | {"op_id": str(uuid.uuid4())}, cast.meerim),
    ]
    assert [say(phone, one)["status"] for one in said] == ["waiting"] * len(said)
    assert (FollowUp.objects.count(), GroupKey.objects.count(), Opening.objects.count()) == (0, before, 0)
    show_what_waits(at=timezone.now() + timedelta(days=8))
    shown = Quarantined.objects.filter(code="waiting").values_list("op_id", flat=True)
    assert {str(one) for one in shown} == {one["op_id"] for one in said}


@pytest.mark.parametrize(
    "by", [None, "", "dilnoza", 1, True, 1.5, [], {}, "0" * 31, "staff:1", "\0", "9" * 5_000, ["x"] * 9]
)
def test_what_is_no_id_is_refused_and_kept(cast: People, case: Case, by: object) -> None:
    phone = logged_in(cast.dilnoza)
    said = signed(visit(phone, case), by)
    result = say(phone, said)
    assert (result["status"], result["code"]) == ("rejected", "invalid")
    assert Quarantined.objects.filter(op_id=said["op_id"]).exists()
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("by", [None, 7, "x"])
def test_every_word_of_a_mediator_is_read_as_strictly(
    cast: People, valley: Valley, group: Group, report: Report, by: object
) -> None:
    phone, asked = group.first.phone, request(group.first, report)
    answers = [
        phone.operation("identity.refuse", asked["entity_id"], {"report": str(report.id)}),
        phone.operation("identity.consent", asked["entity_id"], {"report": str(report.id), "passed": "A" * 791}),
    ]
    for said in (Holder(phone, 1).made(valley.mediators.code), asked, *answers):
        result = say(phone, signed(said, by))
        assert (result["status"], result["code"]) == ("rejected", "invalid"), said["type"]
