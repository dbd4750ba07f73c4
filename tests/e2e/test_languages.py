"""The main road in each language, without a network, in the catalogue's own words; and the months as each language names them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

import pytest
from babel.dates import format_date
from playwright.sync_api import Browser, Page, expect

from reporting.cases.categories import Category
from reporting.places.names import LANGUAGES
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import WORDS, photo_with_place
from tests.e2e.screens import press
from tests.e2e.words import words
from tests.processes import until

pytestmark = pytest.mark.e2e

CLDR = {language: language for language in LANGUAGES} | {"en": "en_GB"}
"""English as the region reads it: the day before the month."""
YEAR = 2026
DAY = date(YEAR, 1, 24)


def written(day: date, language: str) -> str:
    """As CLDR has it; the phone keeps a hyphen's parts on one line."""
    return re.sub(r"\s", " ", format_date(day, "long", locale=CLDR[language])).replace("-", "\u2011")


def speak(page: Page, language: str) -> None:
    page.locator("header select").select_option(language)
    page.locator(f"html[lang={language}]").wait_for()


def test_a_report_is_saved_offline_in_every_language(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    for language in LANGUAGES[1:]:  # words and names that were read once are there offline
        speak(phone.page, language)
        until(partial(knows_names_in, phone.page, language), seconds=30)
    phone.connect(False)
    for language in LANGUAGES:
        speak(phone.page, language)
        report(phone.page, language)
    kept = rows(profile(phone.page), "reports")
    assert len(kept) == len(LANGUAGES)
    expect(phone.page.locator("li .row")).to_have_count(len(LANGUAGES))


def knows_names_in(page: Page, language: str) -> bool:
    """Whether the phone keeps what things are called in this language."""
    facts = rows(profile(page), "facts")
    return any(row["key"] == "reference" and language in row["value"]["languages"] for row in facts)


def report(page: Page, language: str) -> None:
    """By pictures and words, from the first screen to *saved* and back."""
    press("home.report")(page, language)
    page.get_by_role("button", name=Category.objects.get(code="water-gate").names[language], exact=True).click()
    page.get_by_role("searchbox").fill("aksai")
    page.locator(".found button").first.click()
    page.get_by_role("textbox", name=words("words.title", language)).fill(WORDS)
    page.locator("input[type=file]:not([capture])").set_input_files(photo_with_place())
    expect(page.get_by_role("img", name=words("photos.n", language, n=1))).to_be_visible()
    press("next")(page, language)
    page.get_by_role("radio", name=words("when.date", language)).check()
    page.get_by_label(words("when.which", language)).fill(DAY.isoformat())
    press("next")(page, language)
    press("next")(page, language)
    expect(page.locator("h1")).to_have_text(words("review.title", language))
    expect(page.get_by_text(written(DAY, language), exact=True)).to_be_visible()
    press("review.save")(page, language)
    title = page.locator("h1")
    expect(title).not_to_have_text(words("review.title", language))
    if title.inner_text() == words("consent.title", language):
        press("consent.yes")(page, language)
    expect(title).to_have_text(words("saved.title", language))
    press("saved.done")(page, language)
    expect(title).to_have_text(words("home.mine", language))


@pytest.mark.parametrize(("phone", "app"), [("uz-Latn-UZ", "uz"), ("ru-RU", "ru"), ("de-DE", "ky")])
def test_the_app_begins_in_the_language_of_the_phone(address: str, browser: Browser, phone: str, app: str) -> None:
    page = browser.new_page(locale=phone)
    page.goto(address)
    expect(page.locator("h1")).to_have_text(words("home.mine", app))
    assert page.locator("html").get_attribute("lang") == app


def test_each_month_has_its_own_name_in_every_language(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    shown = {}
    for language in LANGUAGES:
        speak(phone.page, language)
        shown[language] = [calendar_of(phone.page, month) for month in range(1, 13)]
    assert shown == {
        language: [written(date(YEAR, month, 15), language) for month in range(1, 13)] for language in LANGUAGES
    }


def calendar_of(page: Page, month: int) -> str:
    """The heading of the neutral page on a day of this month, by the phone's clock; then back."""
    page.clock.set_fixed_time(datetime(YEAR, month, 15, 12, tzinfo=UTC))
    page.evaluate("() => { location.hash = '/days' }")
    expect(page.locator(".days")).to_be_visible()
    heading = page.locator("h1").inner_text()
    page.evaluate("() => { location.hash = '/' }")
    expect(page.locator(".dock .main")).to_be_visible()
    return heading
