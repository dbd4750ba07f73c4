"""Promise 1 and 5 in a real browser: what waits says why, can be tried at once, and is deleted only while nobody has it."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case, Report, Status
from reporting.people.models import Profile, User
from tests.e2e.handset import Handset
from tests.e2e.road import report_the_gate, the_report
from tests.e2e.test_kept_roads import JSON, at
from tests.e2e.words import words
from tests.links import Answer
from tests.processes import until

pytestmark = pytest.mark.e2e


def write_offline(phone: Handset) -> None:
    phone.get_ready()
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


IN_AN_HOUR = Answer(429, [*JSON, ("Retry-After", "3600")], b'{"code": "later"}')


def test_what_was_put_off_for_an_hour_goes_when_the_person_presses_the_button(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    write_offline(phone)
    phone.link.fault = at("/api/v1/sync", IN_AN_HOUR)
    phone.connect(True)
    phone.wake()
    until(lambda: phone.link.faults > 0, seconds=60)
    expect(phone.page.get_by_text(words("net.waiting"))).to_be_visible()
    phone.link.fault = None
    phone.wake()
    phone.page.wait_for_timeout(3000)
    assert not Report.objects.exists(), "the server was asked before it wanted to be"
    phone.press("net.try")
    until(lambda: Report.objects.exists(), seconds=60)
    expect(phone.page.get_by_text(words("net.waiting"))).to_have_count(0)


COUNTING = """() => {
  const real = IDBObjectStore.prototype.getAll;
  window.opened = 0;
  IDBObjectStore.prototype.getAll = function (...rest) {
    window.opened += this.name === "reports";
    return real.apply(this, rest);
  };
}"""


def test_what_is_kept_is_opened_anew_for_news_and_not_for_every_look_whether_there_is_any(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.open()
    report_the_gate(phone)
    phone.press("saved.done")
    until(lambda: Case.objects.filter(status=Status.ASSIGNED).exists(), seconds=60)

    def looks_once_more() -> int:
        opened, asked = phone.page.evaluate("window.opened"), len(phone.link.sent)
        phone.wake()
        until(lambda: len(phone.link.sent) > asked)
        expect(phone.page.locator(".link-line.idle")).to_be_visible()
        return int(phone.page.evaluate("window.opened") - opened)

    phone.page.evaluate(COUNTING)
    until(lambda: looks_once_more() == 0, seconds=60)
    with events.unit_of_work():
        work.acknowledge(case=Case.objects.get().pk, by=User.objects.get(username="officer-ak-sai"), at=timezone.now())
    assert looks_once_more() > 0
