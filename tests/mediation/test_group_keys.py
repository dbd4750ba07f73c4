"""Promise 5 for the keys that names are sealed to: of two people, made by mediators alone, given out both or not at all."""

import pytest
from django.utils import timezone

from reporting.people.models import GroupKey, Membership
from tests.admin.test_access import RECORD
from tests.admin.test_cases import logged_in as logged_in_staff
from tests.mediation.holders import Group, Holder, say
from tests.mediators import logged_in
from tests.people import People, member
from tests.phones import JSON, Phone, b64
from tests.valley import Valley


def given(phone: Phone) -> object:
    keys = phone.client.get("/api/v1/reference?rayon=05-B").json()["group_keys"]
    return keys and keys["public"]


def test_a_key_that_was_made_before_the_present_one_and_comes_later_takes_no_place(
    valley: Valley, aijan: Phone, group: Group
) -> None:
    older = Holder(logged_in(member("nurlan", valley.mediators, Membership.Role.MEDIATOR)), 2)
    assert say(older.phone, older.made(valley.mediators.code, wall_ms=1_794_000_000_000))["status"] == "applied"
    assert given(aijan) == [b64(group.first.public), b64(group.second.public)]
    assert say(group.first.phone, group.first.made(valley.mediators.code))["status"] == "applied"
    assert GroupKey.objects.count() == 3, "the same key came twice"


def test_nobody_has_both_keys_and_phones_are_given_both_or_none(cast: People, valley: Valley, aijan: Phone) -> None:
    assert given(aijan) is None
    dilnoza = logged_in(cast.dilnoza)
    first, second = Holder(dilnoza, 1), Holder(dilnoza, 2)
    assert say(dilnoza, first.made(valley.mediators.code))["status"] == "applied"
    assert given(aijan) is None
    assert say(dilnoza, second.made(valley.mediators.code))["code"] == "not_yours"
    sanjar = member("sanjar", valley.mediators, Membership.Role.MEDIATOR)
    other = Holder(logged_in(sanjar), 2)
    say(other.phone, other.made(valley.mediators.code))
    assert given(aijan) == [b64(first.public), b64(other.public)]
    Membership.objects.filter(user=sanjar).delete()
    assert given(aijan) is None, "who left holds a key that is sealed to"


def test_nobody_takes_a_key_that_is_another_s_for_their_own(valley: Valley, group: Group) -> None:
    nurlan = logged_in(member("nurlan", valley.mediators, Membership.Role.MEDIATOR))
    theirs = Holder(nurlan, 1, group.first.private)
    assert say(nurlan, theirs.made(valley.mediators.code))["code"] == "not_yours"
    moved = Holder(group.first.phone, 2, group.first.private)
    assert say(moved.phone, moved.made(valley.mediators.code))["code"] == "not_yours"
    assert say(group.first.phone, group.first.made(valley.mediators.code))["status"] == "applied"
    assert GroupKey.objects.count() == 2


def test_mediators_see_who_holds_the_keys_and_nobody_else_does(valley: Valley, group: Group, aijan: Phone) -> None:
    def told(phone: Phone) -> "tuple[int, JSON]":
        response = phone.client.get("/api/v1/group-keys", headers={"authorization": phone.bearer})
        return response.status_code, response.json()

    status, seen = told(group.first.phone)
    assert status == 200
    assert [(key["place"], key["by"], key["mine"]) for key in seen["keys"]] == [
        (1, "Dilnoza", True),
        (2, "Sanjar", False),
    ]
    assert told(aijan)[0] == 403

    def keys_of(holder: Holder) -> "list[tuple[str, bool]]":
        return [(key["public"], key["retired"]) for key in told(holder.phone)[1]["keys"]]

    newer = Holder(logged_in(member("nurlan", valley.mediators, Membership.Role.MEDIATOR)), 2)
    say(newer.phone, newer.made(valley.mediators.code, wall_ms=1_795_000_100_000))
    first, old, new = (b64(holder.public) for holder in (group.first, group.second, newer))
    assert keys_of(group.second) == [(first, False), (old, True), (new, False)]
    assert keys_of(group.first) == keys_of(newer) == [(first, False), (new, False)]


def test_only_a_mediator_of_the_group_makes_its_keys(cast: People, valley: Valley, aijan: Phone) -> None:
    stranger = Holder(aijan, 1)
    waits = say(aijan, stranger.made(valley.mediators.code))
    assert (waits["status"], waits["detail"]) == (
        "waiting",
        "The mediator whose words these are has not logged in on this profile yet.",
    )
    meerim = Holder(logged_in(cast.meerim), 1)
    assert say(meerim.phone, meerim.made(valley.mediators.code))["code"] == "not_yours"
    assert say(meerim.phone, meerim.made("nowhere"))["code"] == "not_yours"
    no_point = meerim.made(valley.national_mediators.code)
    no_point["body"]["public"] = b64(b"\4" + b"\1" * 64)
    assert say(meerim.phone, no_point)["code"] == "invalid"


def test_supervisors_see_who_made_a_key(valley: Valley, group: Group) -> None:
    page = logged_in_staff(member("asel", valley.mediators, Membership.Role.SUPERVISOR)).get(RECORD)
    shown = page.content.decode()
    assert shown.count("Купуя аттардын ачкычы жасалды") == 2
    assert all(name in shown for name in ("Dilnoza", "Sanjar"))


def test_a_key_from_a_clock_that_is_years_ahead_keeps_no_other_out(cast: People, valley: Valley, aijan: Phone) -> None:
    dilnoza, sanjar = (
        Holder(logged_in(who), place)
        for who, place in ((cast.dilnoza, 1), (member("sanjar", valley.mediators, Membership.Role.MEDIATOR), 2))
    )
    say(dilnoza.phone, dilnoza.made(valley.mediators.code, wall_ms=4_000_000_000_000))
    say(sanjar.phone, sanjar.made(valley.mediators.code))
    Membership.objects.filter(user=cast.dilnoza).delete()
    nurlan = Holder(logged_in(member("nurlan", valley.mediators, Membership.Role.MEDIATOR)), 1)
    say(nurlan.phone, nurlan.made(valley.mediators.code))
    assert given(aijan) == [b64(nurlan.public), b64(sanjar.public)]
    assert GroupKey.objects.get(user=cast.dilnoza).made_at < timezone.now()


def test_a_key_from_a_clock_that_is_years_behind_replaces_that_of_somebody_who_left(
    valley: Valley, aijan: Phone, group: Group
) -> None:
    Membership.objects.filter(user=group.sanjar).delete()
    nurlan = Holder(logged_in(member("nurlan", valley.mediators, Membership.Role.MEDIATOR)), 2)
    say(nurlan.phone, nurlan.made(valley.mediators.code, wall_ms=1_550_000_000_000))
    assert given(aijan) == [b64(group.first.public), b64(nurlan.public)]


def test_whose_phone_was_robbed_replaces_the_key_from_one_whose_clock_is_behind(
    valley: Valley, aijan: Phone, group: Group
) -> None:
    """The server's time, which it heard when they logged in, is known to be earlier."""
    new = Holder(logged_in(group.sanjar), 2)
    say(new.phone, new.made(valley.mediators.code, wall_ms=1_550_000_000_000, last_server_ms=1_795_000_200_000))
    assert given(aijan) == [b64(group.first.public), b64(new.public)]


@pytest.mark.parametrize("heard", ["soon", -1, 4_102_444_800_001, True, 1.5, [], None])
def test_what_a_phone_says_it_heard_may_be_anything(heard: object, valley: Valley, aijan: Phone, group: Group) -> None:
    older = Holder(logged_in(group.sanjar), 2)
    made = older.made(valley.mediators.code, wall_ms=1_550_000_000_000, last_server_ms=heard)
    assert say(older.phone, made)["status"] == "applied"
    assert given(aijan) == [b64(group.first.public), b64(group.second.public)]
