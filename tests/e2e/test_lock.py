"""Promise 5 on a phone that is shared: who does not know the code reads nothing, and promise 1 holds all the same."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import FileChooser, Page, expect

from reporting.cases.models import Report
from reporting.media.models import Medium
from tests.e2e.databases import dumped
from tests.e2e.handset import Handset
from tests.e2e.road import WORDS, begin_the_report, photo_with_place, report_the_gate, the_report
from tests.e2e.words import words
from tests.processes import until

pytestmark = pytest.mark.e2e

CODE = "2580"
OTHER_CODE = "1397"
PICTURES = "0246"
ARRIVING = 120
AWAY_MS = 120_000
PHOTO_MS = 600_000


def touch(phone: Handset, code: str, kind: str = "pin") -> None:
    """Enter a code, picture by picture or digit by digit."""
    for symbol in code:
        name = symbol if kind == "pin" else words("lock.picture", n=int(symbol) + 1)
        phone.page.get_by_role("button", name=name, exact=True).click()
    phone.press("next")


def lock(phone: Handset, code: str = CODE, kind: str = "pin") -> None:
    """Set a lock, from the first screen, and come back to it."""
    phone.press("home.phone")
    phone.press(f"lock.{kind}")
    touch(phone, code, kind)
    expect(phone.page.get_by_role("heading", name=words("lock.again"))).to_be_visible()
    touch(phone, code, kind)
    expect(phone.page.get_by_role("button", name=words("lock.now"))).to_be_visible()
    phone.press("back")


def stored(page: Page) -> bytes:
    """Every byte that lies in the app's databases, values and keys."""

    def inside(value: Any) -> Iterator[bytes]:
        if isinstance(value, dict):
            for name, part in value.items():
                yield base64.b64decode(part) if name in ("$bytes", "$buffer") else b"\n".join(inside(part))
        elif isinstance(value, list):
            yield from (b"\n".join(inside(part)) for part in value)
        else:
            yield str(value).encode()

    return b"\n".join(inside(dumped(page)))


def test_a_locked_phone_shows_and_keeps_nothing_to_read_and_still_sends_what_waited(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    receipt = report_the_gate(phone).replace("-", "")
    phone.press("saved.done")
    begin_the_report(phone)
    phone.page.get_by_role("button", name=words("leave")).click()
    assert "water-gate" in stored(phone.page).decode(errors="replace"), "the list of categories is nobody's secret"
    lock(phone)
    before = len(phone.link.sent)
    phone.page.reload()
    expect(phone.heading("lock.title")).to_be_visible()
    expect(phone.page.get_by_text(WORDS)).to_have_count(0)
    kept = stored(phone.page)
    assert [secret for secret in (WORDS, receipt) if secret.encode() in kept] == []
    phone.connect(True)
    phone.wake()
    until(lambda: Report.objects.filter(text=WORDS).exists(), seconds=ARRIVING)
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2, seconds=ARRIVING)
    asked = [one for one in phone.link.sent[before:] if "/api/v1/" in one.asked]
    assert {one.bearer for one in asked} == {None}, "a locked phone says who it is"
    touch(phone, OTHER_CODE)
    expect(phone.page.get_by_text(words("lock.wrong"))).to_be_visible()
    touch(phone, CODE)
    expect(the_report(phone)).to_contain_text(words("state.with_named", office="").strip())
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_be_visible()
    assert Report.objects.count() == 1


def test_who_forgot_the_code_loses_nothing_that_was_saved_and_begins_anew(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    receipt = report_the_gate(phone)
    phone.press("saved.done")
    lock(phone, PICTURES, "pictures")
    phone.press("home.phone")
    phone.press("lock.now")
    expect(phone.heading("lock.title")).to_be_visible()
    phone.page.go_back()
    expect(phone.heading("lock.title")).to_be_visible()
    phone.press("lock.forgotten")
    expect(phone.page.get_by_text(words("lock.forgotten_means"))).to_be_visible()
    phone.press("people.other")
    expect(phone.heading("people.title")).to_be_visible()
    phone.press("people.new")
    expect(phone.heading("home.mine")).to_be_visible()
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    expect(phone.page.locator("li .row")).to_have_count(0)
    # The villages are nobody's secret: another person reports without having had a network.
    report_the_gate(phone)
    phone.press("saved.done")
    phone.connect(True)
    phone.wake()
    until(lambda: Report.objects.count() == 2, seconds=ARRIVING)
    assert Report.objects.values("profile").distinct().count() == 2
    expect(phone.page.locator("li .row")).to_have_count(1)
    phone.press("lookup.title")
    phone.page.get_by_label(words("receipt")).fill(receipt)
    phone.press("lookup.ask")
    answer = phone.page.get_by_role("status").filter(has_text=words("state.with_office"))
    expect(answer.or_(phone.page.get_by_role("status").filter(has_text=words("state.arrived")))).to_be_visible()


def test_two_people_never_see_each_other_s(handset: Callable[[str], Handset]) -> None:
    phone = handset("shared")
    phone.get_ready()
    phone.connect(False)
    begin_the_report(phone)
    phone.page.get_by_role("button", name=words("leave")).click()
    lock(phone)
    phone.press("home.phone")
    phone.press("people.other")
    phone.press("people.new")
    expect(phone.heading("home.mine")).to_be_visible()
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_have_count(0)
    report_the_gate(phone)
    phone.press("saved.done")
    lock(phone, OTHER_CODE)
    phone.close()
    phone.open(online=False)
    # Whose phone it is in the hand of, nobody knows now.
    first, second = (phone.page.get_by_role("button", name=words("people.n", n=n)) for n in (1, 2))
    expect(second).to_be_visible()
    first.click()
    touch(phone, OTHER_CODE)
    expect(phone.page.get_by_text(words("lock.wrong"))).to_be_visible()
    touch(phone, CODE)
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_be_visible()
    expect(phone.page.locator("li .row")).to_have_count(0)


def test_it_locks_after_two_minutes_out_of_sight_and_not_before(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    lock(phone)
    phone.page.clock.install()
    out_of_sight(phone, True)
    phone.page.clock.run_for(AWAY_MS - 1_000)
    out_of_sight(phone, False)
    phone.page.clock.run_for(AWAY_MS)
    expect(phone.heading("home.mine")).to_be_visible()
    out_of_sight(phone, True)
    phone.page.clock.run_for(AWAY_MS + 1_000)
    expect(phone.heading("lock.title")).to_be_visible()


def test_who_goes_to_the_camera_comes_back_to_the_report_with_the_photo(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    opened = go_to_the_camera(phone)
    phone.page.clock.run_for(PHOTO_MS - 1_000)
    out_of_sight(phone, False)
    opened.set_files(photo_with_place())
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    phone.page.clock.run_for(AWAY_MS)
    out_of_sight(phone, True)
    phone.page.clock.run_for(AWAY_MS + 1_000)
    expect(phone.heading("lock.title")).to_be_visible()


def test_who_does_not_come_back_from_the_camera_is_locked_out(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    go_to_the_camera(phone)
    phone.page.clock.run_for(PHOTO_MS + 1_000)
    expect(phone.heading("lock.title")).to_be_visible()


def go_to_the_camera(phone: Handset) -> FileChooser:
    """From a report that was begun on a phone with a lock; what the camera gives back is put into it."""
    phone.get_ready()
    lock(phone)
    begin_the_report(phone)
    phone.page.clock.install()
    with phone.page.expect_file_chooser() as opened:
        phone.page.get_by_text(words("photos.camera")).click()
    out_of_sight(phone, True)
    return opened.value


def out_of_sight(phone: Handset, hidden: bool) -> None:
    """As when another app is before it."""
    phone.page.evaluate(
        """(state) => {
          Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state })
          document.dispatchEvent(new Event('visibilitychange'))
        }""",
        "hidden" if hidden else "visible",
    )


def test_what_is_over_is_wiped_and_what_is_not_stays(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    report_the_gate(phone)
    phone.press("saved.done")
    until(Report.objects.exists, seconds=ARRIVING)
    the_report(phone).click()
    phone.press("withdraw.open")
    phone.press("withdraw.yes")
    until(lambda: Report.objects.get().text == "", seconds=ARRIVING)
    phone.press("back")
    expect(the_report(phone)).to_contain_text(words("state.withdrawn"))
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    expect(phone.page.locator("li .row")).to_have_count(2)
    phone.press("home.phone")
    phone.press("wipe.open")
    phone.press("wipe.yes")
    expect(phone.page.get_by_role("button", name=words("wipe.open"))).to_have_count(0)
    phone.press("back")
    expect(the_report(phone)).to_contain_text(words("state.saved"))


def test_who_is_in_danger_needs_no_code(handset: Callable[[str], Handset]) -> None:
    phone = handset("shared")
    phone.open()
    lock(phone)
    phone.close()
    phone.open(online=False)
    expect(phone.heading("lock.title")).to_be_visible()
    phone.press("home.danger")
    expect(phone.page.get_by_role("link", name=words("danger.call", number=112))).to_be_visible()
    expect(phone.page.get_by_text(words("danger.no_code"))).to_be_visible()
    report = phone.page.get_by_role("button", name=words("danger.report"), exact=True)
    report.evaluate("button => [button.click(), button.click()]")
    phone.page.wait_for_function("() => performance.getEntriesByType('navigation')[0].type === 'reload'")
    # Pressed once is enough: it is the first question of the report.
    phone.page.locator(".tile").first.click()
    phone.page.go_back()
    phone.page.go_back()
    expect(phone.heading("danger.not112")).to_be_visible()
    expect(phone.page.get_by_text(words("danger.no_code"))).to_have_count(0)
    phone.press("danger.report")
    phone.page.locator(".tile").first.click()
    phone.page.locator(".found button").first.click()
    phone.page.get_by_role("textbox", name=words("words.title")).fill(WORDS)
    phone.press("next")
    phone.press("next")
    phone.press("review.save")
    expect(phone.page.get_by_text(words("danger.no_code"))).to_be_visible()
    phone.press("lock.pin")
    touch(phone, OTHER_CODE)
    touch(phone, OTHER_CODE)
    expect(phone.heading("saved.title")).to_be_visible()
    expect(phone.page.get_by_text(words("danger.no_code"))).to_have_count(0)
    assert len(dumped(phone.page)) == 3, "the registry and two people, though it was pressed twice"


FULL = """const put = IDBObjectStore.prototype.put
IDBObjectStore.prototype.put = function (...given) {
  if (this.name === 'facts') throw new DOMException('full', 'QuotaExceededError')
  return put.apply(this, given)
}"""


def test_the_right_code_opens_a_phone_that_is_full_and_another_one_waits_for_room(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    lock(phone)
    phone.page.add_init_script(FULL)
    phone.page.reload()
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, CODE)
    expect(phone.heading("home.mine")).to_be_visible()
    phone.press("home.phone")
    phone.press("lock.off")
    touch(phone, CODE)
    expect(phone.page.get_by_role("alert")).to_contain_text(words("storage.full"))
    phone.press("back")
    phone.press("lock.pin")
    for code in (CODE, OTHER_CODE, OTHER_CODE):
        touch(phone, code)
    expect(phone.page.get_by_role("alert")).to_contain_text(words("storage.full"))
    expect(phone.page.get_by_role("button", name="7", exact=True)).to_be_enabled()
    phone.page.reload()
    touch(phone, CODE)
    expect(phone.heading("lock.pin")).to_be_visible()
