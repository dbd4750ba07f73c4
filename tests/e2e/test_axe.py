"""Every screen of a resident's road, by day and by night, before axe: it must find nothing that keeps anybody out."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from deploy.local.saying import ROOT
from reporting.cases.categories import Category, Question
from reporting.cases.models import Case
from reporting.people.models import Office
from tests.e2e.handset import Handset
from tests.e2e.road import AK_SAI, WORDS, go, log_in_to_the_room, photo_with_place
from tests.e2e.test_filing import ACCUSED
from tests.e2e.test_screens import every_screen, lived_through
from tests.e2e.test_whole_road import SOON
from tests.e2e.words import begins, words
from tests.phones import Phone as Resident
from tests.processes import until

pytestmark = pytest.mark.e2e

AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text()
FOUND = """async () => (await axe.run()).violations.map(
  ({ id, nodes }) => `${id}: ${nodes.map(({ html, any }) => html.slice(0, 200) + " " + (any[0]?.message ?? "")).join(" | ")}`)"""
BY_ADDRESS = ("", "danger", "receipt", "carry", "phone", "consent", "days")


def faults(page: Page, screen: str) -> list[str]:
    """What axe finds by day and by night."""
    found = []
    for light in ("light", "dark"):
        page.emulate_media(color_scheme=light, reduced_motion="reduce")
        page.evaluate(AXE)  # not as a script of the page: its content policy would refuse it
        found += [f"{screen}, {light}: {fault}" for fault in page.evaluate(FOUND)]
    return found


def walk(phone: Handset) -> Iterator[str]:
    """Through a report with everything that a screen can hold; yields the screen that is now shown."""
    page = phone.page
    for place in BY_ADDRESS:
        go(page, place)
        yield place or "home"
    go(page, "")
    phone.press("home.report")
    yield "what"
    page.get_by_role("button", name=Category.objects.get(code="services").names["ky"]).click()
    yield "group"
    page.get_by_role("button", name=Category.objects.get(code="school").names["ky"]).click()
    page.get_by_role("searchbox").fill("aksai")
    yield "where"
    page.locator(".found button").first.click()
    page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    page.locator("input[type=file]:not([capture])").set_input_files(photo_with_place())
    expect(page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    phone.press("voice.record")
    expect(page.locator(".taping")).to_contain_text("0:01")
    yield "recording"
    phone.press("next")
    yield "details"
    phone.press("next")
    yield "who"
    page.get_by_role("radio", name=begins("named.office")).check()
    yield "whose it is"
    page.get_by_role("radio", name=begins("named.nobody")).check()
    phone.press("next")
    yield "review"
    phone.press("review.save")
    expect(phone.heading("consent.title")).to_be_visible()
    yield "notice"
    phone.press("consent.yes")
    expect(phone.heading("saved.title")).to_be_visible()
    yield "saved"
    phone.press("saved.done")
    yield "home with a report"
    page.locator("li .row").click()
    expect(page.locator(".stations")).to_be_visible()
    yield "report"
    own = page.evaluate("() => history.state.path").rsplit("/", 1)[1]
    for place in ("hand", "qr", "sms"):
        go(page, f"{place}/{own}")
        yield place


def test_axe_finds_nothing_on_a_resident_s_screens(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    assert [fault for screen in walk(phone) for fault in faults(phone.page, screen)] == []


def test_axe_finds_nothing_on_a_phone_on_which_much_has_happened(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    walked = every_screen(phone, lived_through(phone), ["ky"])
    assert [fault for name, _, page in walked for fault in faults(page, name)] == []


def test_axe_finds_nothing_in_the_mediators_room(handset: Callable[[str], Handset]) -> None:
    phone = handset("mediator")
    phone.get_ready()
    go(phone.page, "room")
    expect(phone.page.get_by_label(words("room.username"))).to_be_visible()  # the room's script comes only now
    found = faults(phone.page, "login")
    go(phone.page, "")
    log_in_to_the_room(phone, "mediator-batken")
    expect(phone.page.get_by_text(words("room.none"))).to_be_visible()
    found += faults(phone.page, "room")
    found += [fault for case in accusations() for fault in opened(phone, case)]
    assert found == []


def accusations() -> Iterator[Case]:
    """A report about an office of the list and one about another, both for mediators, when an office of theirs has them."""
    said = {"village": AK_SAI, "audience": "mediator", "answers": {"what": "broken", "dry": "dont_know", "gone": 2}}
    for about in ({"about_office": ACCUSED}, {"about_unlisted": True}):
        resident = Resident()
        operation = resident.filed(said | about)
        resident.sync(operation)
        case = Case.objects.get(reports=operation["entity_id"])
        until(lambda case=case: case.assignments.exists())  # type: ignore[misc]
        yield case


def opened(phone: Handset, case: Case) -> list[str]:
    """Its page says whom it is about before all else, and what was answered; what axe finds there."""
    page, report = phone.page, case.reports.get()
    row = page.get_by_role("button", name=words("detail.number", n=case.number))
    expect(row).to_be_visible(timeout=SOON)
    row.click()
    note = page.locator(".note").first
    named = words("case.about", offices=Office.objects.get(code=ACCUSED).name("ky"))
    expect(note).to_have_text(words("case.unlisted") if report.about_unlisted else named)
    question = Question.objects.get(category=case.category, code="dry")
    for asked, answer in ((question.name("ky"), words("unknown")), ("gone", "2")):
        expect(page.get_by_text(f"{asked} {answer}", exact=True)).to_be_visible()
    found = faults(page, "case")
    phone.press("back")
    return found


def test_axe_finds_nothing_on_the_page_for_desks(handset: Callable[[str], Handset]) -> None:
    phone = handset("desk")
    phone.open_blank()
    phone.page.goto(f"{phone.link.address}/carry")
    expect(phone.page.locator("h1")).to_be_visible()
    assert faults(phone.page, "carry") == []
