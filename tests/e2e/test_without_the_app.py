"""Where the browser runs no script, or is too old for ours, the page says so; and it stands still for whom things that move make ill."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from reporting.places.names import LANGUAGES
from tests.e2e.handset import Handset
from tests.e2e.road import agree_to_the_notice
from tests.e2e.screens import Screen, open_screen, speak
from tests.e2e.words import words

pytestmark = pytest.mark.e2e

BROWSERS_AND_NUMBERS = "Chrome, Firefox; SOS 102, 112"

EDGES = "() => [...document.querySelectorAll('.empty p')].map((one) => one.getBoundingClientRect().toJSON())"
AWAY_PX, APART_PX = 16, 8


def garbled(route: Route) -> None:
    """What a browser makes of a script that it is too old for."""
    route.fulfill(content_type="text/javascript", body="const one = two ??= three.?four")


def says_what_to_do(page: Page) -> None:
    """In each language, apart, and what needs none: which browsers, and whom to call; and nothing of what the app is for."""
    sentences = page.locator(".empty p")
    expect(sentences).to_have_count(len(LANGUAGES) + 1)
    for sentence in sentences.all():
        expect(sentence).to_be_visible()
        expect(sentence).to_contain_text(re.compile(f"JavaScript|^{BROWSERS_AND_NUMBERS}$"))
    expect(sentences.last).to_have_text(BROWSERS_AND_NUMBERS)
    edges = page.evaluate(EDGES)
    assert min(edges[0]["left"], edges[0]["top"]) >= AWAY_PX
    assert all(above["bottom"] + APART_PX <= below["top"] for above, below in pairwise(edges))
    said = page.locator("body").inner_text()
    assert [words("app.name", language) for language in LANGUAGES if words("app.name", language) in said] == []


@pytest.mark.parametrize("path", ["/", "/carry"])
def test_a_page_without_its_script_says_what_to_do(address: str, browser: Browser, path: str) -> None:
    off = browser.new_context(java_script_enabled=False).new_page()
    off.goto(address + path)
    says_what_to_do(off)
    old = browser.new_context(service_workers="block").new_page()
    old.route("**/static/app/*.js", garbled)
    old.goto(address + path)
    says_what_to_do(old)
    old.unroute("**/static/app/*.js")
    old.reload()
    expect(old.locator("h1")).to_be_visible()
    expect(old.locator(".empty")).to_have_css("display", "none")  # and not only for as long as it waits


MOVING = "() => document.getAnimations().map(({ animationName }) => animationName)"


def test_nothing_moves_for_whom_it_must_not(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    agree_to_the_notice(phone.page)
    phone.press("home.report")
    phone.page.locator(".tile").first.click()
    phone.page.locator(".found button").first.click()
    expect(phone.heading("words.title")).to_be_visible()
    open_screen(phone.page, Screen("recording", "/report/words", speak), "ky")
    phone.page.emulate_media(reduced_motion="no-preference")
    assert phone.page.evaluate(MOVING) == ["breathe"], "what moves while one speaks"
    phone.page.emulate_media(reduced_motion="reduce")
    assert phone.page.evaluate(MOVING) == []
