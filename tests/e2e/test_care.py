"""Nobody says more, or to more people, than they mean to: what a slip of the finger or a slow phone must not do."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from reporting.cases.categories import Category
from reporting.cases.models import Case, Reply, Report, Status
from reporting.media.models import Medium
from reporting.places.models import Place
from tests.e2e.handset import Handset
from tests.e2e.road import (
    AK_SAI,
    agree_to_the_notice,
    answer_in_the_admin,
    begin_as_far_as_who,
    begin_the_report,
    photo_with_place,
    report_the_gate,
    the_report,
)
from tests.e2e.test_reporter_decides import responsible
from tests.e2e.words import begins, words
from tests.processes import until

pytestmark = pytest.mark.e2e

SLOW_PICTURES = """() => {
  const decode = HTMLImageElement.prototype.decode;
  const ready = new Promise((done) => { window.picturesAreReady = done });
  HTMLImageElement.prototype.decode = function () { return ready.then(() => decode.call(this)) };
}"""
SLOW_MICROPHONE = """() => {
  const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const allowed = new Promise((done) => { window.allow = done });
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    await allowed;
    window.stream = await ask(wanted);
    return window.stream;
  };
}"""


def save_button(phone: Handset) -> Locator:
    return phone.page.get_by_role("button", name=words("review.save"), exact=True)


def group_of(page: Page, legend: str) -> Locator:
    return page.get_by_role("group", name=words(legend))


def to_the_review(phone: Handset) -> None:
    """From the words, past what need not be said."""
    for _ in range(3):
        phone.press("next")
    expect(phone.heading("review.title")).to_be_visible()


def with_the_mediators(handset: Callable[[str], Handset]) -> Handset:
    """A phone at its report, which mediators alone may read and have."""
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    to_the_review(phone)
    phone.press("review.save")
    phone.press("saved.done")
    until(lambda: responsible() == "mediation-batken", seconds=60)
    the_report(phone).click()
    return phone


def test_a_photo_that_a_slow_phone_makes_ready_goes_with_its_own_report(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    phone.page.evaluate(SLOW_PICTURES)
    phone.page.locator("input[type=file]:not([capture])").set_input_files([photo_with_place()] * 6)
    to_the_review(phone)
    expect(phone.page.get_by_text(words("review.pending_photos"))).to_be_visible()
    expect(save_button(phone)).to_be_disabled()
    phone.press("leave")
    phone.press("home.report")
    phone.page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"]).click()
    phone.page.get_by_role("button", name=Place.objects.get(code=AK_SAI).names["ky"]).first.click()
    phone.page.evaluate("() => picturesAreReady()")
    expect(phone.page.get_by_text(words("review.pending_photos"))).to_have_count(0)
    expect(phone.page.locator(".photos")).to_have_count(0)
    phone.press("leave")
    phone.page.get_by_role("button", name=begins("home.draft")).last.click()
    expect(phone.page.get_by_role("img", name=words("review.photos", n=4))).to_be_visible()
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    until(lambda: Report.objects.exists(), seconds=60)
    until(lambda: Medium.objects.filter(entity_id=Report.objects.get().pk, role="photo").count() == 4, seconds=60)


def test_who_left_before_the_microphone_was_there_is_not_heard(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    phone.page.evaluate(SLOW_MICROPHONE)
    phone.press("voice.record")
    phone.press("exit")
    phone.page.evaluate("() => allow()")
    phone.page.wait_for_function("() => window.stream?.getTracks().every((one) => one.readyState === 'ended')")


def test_to_let_more_read_is_asked_about_first(handset: Callable[[str], Handset]) -> None:
    phone = with_the_mediators(handset)
    page = phone.page
    phone.press("audience.change")
    page.get_by_role("radio", name=begins("audience.office")).check()
    expect(page.get_by_text(words("audience.wider"))).to_be_visible()
    phone.press("withdraw.no")
    expect(page.get_by_role("radio", name=begins("audience.mediator"))).to_be_checked()
    page.get_by_role("radio", name=begins("audience.office")).check()
    page.get_by_role("button", name=words("audience.office"), exact=True).click()
    expect(page.get_by_text(words("audience.changed"))).to_be_visible()
    until(lambda: responsible() == "okmotu-ak-sai", seconds=60)


def test_what_is_about_an_office_is_not_sent_until_that_is_said(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_as_far_as_who(phone)
    page = phone.page
    page.get_by_role("radio", name=begins("audience.border")).check()
    group_of(page, "about.title").get_by_role("radio", name=words("yes")).check()
    expect(page.get_by_text(words("review.missing", what=words("about.which")))).to_be_visible()
    phone.press("leave")
    page.get_by_role("button", name=begins("home.draft")).click()
    expect(page.get_by_text(words("review.missing", what=words("about.which")))).to_be_visible()
    expect(save_button(phone)).to_be_disabled()
    page.get_by_role("button", name=f"{words('change')}: {words('review.who')}").click()
    expect(group_of(page, "about.title").get_by_role("radio", name=words("yes"))).to_be_checked()
    page.locator("select").last.select_option(label=words("about.unlisted"))
    expect(page.get_by_text(words("about.unlisted_means"))).to_be_visible()
    expect(page.get_by_role("radio", name=begins("audience.mediator"))).to_be_checked()
    page.get_by_role("radio", name=begins("named.office")).check()
    expect(page.get_by_text(words("review.missing", what=words("about.which")))).to_be_visible()
    page.locator("select").last.select_option(label=words("about.unlisted"))
    phone.press("next")
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    until(lambda: Report.objects.filter(audience="mediator").exists(), seconds=60)
    phone.press("saved.done")
    the_report(phone).click()
    expect(page.get_by_text(words("about.unlisted_means"))).to_be_visible()
    for wider in ("audience.change", "appeal.open"):
        expect(page.get_by_role("button", name=words(wider))).to_have_count(0)


def test_danger_that_is_said_among_the_details_is_seen_in_the_review_and_by_the_office(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    phone.press("next")
    group_of(phone.page, "endangered.title").get_by_role("radio", name=words("yes")).check()
    expect(phone.page.get_by_text(words("danger.not112"))).to_be_visible()
    phone.press("next")
    phone.press("next")
    expect(phone.page.locator(".facts .status.alarm")).to_have_text(words("home.danger"))
    phone.press("review.save")
    until(lambda: Case.objects.filter(danger=True).exists(), seconds=60)


def test_who_chooses_an_appeal_sees_that_an_office_reads_it(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_as_far_as_who(phone)
    expect(phone.page.get_by_role("radio", name=begins("audience.mediator"))).to_be_checked()
    phone.page.get_by_role("radio", name=begins("named.office")).check()
    expect(phone.page.get_by_role("radio", name=begins("audience.office"))).to_be_checked()
    expect(phone.page.get_by_text(words("review.missing", what=words("whose.title")))).to_be_visible()
    expect(phone.page.get_by_role("button", name=words("next"), exact=True)).to_be_disabled()
    phone.page.get_by_role("radio", name=begins("named.nobody")).check()
    expect(phone.page.get_by_role("radio", name=begins("audience.mediator"))).to_be_checked()


def test_an_appeal_is_made_to_an_office_that_can_read_it(handset: Callable[[str], Handset]) -> None:
    phone = with_the_mediators(handset)
    phone.press("appeal.open")
    expect(phone.page.get_by_text(words("audience.wider"))).to_be_visible()
    for field in ("name", "address", "contact"):
        phone.page.get_by_label(words(f"whose.{field}")).fill(f"{field} 7")
    phone.press("review.save")
    until(lambda: responsible() == "okmotu-ak-sai" and Case.objects.get().track == "appeal", seconds=60)


def test_the_browsers_history_says_nothing_of_what_was_reported(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    agree_to_the_notice(phone.page)
    home = phone.page.url
    phone.page.evaluate("""() => {
      window.said = new Set();
      const look = () => said.add(`${document.title} ${location.href}`);
      for (const name of ["pushState", "replaceState"]) {
        const real = history[name].bind(history);
        history[name] = (...entry) => { real(...entry); look(); };
      }
      new MutationObserver(look).observe(document.head, { childList: true, subtree: true, characterData: true });
    }""")
    receipt = report_the_gate(phone)
    phone.press("saved.done")
    the_report(phone).click()
    expect(phone.page.locator(".stations")).to_be_visible()
    assert phone.page.evaluate("() => [...said]") == [f"{words('app.name')} {home}"]
    phone.page.reload()
    expect(phone.page.locator(".stations")).to_be_visible()
    scanned = phone.new_tab(f"/#/receipt/{receipt}")
    expect(scanned.get_by_label(words("receipt"))).to_have_value(receipt)
    expect(scanned).to_have_title(words("app.name"))
    assert scanned.url == home


def test_after_the_answer_more_can_be_said_and_a_yes_taken_back(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    phone = handset("resident")
    phone.open()
    report_the_gate(phone)
    phone.press("saved.done")
    until(lambda: responsible() == "okmotu-ak-sai", seconds=60)
    until(lambda: Medium.objects.filter(role="photo", state="ready").exists(), seconds=60)
    answer_in_the_admin(browser.new_page(locale="ky"), address)
    the_report(phone).click()
    expect(phone.page.get_by_text(words("solved.ask"))).to_be_visible(timeout=60_000)
    phone.press("talk.more")
    phone.page.get_by_label(words("talk.yours")).fill("Рахмат, көрөбүз.")
    phone.press("review.save")
    until(lambda: Reply.objects.filter(text="Рахмат, көрөбүз.").exists(), seconds=60)
    phone.press("solved.yes")
    until(lambda: Case.objects.get().status == Status.SOLVED, seconds=60)
    phone.press("solved.not")
    phone.page.get_by_label(words("solved.why")).fill("Кайра жабылды.")
    phone.press("review.save")
    expect(phone.page.get_by_text(words("solved.said_no"))).to_be_visible()
    until(lambda: Case.objects.get().status in (Status.DISPUTED, Status.ASSIGNED), seconds=60)
