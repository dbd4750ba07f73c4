"""How often a thumb must touch the screen: docs/taps.md says it, these walks count it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deploy.local.saying import ROOT
from reporting.cases.models import Category
from reporting.places.models import Place
from tests.e2e.handset import Handset
from tests.e2e.road import AK_SAI, WORDS
from tests.e2e.words import words

pytestmark = pytest.mark.e2e

MOST_OF_THE_MAIN_REPORT = 8
COUNTING = "window.taps = 0; addEventListener('pointerdown', () => { window.taps += 1 }, true)"
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


def in_words(page: Page) -> None:
    tap(page, "home.report")
    choose(page, "water-gate")
    write(page)
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


def of_danger(page: Page) -> None:
    tap(page, "home.danger")
    tap(page, "danger.report")
    choose(page, "force", "armed-people")
    speak(page)
    on_to_saved(page)


FLOWS: dict[str, Callable[[Page], None]] = {
    "The very first report, in words": in_words,
    "Report on water, in words": in_words,
    "Report on water, by voice": by_voice,
    "Report from a group, by voice": from_a_group,
    "Danger now, by voice": of_danger,
}


def test_each_flow_takes_the_taps_that_its_page_says(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
    phone.page.evaluate(COUNTING)
    taken = {}
    for name, walk in FLOWS.items():
        phone.page.evaluate("window.taps = 0")
        walk(phone.page)
        taken[name] = phone.page.evaluate("window.taps")
        tap(phone.page, "saved.done")
    said = {name: int(taps) for name, taps in ROW.findall((ROOT / "docs/taps.md").read_text())}
    assert taken == said
    assert taken["Report on water, in words"] <= MOST_OF_THE_MAIN_REPORT
    assert taken["Report on water, by voice"] <= MOST_OF_THE_MAIN_REPORT
