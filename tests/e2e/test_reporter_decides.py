"""Promise 5 in a real browser: the reporter chooses anew who may read, looks a receipt up, and takes the report back."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reporting import events
from reporting.cases import choosing, work
from reporting.cases.envelopes import AppealIdentity, NotifyAddress
from reporting.cases.models import Assignment, Case, Report, Track
from reporting.cases.notifying import address_for_notices
from tests.e2e.handset import Handset
from tests.e2e.road import report_the_gate, the_report
from tests.e2e.test_lock import stored
from tests.e2e.test_screens import officer
from tests.e2e.words import begins, words
from tests.processes import until

pytestmark = pytest.mark.e2e


def responsible() -> str | None:
    held = Assignment.objects.filter(role="responsible", ended_at=None).select_related("office").first()
    return held.office.code if held else None


def test_the_reporter_narrows_looks_up_and_takes_back(address: str, handset: Callable[[str], Handset]) -> None:
    resident = handset("resident")
    resident.open()
    receipt = report_the_gate(resident)
    resident.press("saved.done")
    until(lambda: responsible() == "okmotu-ak-sai", seconds=60)
    held = Assignment.objects.select_related("office").get(role="responsible", ended_at=None)
    choosing.note_reading([held.case_id], offices=[held.office_id], at=timezone.now())
    resident.wake()
    the_report(resident).click()
    has_read = words("audience.read_by", offices=held.office.names["ky"])
    expect(resident.page.get_by_text(has_read)).to_be_visible(timeout=30_000)
    resident.page.get_by_role("button", name=words("audience.change")).click()
    # Chosen, it is gone: whoever asks then whether it is checked finds none.
    resident.page.get_by_role("radio", name=begins("audience.mediator")).click()
    expect(resident.page.get_by_text(words("audience.changed"))).to_be_visible()
    until(lambda: responsible() == "mediation-batken", seconds=60)

    stranger = handset("stranger")
    stranger.open()
    stranger.press("lookup.title")
    stranger.page.get_by_label(words("receipt")).fill(
        "0" + receipt.lower()[1:] if receipt[0] != "0" else "1" + receipt[1:]
    )
    expect(stranger.page.get_by_text(words("lookup.malformed"))).to_be_visible()
    stranger.page.get_by_label(words("receipt")).fill(receipt.lower())
    expect(stranger.page.get_by_text(words("lookup.right"))).to_be_visible()
    stranger.press("lookup.ask")
    expect(stranger.page.locator(".status .icon").last).to_be_visible()
    expect(stranger.page.locator(".status").last).to_have_text(words("state.with_office"))
    expect(stranger.page.get_by_role("button", name=words("sound.state"), exact=True)).to_be_visible()
    scanned = stranger.new_tab(f"/#/receipt/{receipt}")
    expect(scanned.get_by_label(words("receipt"))).to_have_value(receipt)
    stranger.close()

    resident.press("withdraw.open")
    resident.press("withdraw.yes")
    expect(resident.page.get_by_text(words("withdraw.open"))).to_have_count(0)
    until(lambda: Case.objects.get().status == "withdrawn", seconds=60)
    assert Report.objects.get().text == ""


def test_a_signal_becomes_an_appeal_with_whom_it_is_from(handset: Callable[[str], Handset]) -> None:
    resident = handset("resident")
    resident.open()
    report_the_gate(resident)
    resident.press("saved.done")
    until(lambda: responsible() == "okmotu-ak-sai", seconds=60)
    the_report(resident).click()
    resident.connect(False)
    resident.press("appeal.open")
    resident.press("back")
    the_report(resident).click()
    # Who only looked at the form has begun nothing.
    resident.press("appeal.open")
    save = resident.page.get_by_role("button", name=words("review.save"), exact=True)
    expect(save).to_be_disabled()
    for field in ("name", "address", "contact"):
        expect(resident.page.get_by_label(words(f"whose.{field}"))).to_have_attribute("autocomplete", "off")
        resident.page.get_by_label(words(f"whose.{field}")).fill(f"{field} 7")
    resident.press("back")
    the_report(resident).click()
    expect(resident.page.get_by_label(words("whose.contact"))).to_have_value("contact 7")
    assert b"contact 7" not in stored(resident.page)
    resident.press("withdraw.no")
    resident.press("appeal.open")
    expect(resident.page.get_by_label(words("whose.contact"))).to_have_value("")
    for field in ("name", "address", "contact"):
        resident.page.get_by_label(words(f"whose.{field}")).fill(f"{field} 7")
    save.click()
    expect(resident.page.get_by_role("button", name=words("appeal.open"))).to_have_count(0)
    assert not AppealIdentity.objects.exists()
    resident.connect(True)
    resident.wake()
    until(lambda: Case.objects.get().track == Track.APPEAL, seconds=60)
    assert AppealIdentity.objects.count() == 1


def test_where_notices_go_is_given_after_the_report_and_taken_back(handset: Callable[[str], Handset]) -> None:
    resident = handset("resident")
    resident.open()
    receipt = report_the_gate(resident)
    resident.press("notify.open")
    expect(resident.page.get_by_text(f"…{receipt[-4:]}")).to_be_visible()
    where = resident.page.get_by_role("textbox")
    where.fill("555 000 001")
    resident.press("review.save")
    kinds = f"{words('notify.number')} / {words('notify.mail')}"
    expect(resident.page.get_by_text(words("review.missing", what=kinds))).to_be_visible()
    resident.press("saved.done")
    the_report(resident).click()
    expect(where).to_have_value("555 000 001")
    resident.press("withdraw.no")
    resident.press("notify.open")
    expect(where).to_have_value("")
    where.fill("0555 000 001")
    resident.press("review.save")
    expect(resident.page.get_by_text(words("notify.given"))).to_be_visible()
    until(lambda: NotifyAddress.objects.exists(), seconds=60)
    assert address_for_notices(Report.objects.get().pk) == "+996555000001"
    resident.connect(False)
    resident.press("notify.stop")
    expect(resident.page.get_by_text(words("notify.given"))).to_have_count(0)
    resident.connect(True)
    resident.wake()
    until(lambda: not NotifyAddress.objects.exists(), seconds=60)


def test_no_message_comes_of_what_was_wiped(handset: Callable[[str], Handset]) -> None:
    resident = handset("resident")
    resident.open()
    report_the_gate(resident)
    resident.press("notify.open")
    resident.page.get_by_role("textbox").fill("0555 000 001")
    resident.press("review.save")
    until(lambda: NotifyAddress.objects.exists() and Assignment.objects.exists(), seconds=60)
    with events.unit_of_work():
        work.answer(case=Case.objects.get().pk, by=officer(), text="-", language="ky", at=timezone.now())
    resident.press("saved.done")
    resident.wake()
    expect(the_report(resident)).to_contain_text(words("state.answered"))
    resident.connect(False)
    resident.press("home.phone")
    resident.press("wipe.open")
    resident.press("wipe.yes")
    expect(resident.page.get_by_role("button", name=words("wipe.open"))).to_have_count(0)
    resident.connect(True)
    resident.wake()
    until(lambda: not NotifyAddress.objects.exists(), seconds=60)
