"""Every screen in every language fits on a small phone, a usual one and a desk, and on a tablet. `make gallery` keeps the pictures."""

import os
from collections.abc import Callable, Sequence
from datetime import timedelta
from html import escape
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from reporting import events
from reporting.cases import asking, choosing, work
from reporting.cases.categories import Category
from reporting.cases.envelopes import ProtectedIdentity
from reporting.cases.models import Assignment, Case, Report, Status
from reporting.mediation.models import Opening
from reporting.people.models import GroupKey, Office, User
from reporting.places.names import LANGUAGES
from tests.e2e.apart import screens_apart
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import (
    ANSWER,
    keys_of_the_group,
    log_in_to_the_room,
    photo_with_place,
    report_the_gate,
    write_about_the_gate,
)
from tests.e2e.screens import (
    Screen,
    Shown,
    Walk,
    all_of_them,
    by_address,
    choose_language,
    faults,
    later,
    open_screen,
    painted,
    press,
)
from tests.e2e.words import begins, words
from tests.processes import until

pytestmark = pytest.mark.e2e

SIZES = {"narrow": (320, 568), "phone": (360, 640), "desk": (1280, 800)}
TABLET = {"tablet": (768, 1024)}
"""In the first language: no longer word matters where there is so much room."""
QUESTION = "Дарбаза кайсы күнү жабылды? Үйлөрдө канча күндөн бери суу жок?"
NOT_SOLVED = "Дарбаза бир күн ачылып, кайра жабылды. Суу дагы эле жок."
REASON = "Бул адамды эскертүү керек: анын үйүн издеп жүрүшөт."
SOON = 120_000


def test_every_screen_fits_in_every_language(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    shown = lived_through(phone)
    wrong: list[str] = []
    names: dict[str, None] = {}
    phone.page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
    for name, language, page in every_screen(phone, shown, LANGUAGES):
        wrong += looked_at(page, name, language)
        names[name] = None
    make_gallery(list(names))
    assert not wrong, "\n".join(wrong)


LONG = "Ак-Сай айыл өкмөтү, Баткен району"
FAULTY = {
    "wider": f"<div style='width: 2000px'>{LONG}</div>",
    "cut off": f"<p style='width: 90px; overflow: hidden; white-space: nowrap'>{LONG}</p>",
    "not to be read": f"<select style='width: 90px; height: 48px'><option>{LONG}</select>",
    "too small": f"<button style='height: 30px'>{LONG}</button>",
}


@pytest.mark.parametrize("fault", FAULTY)
def test_the_walk_sees_what_does_not_fit(browser: Browser, fault: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 568})
    page.set_content(f"<main>{FAULTY[fault]}</main>")
    (found,) = faults(page)
    assert fault in found
    page.set_content(f"<main>{FAULTY[fault].replace('style', 'title')}<style>* {{ min-height: 48px }}</style></main>")
    assert not list(faults(page))


def every_screen(phone: Handset, shown: Shown, languages: Sequence[str]) -> Walk:
    """In every language; those that an address leads to first."""
    yield from by_address(phone.page, all_of_them(shown), languages)
    lived_on(phone, shown)
    yield from by_address(phone.page, later(shown), languages)
    phone.page.set_viewport_size({"width": 360, "height": 640})
    yield from screens_apart(phone, languages)


def looked_at(page: Page, name: str, language: str) -> list[str]:
    """In every size; what does not fit."""
    wrong = []
    first = language == LANGUAGES[0]
    for size, (width, height) in (SIZES | TABLET if first else SIZES).items():
        page.set_viewport_size({"width": width, "height": height})
        wrong += [f"{language} {name} {size}: {fault}" for fault in faults(page)]
        keep_picture(page, f"{name}-{language}-{size}")
    if first:
        keep_dark_picture(page, name)
    return wrong


def lived_through(phone: Handset) -> Shown:
    """One phone on which much has happened: asked about and answered, waiting, begun; a mediator has logged in. Then offline."""
    keys = keys_of_the_group()
    phone.get_ready()
    for language in reversed(LANGUAGES):  # words that were read once are there offline
        phone.page.locator("header select").select_option(language)
        phone.page.locator(f"html[lang={language}]").wait_for()
        until(lambda spoken=language: spoken in names_kept(phone.page), seconds=30)  # type: ignore[misc]
    report_the_gate(phone)
    phone.press("saved.done")
    answered = asked_about(known=[])
    with events.unit_of_work():
        work.answer(case=answered.case_id, by=officer(), text=ANSWER, language="ky", at=timezone.now())
    report_the_gate(phone)
    phone.press("saved.done")
    asked = asked_about(known=[answered.pk])
    report_the_gate(phone)
    phone.press("saved.done")
    closed = closed_in_silence(known=[answered.pk, asked.pk])
    sealed_and_asked_for(answered, keys)
    log_in_to_the_room(phone, "mediator-batken")
    expect(phone.page.locator(".rows button, li button").first).to_be_visible(timeout=SOON)
    phone.page.evaluate("() => { location.hash = '/' }")
    phone.wake()
    for said in ("talk.asked", "state.answered", "state.unconfirmed"):
        expect(phone.page.locator("li .row", has_text=words(said))).to_have_count(1, timeout=SOON)
    fewer_may_read(phone, closed)
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    report_the_gate(phone)
    phone.press("saved.done")
    expect(phone.page.locator("li .row")).to_have_count(5)
    write_about_the_gate(phone, photo_with_place())
    own = {str(report["id"]) for report in rows(profile(phone.page), "reports")}
    there = [str(report.pk) for report in (answered, asked, closed)]
    handed, waiting = sorted(own - set(there))
    return Shown(there[0], there[1], there[2], waiting, handed, str(answered.case_id), answered.receipt)


def fewer_may_read(phone: Handset, closed: Report) -> None:
    """No liaison any more."""
    open_screen(phone.page, Screen("closed", f"/mine/{closed.pk}", press("audience.change")), "ky")
    phone.page.get_by_role("radio", name=begins("audience.office")).click()
    expect(phone.page.get_by_text(words("audience.changed"))).to_be_visible()
    expect(phone.page.get_by_role("heading", name=words("medium.waiting"))).to_have_count(0, timeout=SOON)
    phone.page.evaluate("() => { location.hash = '/' }")


def lived_on(phone: Handset, shown: Shown) -> None:
    """In the network again: one is solved, one is not, one is taken back, and what waited is not as the server expects."""
    page = phone.page
    choose_language(page, "ky")
    category = Category.objects.filter(pk=Category.objects.get(code="water-gate").pk)
    category.update(code="gone")
    phone.connect(True)
    phone.wake()
    open_screen(page, Screen("refused", f"/mine/{shown.waiting}"), "ky")
    expect(page.get_by_text(words("code.unknown"))).to_be_visible(timeout=SOON)
    for offered in ("audience.change", "notify.open", "appeal.open", "talk.more"):
        expect(page.get_by_role("button", name=words(offered))).to_have_count(0)
    category.update(code="water-gate")
    open_screen(page, Screen("solved", f"/mine/{shown.answered}", press("solved.yes")), "ky")
    expect(page.get_by_text(words("solved.said_yes"))).to_be_visible()
    open_screen(page, Screen("taken back", f"/mine/{shown.asked}", press("withdraw.open")), "ky")
    phone.press("withdraw.yes")
    expect(page.get_by_role("button", name=words("withdraw.open"))).to_have_count(0)
    open_screen(page, Screen("disputed", f"/mine/{shown.closed}", press("solved.no")), "ky")
    page.get_by_label(words("solved.why")).fill(NOT_SOLVED)
    phone.press("review.save")
    expect(page.get_by_text(words("solved.said_no"))).to_be_visible()
    case = Case.objects.filter(reports=UUID(shown.closed))
    until(lambda: case.filter(status=Status.ASSIGNED, notes__kind="dispute").exists(), seconds=120)
    with events.unit_of_work():  # as it is until the next office has it
        disputed = work.lock(case.get().pk)
        disputed.status = Status.DISPUTED
        work.changed(disputed, at=timezone.now())
    phone.wake()
    expect(page.locator(".stations .now")).to_contain_text(words("state.disputed"), timeout=SOON)


def sealed_and_asked_for(report: Report, keys: list[GroupKey]) -> None:
    """Who made it is sealed; the holder of the second key asks that of the first to open it."""
    halves = {"first": bytes(593), "second": bytes(593), "first_key": keys[0].key_id, "second_key": keys[1].key_id}
    sealed = ProtectedIdentity.objects.create(report=report, **halves)
    Opening.objects.create(
        id=uuid4(), identity=sealed, by=keys[1].user, key_id=keys[1].key_id, reason=REASON, asked_at=timezone.now()
    )


def names_kept(page: Page) -> list[str]:
    """The languages in which the phone has the names of places and categories."""
    facts = {row["key"]: row["value"] for row in rows(profile(page), "facts")}
    languages: list[str] = facts["reference"]["languages"]
    return languages


def asked_about(*, known: list[UUID]) -> Report:
    """The report that was saved just now, once an office has asked something."""
    report = with_an_office(known=known)
    with events.unit_of_work():
        asking.ask(case=report.case_id, by=officer(), text=QUESTION, language="ky", at=timezone.now())
    return report


def closed_in_silence(*, known: list[UUID]) -> Report:
    """The report that was saved just now, once an office has read and answered it and nobody has said whether that solved it."""
    report, now = with_an_office(known=known), timezone.now()
    choosing.note_reading([report.case_id], offices=Office.objects.values_list("pk", flat=True), at=now)
    with events.unit_of_work():
        work.answer(case=report.case_id, by=officer(), text=ANSWER, language="ky", at=now)
    with events.unit_of_work():
        work.close_silent(case=report.case_id, at=now + timedelta(days=settings.ANSWER_SILENCE_DAYS + 1))
    return report


def with_an_office(*, known: list[UUID]) -> Report:
    """The report that was saved just now, once somebody has to answer it."""
    new = Report.objects.exclude(pk__in=known)
    until(lambda: Assignment.objects.filter(role="responsible", case__reports__in=new).exists(), seconds=120)
    return new.get()


def officer() -> User:
    """Whose the cases of Ak-Sai are."""
    return User.objects.get(username="officer-ak-sai")


def keep_picture(page: Page, name: str) -> None:
    """Only where a gallery is wanted: all that there is to scroll, on a screen that is as high."""
    if folder := os.environ.get("GALLERY"):
        size = page.evaluate("() => ({ width: innerWidth, height: document.documentElement.scrollHeight })")
        page.set_viewport_size(size)
        painted(page)
        page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")


def keep_dark_picture(page: Page, name: str) -> None:
    """The same by night, on a usual phone: colours know no language."""
    width, height = SIZES["phone"]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark")
    keep_picture(page, f"{name}-dark")
    page.emulate_media(color_scheme="light")


def make_gallery(names: list[str]) -> None:
    """One page, a row a screen: all languages on a small and a usual phone, then one by night, on a tablet and on a desk."""
    folder = os.environ.get("GALLERY")
    if not folder:
        return
    body = "".join(
        f"<h2>{escape(name)}</h2><p>"
        + "".join(_picture(f"{name}-{language}-{size}", 180) for language in LANGUAGES for size in ("narrow", "phone"))
        + _picture(f"{name}-dark", 180)
        + _picture(f"{name}-{LANGUAGES[0]}-tablet", 300)
        + _picture(f"{name}-{LANGUAGES[0]}-desk", 560)
        for name in names
    )
    style = "body{font:16px sans-serif;margin:1rem}p{display:flex;gap:.5rem;overflow-x:auto}img{border:1px solid #999}"
    page = f'<!doctype html><meta charset="utf-8"><title>Aryk, every screen</title><style>{style}</style>{body}'
    (Path(folder) / "index.html").write_text(page)


def _picture(name: str, width: int) -> str:
    file = f"{name}.png"
    return f'<a href="{file}"><img src="{file}" width="{width}" loading="lazy" alt="{file}"></a>'
