"""Promise 5 when somebody comes in: one touch, and neither the screen nor its way back speaks of a report."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.apart import BREAKING
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import go, log_in_to_the_room, photo_with_place, report_the_gate, the_report, write_about_the_gate
from tests.e2e.test_lock import CODE, lock, touch
from tests.e2e.words import words
from tests.processes import until

pytestmark = pytest.mark.e2e


def shows_a_calendar_alone(page: Page) -> None:
    expect(page.locator(".days li[aria-current=date]")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    assert words("app.name") not in page.title() + page.locator("body").inner_text()


def test_one_touch_leads_out_and_no_button_of_the_phone_back(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    report_the_gate(phone)
    phone.press("saved.done")
    phone.connect(False)
    the_report(phone).click()
    expect(phone.page.locator(".stations")).to_be_visible()
    phone.press("exit")
    shows_a_calendar_alone(phone.page)
    phone.page.wait_for_function("() => history.state.path === '/days' && history.state.depth === 1")
    phone.page.go_back()
    shows_a_calendar_alone(phone.page)
    phone.page.go_forward()
    shows_a_calendar_alone(phone.page)
    phone.page.go_forward()
    shows_a_calendar_alone(phone.page)
    phone.page.reload()
    shows_a_calendar_alone(phone.page)
    phone.page.locator("h1 button").click()
    expect(the_report(phone)).to_be_visible()


def test_the_way_out_locks_whoever_has_a_lock(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    report_the_gate(phone)
    phone.press("saved.done")
    lock(phone)
    phone.connect(False)
    # Whose page began anew before has the screens of that time behind it.
    phone.press("home.phone")
    phone.press("lock.now")
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, CODE)
    the_report(phone).click()
    expect(phone.page.locator(".stations")).to_be_visible()
    opened = phone.page.evaluate("() => performance.timeOrigin")
    phone.press("exit")
    phone.page.wait_for_function("(opened) => performance.timeOrigin > opened", arg=opened)
    shows_a_calendar_alone(phone.page)
    phone.page.go_back()
    shows_a_calendar_alone(phone.page)
    phone.page.go_back()
    assert phone.page.url == "about:blank"
    phone.page.go_forward()
    shows_a_calendar_alone(phone.page)
    phone.page.locator("h1 button").click()
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, CODE)
    expect(the_report(phone)).to_be_visible()


def test_nothing_is_behind_the_way_out_where_the_app_was_opened_twice_in_a_tab(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    report_the_gate(phone)
    phone.press("saved.done")
    the_report(phone).click()
    expect(phone.page.locator(".stations")).to_be_visible()
    phone.page.goto("about:blank")
    phone.open_here()
    the_report(phone).click()
    expect(phone.page.locator(".stations")).to_be_visible()
    phone.press("exit")
    shows_a_calendar_alone(phone.page)
    apps = 0
    for _ in range(phone.page.evaluate("history.length") - 1):
        phone.page.go_back()
        if phone.page.url != "about:blank":
            shows_a_calendar_alone(phone.page)
            apps += 1
    assert apps > 1


def test_another_tab_shows_a_calendar_too(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    report_the_gate(phone)
    phone.press("saved.done")
    other = phone.new_tab()
    other.get_by_role("button", name=words("home.phone"), exact=True).click()
    expect(other.get_by_role("heading", level=1, name=words("home.phone"), exact=True)).to_be_visible()
    phone.press("exit")
    shows_a_calendar_alone(other)
    other.go_back()
    shows_a_calendar_alone(other)


A_TOUCH_LATER = "(last) => { document.querySelector(last).click(); document.querySelector('.exit').click() }"
"""The last touch before somebody comes in, and the way out at once: the phone is still at work."""


def test_a_report_that_is_saved_meanwhile_does_not_show_itself_over_the_calendar(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    write_about_the_gate(phone, photo_with_place())
    phone.page.evaluate(A_TOUCH_LATER, ".dock .main")
    until(lambda: len(rows(profile(phone.page), "reports")) == 1)
    phone.page.wait_for_timeout(1_000)
    shows_a_calendar_alone(phone.page)
    phone.page.go_back()
    shows_a_calendar_alone(phone.page)
    phone.page.locator("h1 button").click()
    expect(the_report(phone)).to_be_visible()


def test_a_mediator_who_leaves_while_the_door_opens_stays_out_of_it(handset: Callable[[str], Handset]) -> None:
    phone = handset("mediator")
    phone.get_ready()
    before = len(phone.link.sent)
    phone.link.slow_down(round_trip=1)
    log_in_to_the_room(phone, "mediator-batken")
    phone.press("exit")
    until(lambda: any("/sync" in one.asked for one in phone.link.sent[before:]), seconds=30)
    phone.page.wait_for_timeout(2_000)
    shows_a_calendar_alone(phone.page)
    phone.page.go_back()
    shows_a_calendar_alone(phone.page)


def test_a_lock_that_opens_meanwhile_is_locked_again(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    lock(phone)
    phone.page.reload()
    expect(phone.heading("lock.title")).to_be_visible()
    for digit in CODE:
        phone.page.get_by_role("button", name=digit, exact=True).click()
    phone.page.evaluate(A_TOUCH_LATER, ".pad button:last-child")
    phone.page.wait_for_timeout(4_000)
    shows_a_calendar_alone(phone.page)
    phone.page.locator("h1 button").click()
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, CODE)
    expect(phone.heading("home.mine")).to_be_visible()


def test_every_screen_has_the_way_out(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    places = ("", "danger", "receipt", "carry", "room", "phone", "lock/pin", "lock/off", "consent")
    steps = [f"report/{step}" for step in ("what", "where", "words", "details", "who", "review")]
    of_one = [f"{place}/x" for place in ("saved", "mine", "hand", "qr", "sms")]
    is_in_the_corner_of(phone, *places, *steps, *of_one)
    in_the_room(phone)
    is_in_the_corner_of(phone, "room", "room/keys", "room/login", "room/qr", "room/x", "room/x/visit")
    phone.press("exit")
    shows_a_calendar_alone(phone.page)


def in_the_room(phone: Handset) -> None:
    phone.page.evaluate("() => { location.hash = '#/' }")
    log_in_to_the_room(phone, "mediator-batken")
    expect(phone.page.get_by_role("button", name=words("room.keys"), exact=True)).to_be_visible()


def is_in_the_corner_of(phone: Handset, *places: str) -> None:
    """The way out, on each of these screens; nothing else of the page is taken for it."""
    out = phone.page.get_by_role("button", name=words("exit"), exact=True)

    def is_in_the_corner() -> bool:
        box = out.bounding_box()  # none in the moment in which one screen takes another's place
        return box is not None and box["x"] + box["width"] <= 360 and box["y"] < 20

    for place in places:
        go(phone.page, place)
        until(is_in_the_corner, seconds=10)


def test_the_page_for_desks_has_the_way_out_too(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open_blank()
    phone.page.goto(f"{phone.link.address}/carry")
    expect(phone.heading("home.carry")).to_be_visible()
    phone.press("exit")
    shows_a_calendar_alone(phone.page)
    phone.page.go_back()
    shows_a_calendar_alone(phone.page)
    phone.page.locator("h1 button").click()
    expect(phone.heading("home.carry")).to_be_visible()


TITLES = """window.titles = new Set()
new MutationObserver(() => titles.add(document.title)).observe(document, { childList: true, subtree: true })"""
"""What the page is called, from its first moment on."""


def test_the_app_passes_for_a_calendar_where_a_person_wants_it_to(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    assert installed(phone)["name"] == words("app.name")
    phone.press("home.phone")
    phone.page.get_by_label(words("look.calendar")).check()
    expect(phone.page).to_have_title(words("app.calendar"))
    until(lambda: installed(phone)["name"] == words("app.calendar"))
    look = installed(phone)
    phone.connect(False)
    phone.page.goto(phone.link.address + look["start_url"])
    shows_a_calendar_alone(phone.page)
    phone.page.add_init_script(TITLES)
    phone.page.reload()
    shows_a_calendar_alone(phone.page)
    titles = phone.page.evaluate("[...titles]")
    assert titles[-1] == phone.page.title()
    assert "Aryk" not in titles
    phone.page.locator("h1 button").click()
    expect(phone.heading("home.mine")).to_be_visible()
    expect(phone.page).to_have_title(words("app.calendar"))


def installed(phone: Handset) -> dict[str, str]:
    """What Chromium would put on the home screen; it finds nothing wrong with it."""
    phone.page.locator("link[rel=manifest]").wait_for(state="attached")
    tools = phone.devtools()
    found = tools.send("Page.getAppManifest")
    faults = [one["errorId"] for one in tools.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert (found["errors"], [fault for fault in faults if fault != "in-incognito"]) == ([], [])
    look: dict[str, str] = json.loads(found["data"])
    return look


VOICE = """window.said = []
window.SpeechSynthesisUtterance = class { constructor(words) { this.words = words } }
const voices = [{ lang: 'ky-KG', localService: true }]
const speak = ({ words }) => window.said.push(words)
const cancel = () => window.said.push('')
Object.defineProperty(window, 'speechSynthesis', { value: { getVoices: () => voices, speak, cancel } })
const close = AudioContext.prototype.close
window.shut = 0
AudioContext.prototype.close = function () { window.shut += 1; return close.call(this) }"""
"""A phone with a voice; what it was given to say, in order, and '' where it was told to be silent."""


def test_nothing_speaks_any_more_once_somebody_has_left(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    expect(the_report(phone)).to_be_visible()  # a reload on the way there would be of another screen
    phone.page.add_init_script(VOICE)
    phone.page.reload()
    the_report(phone).click()
    # It is speaking already.
    phone.press("sound.state")
    phone.page.wait_for_function("(words) => said.includes(words)", arg=words("state.saved"))
    phone.press("exit")
    shows_a_calendar_alone(phone.page)
    phone.page.wait_for_function("() => said[said.length - 1] === ''")
    phone.page.locator("h1 button").click()
    the_report(phone).click()
    # The tones still sound, and the words would follow them.
    phone.page.evaluate("() => { said.length = 0; shut = 0 }")
    phone.press("sound.state")
    phone.press("exit")
    shows_a_calendar_alone(phone.page)
    phone.page.wait_for_function("() => shut === 1")
    phone.page.wait_for_timeout(1_500)
    assert phone.page.evaluate("() => said.filter(Boolean)") == []
    # The phone was put away.
    phone.page.locator("h1 button").click()
    the_report(phone).click()
    phone.press("sound.state")
    phone.page.wait_for_function("() => said.length > 0 && said[said.length - 1] !== ''")
    phone.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    phone.page.wait_for_function("() => said[said.length - 1] === ''")


def test_a_screen_that_broke_is_left_in_one_touch_too(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    expect(phone.page.locator("header select")).to_be_visible()
    phone.page.evaluate(BREAKING)
    expect(phone.page.get_by_role("alert")).to_have_text(words("error.unexpected"))
    phone.press("exit")
    shows_a_calendar_alone(phone.page)
