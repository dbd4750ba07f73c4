"""The whole road of a report for who cannot read: docs/taps.md tells it. Nothing on the phone is found by its words here, only by
pictures, by their place, and by what is heard."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Geolocation, Locator, Page, expect

from deploy.local.saying import ROOT
from reporting.cases.models import Case, Report
from reporting.media.models import Medium
from tests.e2e.handset import Handset
from tests.e2e.road import log_in_to_the_admin
from tests.e2e.test_talk import case_page, says
from tests.e2e.test_voice import PLAYS
from tests.processes import until

pytestmark = pytest.mark.e2e

DRAWINGS = (ROOT / "frontend/src/ui/icons.tsx").read_text()
IN_THE_VILLAGE: Geolocation = {"latitude": 39.87438, "longitude": 70.52211, "accuracy": 30}
STATION = ".stations [aria-current=step]"


def drawn(name: str) -> str:
    """A selector of the picture that icons.tsx draws under this name: its last stroke."""
    found = re.search(rf'^  "?{name}"?:.*?(?=^  "?[\w-]+"?: )', DRAWINGS, re.MULTILINE | re.DOTALL)
    assert found, name
    last = re.findall(r'"([Mm][^"]+)"', found[0])[-1]
    return f"svg:has(path[d='{last}'])"


def touch(page: Page, name: str, within: str = "main, .dock") -> None:
    """The one thing with this picture."""
    page.locator(f":is({within}) button:has({drawn(name)})").click()


def hear(card: Locator) -> None:
    """Touch what plays it, and hear it."""
    card.locator(f"button:has({drawn('forward')})").click()
    assert card.locator("audio").evaluate(PLAYS)


TONES_NOTED = """() => {
  const set = AudioParam.prototype.setValueAtTime;
  window.tones = [];
  AudioParam.prototype.setValueAtTime = function (value, at) {
    window.tones.push(value);
    return set.call(this, value, at);
  };
}"""


def tones_of_the_state(page: Page) -> list[int]:
    """Touch the loudspeaker; what the browser was given to play."""
    page.evaluate(TONES_NOTED)
    touch(page, "speaker")
    tones: list[int] = page.evaluate("window.tones")
    return tones


def report_by_voice(page: Page) -> None:
    """From the first screen until it is saved."""
    touch(page, "add", ".dock")
    tell(page)
    touch(page, "check", ".dock")
    expect(page.locator(f".stamp {drawn('solved')}")).to_be_visible()


def tell(page: Page, steps: int = 3) -> None:
    """What, where, by voice, and save it."""
    touch(page, "water-gate")
    touch(page, "here")
    expect(page.locator(".note button").first).to_be_visible()
    page.locator(".found button").first.click()
    touch(page, "voice")
    expect(page.locator(".taping")).to_contain_text("0:02")
    for _ in range(steps):
        touch(page, "forward", ".dock")
    touch(page, "saved", ".dock")


def test_danger_is_reported_without_reading(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    page = phone.page
    page.context.grant_permissions(["geolocation", "microphone"])
    page.context.set_geolocation(IN_THE_VILLAGE)
    touch(page, "danger")
    expect(page.locator(f"a:has({drawn('call')})")).to_have_count(2)
    touch(page, "add", ".dock")
    tell(page, steps=2)
    expect(page.locator(f".stamp {drawn('solved')}")).to_be_visible()
    until(lambda: Case.objects.filter(danger=True).exists(), seconds=60)


def test_a_report_is_made_answered_and_confirmed_without_reading(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    phone = handset("resident")
    phone.open()
    page = phone.page
    page.context.grant_permissions(["geolocation", "microphone"])
    page.context.set_geolocation(IN_THE_VILLAGE)
    page.locator("link[rel=manifest]").wait_for(state="attached")  # asked for once the phone can be offline
    phone.connect(False)
    report_by_voice(page)
    touch(page, "forward", ".dock")
    expect(page.locator(f"li .row {drawn('saved')}")).to_be_visible()
    phone.connect(True)
    phone.wake()
    until(lambda: Medium.objects.filter(role="voice", state="ready").exists(), seconds=60)
    report = Report.objects.get()
    assert report.text == ""
    assert report.consent == 2

    answer_aloud(address, browser)
    expect(page.locator(f"li .row .status {drawn('answered')}")).to_be_visible(timeout=60_000)
    page.locator("li .row").click()
    assert tones_of_the_state(page) == [523, 587, 659, 784, 880]
    hear(page.locator(".card.answer"))
    touch(page, "solved")
    expect(page.locator(f"{STATION} {drawn('solved')}")).to_be_visible()
    assert tones_of_the_state(page)[-1] == 1047
    until(lambda: Case.objects.get().status == "solved", seconds=60)


def answer_aloud(address: str, browser: Browser) -> None:
    """The mediators have it, as nothing else was chosen."""
    until(lambda: Case.objects.filter(assignments__role="responsible").exists(), seconds=60)
    desk = browser.new_page(locale="ky")
    log_in_to_the_admin(desk, address, "mediator-batken")
    desk.goto(case_page(address))
    says(desk, "answer")
    until(lambda: Case.objects.get().status == "answered", seconds=60)
