"""All five promises, by hand in a real browser: a report made offline comes to the right office, and the answer comes back."""

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from reporting.cases.models import Assignment, Case, Reply
from reporting.media.models import Medium
from reporting.people.models import Office
from reporting.places.models import Place
from reporting.sync.models import Operation
from tests.e2e.handset import Handset
from tests.e2e.road import (
    AK_SAI,
    ANSWER,
    VISIT,
    WORDS,
    answer_in_the_admin,
    log_in_to_the_admin,
    log_in_to_the_room,
    report_the_gate,
    the_report,
    write_a_visit,
)
from tests.e2e.words import words
from tests.processes import until

pytestmark = pytest.mark.e2e

QUESTION = "Дарбаза кайсы күнү жабылды?"
REPLY = "Жума күнү, базардан кийин."
SOON = 60_000
"""Milliseconds in which a phone that is open hears news by itself."""


def test_a_report_made_offline_comes_back_answered_and_is_confirmed(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    resident, mediator = handset("resident"), handset("mediator")
    made_offline_and_still_there(resident)
    arrives_by_itself(resident)
    answer_in_the_admin(browser.new_page(viewport={"width": 1280, "height": 800}, locale="ky"), address)
    followed_up_offline(mediator)
    expect(the_report(resident)).to_contain_text(words("state.answered"), timeout=SOON)
    the_report(resident).click()
    expect(resident.page.get_by_text(ANSWER)).to_be_visible()
    resident.press("solved.yes")
    expect(resident.page.get_by_text(words("solved.said_yes"))).to_be_visible()
    until(lambda: Case.objects.get().status == "solved")
    expect(resident.page.locator("[aria-current=step]")).to_contain_text(words("state.solved"), timeout=SOON)
    expect(mediator.page.get_by_text(words("status.solved"))).to_be_visible(timeout=SOON)


def test_an_answer_that_solves_nothing_is_disputed_and_looked_at_again(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    resident = handset("resident")
    resident.open()
    report_the_gate(resident)
    resident.press("saved.done")
    until(lambda: Medium.objects.filter(state=Medium.State.READY).exists())
    answer_in_the_admin(browser.new_page(locale="ky"), address)
    resident.close()
    resident.open()
    expect(the_report(resident)).to_contain_text(words("state.answered"), timeout=SOON)
    the_report(resident).click()
    resident.connect(False)
    resident.press("solved.no")
    resident.page.get_by_role("textbox", name=words("solved.why")).fill("Дарбаза дагы эле жабык.")
    resident.press("review.save")
    expect(resident.page.get_by_text(words("solved.said_no"))).to_be_visible()
    assert Case.objects.get().status == "answered"
    resident.connect(True)
    until(lambda: responsible().code == "rayon-batken")
    assert "Дарбаза дагы эле жабык." in [note.text for note in Case.objects.get().notes.all()]
    office = words("state.with_named", office=responsible().name("ky"))
    expect(resident.page.locator("[aria-current=step]")).to_contain_text(office, timeout=SOON)


def made_offline_and_still_there(resident: Handset) -> None:
    """Step 1."""
    resident.get_ready()
    resident.connect(False)
    receipt = report_the_gate(resident)
    resident.press("saved.done")
    resident.close()
    assert resident.open(online=False), "the service worker did not answer"
    expect(the_report(resident)).to_contain_text(words("state.saved"))
    expect(the_report(resident)).to_contain_text(receipt)
    assert not Operation.objects.exists()


def arrives_by_itself(resident: Handset) -> None:
    """Step 2, without a touch."""
    resident.connect(True)
    office = words("state.with_named", office=Office.objects.get(code="okmotu-ak-sai").name("ky"))
    # A quick worker may have routed it before the phone hears that it arrived.
    arrived = re.compile("|".join(map(re.escape, (words("state.arrived"), office))))
    expect(the_report(resident)).to_contain_text(arrived, timeout=SOON)
    until(lambda: Medium.objects.filter(state=Medium.State.READY).exists())
    case = Case.objects.get()
    assert case.reports.get().text == WORDS
    assert responsible().code == "okmotu-ak-sai"
    copies = case.assignments.filter(role=Assignment.Role.COPY)
    assert {copy.office.code for copy in copies} == {"mediation-batken", "border-kg-tj"}
    assert all(one.reason["ky"] for one in case.assignments.all())
    expect(the_report(resident)).to_contain_text(office, timeout=SOON)


def followed_up_offline(mediator: Handset) -> None:
    """Step 4."""
    mediator.open()
    log_in_to_the_room(mediator, "mediator-batken")
    mediator.page.get_by_role("button", name=Place.objects.get(code=AK_SAI).names["ky"]).click()
    expect(mediator.page.get_by_text(WORDS)).to_be_visible()
    mediator.press("visit.title")
    written = mediator.page.get_by_role("textbox", name=words("visit.text"))
    written.fill(VISIT)
    mediator.press("back")
    mediator.press("visit.title")
    expect(written).to_have_value(VISIT)
    written.fill("")
    mediator.press("back")
    mediator.connect(False)
    write_a_visit(mediator)
    expect(mediator.page.get_by_text(words("visit.waiting"))).to_be_visible()
    assert not Case.objects.get().follow_ups.exists()
    mediator.connect(True)
    until(lambda: Case.objects.get().follow_ups.exists())
    assert Case.objects.get().follow_ups.get().text == VISIT


def responsible() -> Office:
    """The office that has the only case now."""
    return Assignment.objects.get(role=Assignment.Role.RESPONSIBLE, ended_at=None).office


def test_a_question_of_the_office_is_answered_offline_and_reaches_it(
    address: str, browser: Browser, handset: Callable[[str], Handset]
) -> None:
    resident = handset("resident")
    resident.open()
    report_the_gate(resident)
    resident.press("saved.done")
    until(lambda: Case.objects.filter(assignments__office__code="okmotu-ak-sai").exists())
    desk = browser.new_page(viewport={"width": 1280, "height": 800}, locale="ky")
    log_in_to_the_admin(desk, address, "officer-ak-sai")
    desk.goto(address + reverse("admin:reporting_case_change", args=[Case.objects.get().pk]))
    desk.fill("#ask_text", QUESTION)
    desk.locator("form[action$='/ask/'] button[type=submit]").click()
    expect(desk.locator("blockquote").get_by_text(QUESTION)).to_be_visible()
    expect(the_report(resident)).to_contain_text(words("talk.asked"), timeout=SOON)
    resident.close()
    resident.open(online=False)
    the_report(resident).click()
    expect(resident.page.get_by_text(QUESTION)).to_be_visible()
    resident.page.get_by_role("textbox", name=words("talk.yours")).fill(REPLY)
    resident.press("review.save")
    said = resident.page.locator(".card").filter(has_text=REPLY)
    expect(said).to_contain_text(words("medium.waiting"))
    expect(resident.page.get_by_role("textbox", name=words("talk.yours"))).to_have_count(0)
    assert not Reply.objects.exists()
    resident.connect(True)
    until(lambda: Reply.objects.filter(text=REPLY).exists())
    expect(said).not_to_contain_text(words("medium.waiting"), timeout=SOON)
    expect(said).to_have_count(1)
    desk.reload()
    expect(desk.locator("blockquote").get_by_text(REPLY)).to_be_visible()
