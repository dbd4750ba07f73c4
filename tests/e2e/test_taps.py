"""How often a thumb must touch the screen: docs/taps.md says it, these walks count it."""

import re
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from deploy.local.saying import ROOT
from reporting import events
from reporting.cases import work
from reporting.cases.categories import Category
from reporting.places.models import Place
from tests.e2e.handset import Handset
from tests.e2e.road import (
    AK_SAI,
    ANSWER,
    PASSWORD,
    VISIT,
    WORDS,
    keys_of_the_group,
    log_in_to_the_admin,
    photo_with_place,
    report_the_gate,
)
from tests.e2e.test_lock import CODE
from tests.e2e.test_screens import asked_about, officer
from tests.e2e.test_talk import case_page, says
from tests.e2e.words import begins, words

pytestmark = pytest.mark.e2e

Walk = Callable[[Page], None]

MOST_OF_THE_MAIN_REPORT = 8
COUNTING = "addEventListener('pointerdown', () => { sessionStorage.taps = Number(sessionStorage.taps) + 1 }, true)"
FROM_NOW_ON = "() => { sessionStorage.taps = 0 }"
SOON = 120_000
NO_MESSAGES = "() => addEventListener('click', (event) => event.preventDefault(), { once: true })"
"""Else the browser asks whether to open them, over the page."""
ROW = re.compile(r"^\| (.+?) \| (\d+) \|", re.MULTILINE)


def tap(page: Page, name: str) -> None:
    """A button by its words."""
    page.get_by_role("button", name=words(name), exact=True).click()


def choose(page: Page, *categories: str) -> None:
    """By picture, and the village from the list."""
    for code in categories:
        page.get_by_role("button", name=Category.objects.get(code=code).names["ky"]).click()
    page.locator(".found button").filter(has_text=Place.objects.get(code=AK_SAI).names["ky"]).first.click()


def write(page: Page) -> None:
    """Into the one field for words."""
    page.get_by_role("textbox", name=words("words.title")).click()
    page.keyboard.type(WORDS)


def speak(page: Page) -> None:
    """Two seconds; going on ends the recording."""
    tap(page, "voice.record")
    expect(page.locator(".taping")).to_contain_text("0:02")


def on_to_saved(page: Page) -> None:
    """Everything else as it is proposed."""
    while page.get_by_role("button", name=words("next"), exact=True).count():
        tap(page, "next")
    tap(page, "review.save")
    heading = page.locator("h1")
    expect(heading).not_to_have_text(words("review.title"))
    if heading.inner_text() == words("consent.title"):
        tap(page, "consent.yes")
    expect(page.get_by_role("heading", level=1, name=words("saved.title"))).to_be_visible()


def begin_in_words(page: Page) -> None:
    tap(page, "home.report")
    choose(page, "water-gate")
    write(page)


def in_words(page: Page) -> None:
    begin_in_words(page)
    on_to_saved(page)


def by_voice(page: Page) -> None:
    tap(page, "home.report")
    choose(page, "water-gate")
    speak(page)
    on_to_saved(page)


def from_a_group(page: Page) -> None:
    tap(page, "home.report")
    choose(page, "services", "school")
    speak(page)
    on_to_saved(page)


def with_a_photo(page: Page) -> None:
    begin_in_words(page)
    with page.expect_file_chooser() as picking:
        page.get_by_label(words("photos.gallery")).locator("xpath=..").click()
    picking.value.set_files(photo_with_place())
    expect(page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    on_to_saved(page)


def with_the_name_for_two_mediators(page: Page) -> None:
    begin_in_words(page)
    tap(page, "next")
    tap(page, "next")
    page.get_by_role("radio", name=begins("named.mediator")).click()
    for field in ("whose.name", "whose.contact"):
        page.get_by_label(words(field)).click()
        page.keyboard.type("+996 555 000 001")
    on_to_saved(page)


def of_danger(page: Page) -> None:
    tap(page, "home.danger")
    tap(page, "danger.report")
    choose(page, "force", "armed-people")
    speak(page)
    on_to_saved(page)


REPORTING: dict[str, Walk] = {
    "The very first report, in words": in_words,
    "Report on water, in words": in_words,
    "Report on water, by voice": by_voice,
    "Report on water, in words, with a photo": with_a_photo,
    "Report on water, in words, and one's name for two mediators": with_the_name_for_two_mediators,
    "Report from a group, by voice": from_a_group,
    "Danger now, by voice": of_danger,
}


def test_each_report_takes_the_taps_that_its_page_says(handset: Callable[[str], Handset]) -> None:
    keys_of_the_group()
    phone = counting(handset("resident"))
    taken = {}
    for name, walk in REPORTING.items():
        taken[name] = taps_of(phone.page, walk)
        tap(phone.page, "saved.done")
    assert taken == said_in("# Taps")
    assert taken["Report on water, in words"] <= MOST_OF_THE_MAIN_REPORT
    assert taken["Report on water, by voice"] <= MOST_OF_THE_MAIN_REPORT


def counting(phone: Handset) -> Handset:
    """Open, and counting touches, also where the page begins anew."""
    phone.get_ready()
    phone.page.add_init_script(COUNTING)
    phone.page.evaluate(COUNTING)
    return phone


def taps_of(page: Page, walk: Walk) -> int:
    page.evaluate(FROM_NOW_ON)
    walk(page)
    return int(page.evaluate("sessionStorage.taps"))


def said_in(heading: str) -> dict[str, int]:
    """The table under this heading of the page."""
    section = re.split(r"^(?=#)", (ROOT / "docs/taps.md").read_text(), flags=re.MULTILINE)
    (found,) = [one for one in section if one.startswith(f"{heading}\n")]
    return {name: int(taps) for name, taps in ROW.findall(found)}


def open_report(page: Page, state: str) -> None:
    """The newest one of those that are so far."""
    page.locator("li .row").filter(has_text=words(state)).first.click()


def say(page: Page) -> None:
    speak(page)
    tap(page, "voice.done")
    tap(page, "review.save")


def reply(page: Page) -> None:
    open_report(page, "talk.asked")
    say(page)
    expect(page.get_by_text(words("medium.waiting")).first).to_be_visible()


def hear_and_confirm(page: Page) -> None:
    open_report(page, "state.answered")
    page.locator(".card.answer").last.get_by_role("button", name=words("sound.hear")).click()
    expect(page.locator(".card.answer audio")).to_be_attached()
    tap(page, "solved.yes")
    expect(page.get_by_text(words("solved.said_yes"))).to_be_visible()


def dispute(page: Page) -> None:
    open_report(page, "state.answered")
    tap(page, "solved.no")
    say(page)
    expect(page.get_by_text(words("solved.said_no"))).to_be_visible()


def narrow(page: Page) -> None:
    page.locator("li .row").first.click()
    tap(page, "audience.change")
    page.get_by_role("radio", name=begins("audience.mediator")).click()
    expect(page.get_by_text(words("audience.changed"))).to_be_visible()


def widen(page: Page) -> None:
    page.locator("li .row").first.click()
    tap(page, "audience.change")
    page.get_by_role("radio", name=begins("audience.office")).click()
    tap(page, "audience.office")
    expect(page.get_by_text(words("audience.changed"))).to_be_visible()


def hand_over(page: Page) -> None:
    open_report(page, "state.saved")
    tap(page, "hand.title")
    with page.expect_download():
        page.get_by_role("button", name=words("hand.by_file")).click()


def show_codes(page: Page) -> None:
    open_report(page, "state.saved")
    tap(page, "hand.title")
    page.get_by_role("button", name=words("hand.by_qr")).click()
    expect(page.locator(".frame")).to_be_visible()


def send_by_sms(page: Page) -> None:
    open_report(page, "state.saved")
    tap(page, "hand.title")
    page.get_by_role("button", name=words("hand.by_sms")).click()
    page.evaluate(NO_MESSAGES)
    page.get_by_role("link", name=words("sms.open")).click()
    expect(page.get_by_text(words("sms.opened"))).to_be_visible()


def make_appeal(page: Page) -> None:
    open_report(page, "state.saved")
    tap(page, "appeal.open")
    for field in ("whose.name", "whose.address", "whose.contact"):
        page.get_by_label(words(field)).click()
        page.keyboard.type("+996 555 000 001")
    tap(page, "review.save")
    expect(page.get_by_label(words("whose.name"))).to_have_count(0)


def be_told(page: Page) -> None:
    open_report(page, "state.saved")
    tap(page, "notify.open")
    page.locator("input[name=notify]").click()
    page.keyboard.type("0555 000 001")
    tap(page, "review.save")
    expect(page.get_by_text(words("notify.given"))).to_be_visible()


def delete(page: Page) -> None:
    expect(page.locator("li .row").first).to_be_visible()
    before = page.locator("li .row").count()
    open_report(page, "state.saved")
    tap(page, "delete.open")
    tap(page, "wipe.yes")
    expect(page.locator("li .row")).to_have_count(before - 1)


def withdraw(page: Page) -> None:
    page.locator("li .row").first.click()
    tap(page, "withdraw.open")
    tap(page, "withdraw.yes")
    expect(page.get_by_text(words("withdraw.open"))).to_have_count(0)


def wipe(page: Page) -> None:
    tap(page, "home.phone")
    tap(page, "wipe.open")
    tap(page, "wipe.yes")
    expect(page.get_by_role("button", name=words("wipe.open"))).to_have_count(0)


def set_a_lock(page: Page) -> None:
    tap(page, "home.phone")
    tap(page, "lock.pin")
    for label in ("lock.new_pin", "lock.again"):
        expect(page.get_by_role("heading", name=words(label))).to_be_visible()
        enter(page)
    expect(page.get_by_role("button", name=words("lock.now"))).to_be_visible()


def lock_now(page: Page) -> None:
    tap(page, "home.phone")
    tap(page, "lock.now")
    expect(page.locator("h1")).to_have_text(words("lock.title"))


def enter(page: Page) -> None:
    for digit in CODE:
        page.get_by_role("button", name=digit, exact=True).click()
    tap(page, "next")


def unlock(page: Page) -> None:
    enter(page)
    expect(page.locator("h1")).to_have_text(words("home.mine"))


def come_anew(page: Page) -> None:
    tap(page, "people.other")
    tap(page, "people.new")
    expect(page.locator("h1")).to_have_text(words("home.mine"))
    expect(page.locator("li .row")).to_have_count(0)


def leave(page: Page) -> None:
    tap(page, "exit")
    expect(page.locator(".days")).to_be_visible()


@pytest.mark.usefixtures("takes_sms")
def test_what_comes_after_a_report_takes_the_taps_that_its_page_says(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    phone = counting(handset("resident"))
    taken: dict[str, int] = {}

    def count(name: str, walk: Walk) -> None:
        taken[name] = taps_of(phone.page, walk)
        phone.page.evaluate("() => { location.hash = '/' }")

    report_the_gate(phone)
    phone.press("saved.done")
    first = asked_about(known=[])
    heard(phone, "talk.asked")
    count("Reply to a question, by voice", reply)
    desk = browser.new_page(locale="ky")
    log_in_to_the_admin(desk, address, "officer-ak-sai")
    desk.goto(case_page(address))
    says(desk, "answer")
    heard(phone, "state.answered")
    count("Answer heard, then solved", hear_and_confirm)

    receipt = report_the_gate(phone)
    phone.press("saved.done")
    second = asked_about(known=[first.pk])
    with events.unit_of_work():
        work.answer(case=second.case_id, by=officer(), text=ANSWER, language="ky", at=timezone.now())
    heard(phone, "state.answered")
    count("Not solved, and why, by voice", dispute)
    count("Look up a receipt", look_up(receipt))
    count("Narrow who may read", narrow)
    count("Let more read", widen)
    count("Withdraw", withdraw)
    heard(phone, "state.withdrawn")
    count("Wipe what was answered", wipe)

    phone.connect(False)
    for _ in range(2):
        report_the_gate(phone)
        phone.press("saved.done")
    count("Delete what never left", delete)
    count("Make it an appeal", make_appeal)
    count("Be told by SMS that there is news", be_told)
    count("Hand over as a file", hand_over)
    count("Hand over as codes", show_codes)
    count("Send by SMS", send_by_sms)
    count("Set a lock", set_a_lock)
    count("Lock", lock_now)
    count("Unlock", unlock)
    count("Out, in one touch", leave)
    count("Another person, from the lock", come_anew)

    mediator = counting(handset("mediator"))
    taken["A mediator's login"] = taps_of(mediator.page, come_into_the_room)
    taken["Write of a visit"] = taps_of(mediator.page, write_of_a_visit)
    assert taken == said_in("## Afterwards")


def come_into_the_room(page: Page) -> None:
    tap(page, "home.room")
    for field, typed in (("room.username", "mediator-batken"), ("room.password", PASSWORD)):
        page.get_by_label(words(field)).click()
        page.keyboard.type(typed)
    tap(page, "room.login")
    expect(page.locator("li .row").first).to_be_visible(timeout=SOON)


def write_of_a_visit(page: Page) -> None:
    page.locator("li .row").first.click()
    tap(page, "visit.title")
    page.get_by_role("textbox", name=words("visit.text")).click()
    page.keyboard.type(VISIT)
    tap(page, "review.save")
    expect(page.get_by_text(VISIT)).to_be_visible()


def heard(phone: Handset, state: str) -> None:
    """The phone has it too."""
    expect(phone.page.locator("li .row").filter(has_text=words(state))).to_be_visible(timeout=SOON)


def look_up(receipt: str) -> Walk:
    def walk(page: Page) -> None:
        tap(page, "lookup.title")
        page.get_by_label(words("receipt")).click()
        page.keyboard.type(receipt)
        tap(page, "lookup.ask")
        expect(page.locator("[role=status] .status")).to_be_visible()

    return walk
