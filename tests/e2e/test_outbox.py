"""Promise 1 and 5 in a real browser: what waits says why, can be tried at once, and is deleted only while nobody has it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from reporting.cases.models import Report
from reporting.people.models import Profile
from tests.e2e.handset import Handset
from tests.e2e.road import report_the_gate, the_report
from tests.e2e.words import words

pytestmark = pytest.mark.e2e


def write_offline(phone: Handset) -> None:
    phone.open()
    expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    the_report(phone).click()
    expect(phone.page.get_by_role("heading", name=words("medium.waiting"))).to_be_visible()
    expect(phone.page.get_by_text(words("net.offline"))).to_be_visible()


def test_what_nobody_has_is_deleted_after_a_question_and_the_server_never_hears_of_it(
    address: str, handset: Callable[[str], Handset]
) -> None:
    phone = handset("resident")
    write_offline(phone)
    expect(phone.page.get_by_role("button", name=words("withdraw.open"))).to_have_count(0)
    phone.press("delete.open")
    phone.press("withdraw.no")
    phone.press("delete.open")
    expect(phone.page.get_by_text(words("delete.never"))).to_be_visible()
    phone.press("wipe.yes")
    expect(phone.page.get_by_text(words("home.none"))).to_be_visible()
    phone.connect(True)
    phone.wake()
    phone.page.wait_for_timeout(3000)
    assert (Report.objects.count(), Profile.objects.count()) == (0, 0)


def test_what_was_handed_over_can_only_be_taken_back(address: str, handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    write_offline(phone)
    phone.press("hand.title")
    phone.page.get_by_role("button", name=words("hand.by_qr")).click()
    expect(phone.page.locator("svg.code")).to_be_visible()
    phone.page.go_back()
    phone.page.go_back()
    expect(phone.page.get_by_role("button", name=words("withdraw.open"))).to_be_visible()
    expect(phone.page.get_by_role("button", name=words("delete.open"))).to_have_count(0)
