"""Promise 5 begins with the truth: before the first report is saved a person is told what happens to it, and may say no."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from reporting.cases.categories import Category
from reporting.cases.models import Report
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import WORDS, the_report
from tests.e2e.words import words
from tests.processes import until

pytestmark = pytest.mark.e2e


def write_in_words(phone: Handset, *categories: str) -> None:
    """From a category to the review, with what is proposed; and the last touch."""
    for code in categories:
        phone.page.get_by_role("button", name=Category.objects.get(code=code).names["ky"]).click()
    phone.page.locator(".found button").first.click()
    phone.page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    while phone.page.get_by_role("button", name=words("next"), exact=True).count():
        phone.press("next")
    phone.press("review.save")


def test_who_does_not_agree_has_saved_nothing_and_lost_nothing(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.press("home.report")
    write_in_words(phone, "water-gate")
    expect(phone.heading("consent.title")).to_be_visible()
    phone.press("consent.no")
    expect(phone.heading("review.title")).to_be_visible()
    expect(phone.page.get_by_text(WORDS)).to_be_visible()
    assert rows(profile(phone.page), "operations") == []
    phone.press("review.save")
    phone.press("consent.yes")
    expect(phone.heading("saved.title")).to_be_visible()
    phone.press("saved.done")
    expect(the_report(phone)).to_be_visible()
    until(lambda: Report.objects.filter(consent=2).exists())
    phone.press("home.report")
    write_in_words(phone, "water-gate")
    expect(phone.heading("saved.title")).to_be_visible()


def test_danger_goes_first_and_the_question_comes_afterwards(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.press("home.danger")
    phone.press("danger.report")
    write_in_words(phone, "force", "armed-people")
    expect(phone.heading("saved.title")).to_be_visible()
    until(lambda: Report.objects.filter(consent=None).exists())
    phone.press("saved.done")
    phone.press("consent.yes")
    expect(the_report(phone)).to_be_visible()
    until(lambda: Report.objects.filter(consent=2).exists())
