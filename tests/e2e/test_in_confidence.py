"""Promise 5 for who reports: two mediators together learn it, the server never, and the reporter is told."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from reporting.cases.envelopes import ProtectedIdentity
from reporting.cases.models import Report
from reporting.people.models import GroupKey, User
from tests.cases.test_appeals import whole_database
from tests.e2e.databases import dumped
from tests.e2e.handset import Handset
from tests.e2e.road import another_mediator, begin_as_far_as_who, group, log_in_to_the_room, the_report
from tests.e2e.test_lock import lock, touch
from tests.e2e.test_whole_road import SOON
from tests.e2e.words import begins, words
from tests.mediators import keys_of
from tests.processes import until

pytestmark = pytest.mark.e2e

NAME, CONTACT = "Айжан Осмонова", "+996 555 000 001"
REASON = "Аны эскертүү керек."
CODE = "258013"


def in_the_room(phone: Handset, username: str) -> None:
    """A locked place on a phone, and a login in the room."""
    phone.open()
    lock(phone, CODE)
    log_in_to_the_room(phone, username)


def make_a_key(phone: Handset, username: str, place: int) -> str:
    """One of the group's keys, on a phone; what belongs on paper."""
    in_the_room(phone, username)
    phone.press("room.keys")
    card = phone.page.locator(".card").nth(place - 1)
    expect(card).to_contain_text(words("room.key_none"))
    card.get_by_role("button", name=words("room.key_make")).click()
    touch(phone, CODE[:4])
    expect(phone.page.get_by_text(words("room.key_short"))).to_be_visible()
    touch(phone, CODE)
    expect(phone.heading("room.key_paper")).to_be_visible()
    paper = phone.page.locator(".receipt").inner_text()
    phone.press("room.key_written")
    expect(phone.page.get_by_text(words("room.key_made"))).to_be_visible()
    until(lambda: GroupKey.objects.filter(place=place).exists())
    phone.press("back")
    phone.press("room.keys")
    expect(card).not_to_contain_text(words("room.key_none"))
    phone.press("back")
    return paper


def test_a_key_comes_back_from_its_paper_and_keeps_its_lock(handset: Callable[[str], Handset]) -> None:
    before, after = handset("before"), handset("after")
    paper = make_a_key(before, "mediator-batken", 1)
    before.page.evaluate("() => { location.hash = '#/lock/off' }")
    touch(before, CODE)
    expect(before.page.get_by_text(words("lock.key"))).to_be_visible()
    before.close()
    in_the_room(after, "mediator-batken")
    after.press("room.keys")
    after.press("room.key_take")
    typed = after.page.get_by_role("textbox", name=words("room.key_signs"))
    typed.fill(paper[1:])
    touch(after, CODE)
    expect(after.page.get_by_text(words("room.key_miscopied"))).to_be_visible()
    typed.fill(paper.lower().replace(" ", "-"))
    touch(after, CODE)
    expect(after.page.get_by_text(words("room.key_taken"))).to_be_visible()
    expect(after.page.get_by_role("button", name=words("room.key_take"))).to_have_count(0)
    assert GroupKey.objects.count() == 1


def test_two_mediators_learn_it_together_and_the_reporter_hears_of_it(handset: Callable[[str], Handset]) -> None:
    first, second, resident = handset("first"), handset("second"), handset("resident")
    make_a_key(first, "mediator-batken", 1)
    make_a_key(second, another_mediator("mediator-sanjar").username, 2)

    resident.open()
    begin_as_far_as_who(resident)
    resident.page.get_by_role("radio", name=begins("named.mediator")).check()
    expect(resident.page.get_by_role("button", name=words("next"))).to_be_disabled()
    resident.page.get_by_label(words("whose.name")).fill(NAME)
    resident.page.get_by_label(words("whose.contact")).fill(CONTACT)
    resident.press("next")
    expect(resident.page.get_by_text(words("named.mediator"))).to_be_visible()
    resident.press("review.save")
    expect(resident.heading("saved.title")).to_be_visible()
    resident.press("saved.done")
    until(lambda: Report.objects.filter(case__status="assigned").exists())
    assert NAME not in whole_database()
    assert CONTACT not in whole_database()
    the_report(resident).click()
    expect(resident.page.get_by_text(words("protect.sealed"))).to_be_visible(timeout=SOON)

    open_the_case(first)
    first.page.get_by_label(words("case.who_reason")).fill(REASON)
    first.press("case.who_ask")
    expect(first.page.get_by_text(REASON)).to_be_visible(timeout=SOON)
    signs = first.page.locator(".receipt").inner_text()

    open_the_case(second)
    expect(second.page.get_by_text(REASON)).to_be_visible(timeout=SOON)
    expect(second.page.locator(".receipt")).to_have_text(signs)
    second.press("case.who_consent")

    look = first.page.get_by_role("button", name=words("case.who_look"))
    expect(look).to_be_visible(timeout=SOON)
    assert NAME not in first.page.locator("body").inner_text()
    look.click()
    expect(first.page.get_by_text(NAME)).to_be_visible()
    expect(first.page.get_by_text(CONTACT)).to_be_visible()
    assert NAME not in str(dumped(first.page)), "the phone kept it"
    assert NAME not in second.page.locator("body").inner_text()

    told = words("protect.opened", date="").rstrip()
    expect(resident.page.get_by_text(told)).to_be_visible(timeout=SOON)
    resident.page.evaluate("() => { location.hash = '#/phone' }")
    expect(resident.page.get_by_text(words("phone.group_key"))).to_be_visible()
    on_the_poster = words("phone.group_key")
    signs_of_both = resident.page.locator("dl > div").filter(has_text=on_the_poster).locator(".receipt").inner_text()
    first.page.evaluate("() => { location.hash = '#/room/keys' }")
    expect(first.page.get_by_text(on_the_poster)).to_contain_text(signs_of_both)

    nurlan = another_mediator("mediator-nurlan")
    hear_of_other_keys(resident, nurlan, language="ru")
    begin_as_far_as_who(resident)
    others = resident.page.get_by_text(words("protect.others"))
    expect(others).to_have_count(0)
    resident.page.get_by_role("radio", name=begins("named.office")).check()
    resident.page.get_by_role("radio", name=begins("audience.border")).scroll_into_view_if_needed()
    resident.page.get_by_role("radio", name=begins("named.mediator")).check()
    expect(others).to_be_in_viewport()
    resident.page.get_by_label(words("whose.name")).fill(NAME)
    resident.page.get_by_label(words("whose.contact")).fill(CONTACT)
    resident.press("next")
    expect(resident.heading("review.title")).to_be_visible()
    hear_of_other_keys(resident, nurlan, language="uz")
    resident.page.get_by_role("button", name=begins("home.draft")).click()
    resident.press("review.save")
    expect(resident.heading("who.title")).to_be_visible()
    expect(others).to_be_in_viewport()
    resident.press("next")
    resident.press("review.save")
    expect(resident.heading("saved.title")).to_be_visible()
    until(lambda: ProtectedIdentity.objects.count() == 2, seconds=60)
    sealed = ProtectedIdentity.objects.order_by("-pk")[0]
    in_force = set(GroupKey.objects.filter(retired_at=None).values_list("key_id", flat=True))
    assert {sealed.first_key, sealed.second_key} == in_force


def hear_of_other_keys(resident: Handset, second: User, *, language: str) -> None:
    """The group makes new ones, and the phone is told: a language that is new to it brings the reference anew."""
    resident.page.evaluate("() => { location.hash = '#/phone' }")
    signs = resident.page.locator("dl > div").filter(has_text=words("phone.group_key")).locator(".receipt")
    before = signs.inner_text()
    keys_of(group(), User.objects.get(username="mediator-batken"), second)
    resident.page.evaluate("() => { location.hash = '#/' }")
    for one in (language, "ky"):
        resident.page.locator("header select").select_option(one)
        resident.page.locator(f"html[lang={one}]").wait_for()
    resident.page.evaluate("() => { location.hash = '#/phone' }")
    expect(signs).not_to_have_text(before)
    resident.page.evaluate("() => { location.hash = '#/' }")


def open_the_case(phone: Handset) -> None:
    expect(phone.page.locator("li .row")).to_have_count(1, timeout=SOON)
    phone.page.locator("li .row").click()
    expect(phone.page.get_by_text(words("case.who"), exact=True)).to_be_visible()
