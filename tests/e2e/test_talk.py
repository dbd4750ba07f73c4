"""Promise 4 in a real browser, for who does not read: the office's voice is heard, offline too, and answered by voice."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from reporting.cases.models import Case
from reporting.media.models import Medium
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import log_in_to_the_admin, report_the_gate, the_report
from tests.e2e.test_voice import PLAYS
from tests.e2e.words import words
from tests.media.sounds import recorded
from tests.processes import until

pytestmark = pytest.mark.e2e

VOICE: FilePayload = {"name": "said.webm", "mimeType": "audio/webm", "buffer": recorded("webm", 2)}

REPLY = "Дарбаза дагы жабык."


def case_page(address: str) -> str:
    return address + reverse("admin:reporting_case_change", args=[Case.objects.get().pk])


def says(page: Page, act: str) -> None:
    """The officer adds a recording and sends it."""
    form = page.locator(f"form[action='{reverse(f'admin:case_{act}', args=[Case.objects.get().pk])}']")
    form.locator("input[type=file]").set_input_files(VOICE)
    form.locator("button[type=submit]").click()


def speaks(phone: Handset) -> None:
    """Into the microphone, and sent."""
    phone.press("voice.record")
    expect(phone.page.locator(".taping")).to_contain_text("0:02")
    phone.press("voice.done")
    phone.press("review.save")


def has_fetched_what_the_office_said(page: Page) -> bool:
    """Nobody has pressed anything for it."""
    return any(row["opId"] == "" for row in rows(profile(page), "media"))


def listen(phone: Handset, card: Locator) -> None:
    card.get_by_role("button", name=words("sound.hear")).click()
    assert card.locator("audio").evaluate(PLAYS)


def arrived(count: int) -> None:
    until(
        lambda: Medium.objects.filter(role="voice", said_in__isnull=False, state="ready").count() == count, seconds=60
    )


def asked_by_voice(address: str, browser: Browser, handset: Callable[[str], Handset]) -> tuple[Handset, Page]:
    """A resident's phone whose report the office has asked about, with a link that lets no recording through, and the officer's desk."""
    phone = handset("resident")
    phone.open()
    report_the_gate(phone)
    phone.press("saved.done")
    until(lambda: Case.objects.filter(assignments__office__code="okmotu-ak-sai").exists(), seconds=60)
    desk = browser.new_page(locale="ky")
    log_in_to_the_admin(desk, address, "officer-ak-sai")
    desk.goto(case_page(address))
    phone.page.route("**/audio", lambda route: route.abort())
    says(desk, "ask")
    return phone, desk


def test_who_cannot_read_is_asked_and_answers_by_voice(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    phone, desk = asked_by_voice(address, browser, handset)
    until(lambda: Case.objects.get().inquiries.exists())

    expect(phone.page.get_by_text(words("talk.asked"))).to_be_visible(timeout=60_000)
    the_report(phone).click()
    spoken = phone.page.locator(".card.answer")
    phone.press("sound.hear")
    expect(spoken.get_by_text(words("sound.online"))).to_be_visible()
    expect(spoken.get_by_role("button", name=words("sound.hear"))).to_be_visible()  # it has tried, and may try again
    phone.page.unroute("**/audio")
    # What did not come is fetched again after a minute, with the next look for news.
    until(lambda: has_fetched_what_the_office_said(phone.page), seconds=120)
    phone.connect(False)
    phone.page.reload()
    listen(phone, phone.page.locator(".card.answer"))
    speaks(phone)
    expect(phone.page.get_by_text(words("medium.waiting")).first).to_be_visible()
    phone.connect(True)
    arrived(1)
    desk.reload()
    assert desk.locator("section:not(.act) audio").last.evaluate(PLAYS)

    says(desk, "answer")
    until(lambda: Case.objects.get().status == "answered")
    expect(phone.page.get_by_role("heading", name=words("detail.answers"), exact=True)).to_be_visible(timeout=60_000)
    listen(phone, phone.page.locator(".card.answer").last)
    phone.press("solved.no")
    speaks(phone)
    expect(phone.page.get_by_text(words("solved.said_no"))).to_be_visible()
    arrived(2)


def test_a_reply_that_a_crash_cut_off_is_there_again(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    phone, _ = asked_by_voice(address, browser, handset)
    expect(phone.page.get_by_text(words("talk.asked"))).to_be_visible(timeout=60_000)
    the_report(phone).click()
    phone.page.get_by_label(words("talk.yours")).fill(REPLY)
    phone.press("voice.record")
    expect(phone.page.locator(".taping")).to_contain_text("0:02")
    phone.kill()
    phone.open()
    the_report(phone).click()
    expect(phone.page.locator("form audio.sound")).to_be_visible()
    expect(phone.page.get_by_label(words("talk.yours"))).to_have_value(REPLY)
    phone.press("review.save")
    expect(phone.page.locator(".words", has_text=REPLY)).to_be_visible()
    expect(phone.page.get_by_label(words("talk.yours"))).to_have_count(0)
