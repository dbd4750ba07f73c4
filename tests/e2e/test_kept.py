"""Promise 1 in a real browser: what the phone says is saved is there, whole, whatever happens to the browser."""

import os
import random
import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from reporting.cases.models import Report
from reporting.media.models import Medium
from reporting.sync import keys
from tests.e2e.databases import profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import (
    WORDS,
    begin_the_report,
    large_photo,
    photo_with_place,
    report_the_gate,
    the_report,
    write_about_the_gate,
)
from tests.e2e.test_lock import CODE, lock, touch
from tests.e2e.words import begins, words
from tests.processes import until

pytestmark = pytest.mark.e2e

KILLS = int(os.environ.get("KILLS") or 5)
A_MOMENT = 0.2
SAYS_HOW_MUCH = "--disable-features=StaticStorageQuota"
"""As Chrome did before 138, and other browsers do."""
SOON = 60_000
MORE = f"{WORDS} Бүгүн да жабык."
ARRIVING = 120


def test_a_phone_that_dies_while_it_saves_has_all_of_a_report_or_none(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    seed = int(os.environ.get("SEED", time.time()))
    print(f"SEED={seed} KILLS={KILLS}")
    chance = random.Random(seed)
    shown: set[str] = set()
    took = 0.0
    saved = 0
    for kill in range(KILLS + 1):
        phone.connect(False)
        go_on_to_the_last_touch(phone)
        touched = touch_soon(phone)
        # The first one is not killed: it says how long a save takes here and now.
        receipt = shown_before(phone, touched + (30 if kill == 0 else chance.uniform(0, took * 1.1)))
        took = took or time.monotonic() - touched
        shown |= {receipt} if receipt else set()
        phone.kill()
        assert phone.open(online=False), "the service worker did not answer"
        database = profile(phone.page)
        kept = {report["receipt"] for report in rows(database, "reports")}
        assert shown <= kept, "the phone said of this report that it was saved"
        assert len(kept) - saved + len(rows(database, "drafts")) == 1, "it is a draft or it is saved"
        saved = len(kept)
        expect(phone.page.locator("li .row")).to_have_count(saved)
    phone.connect(True)
    until(lambda: Report.objects.count() == saved, seconds=ARRIVING)
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2 * saved, seconds=ARRIVING)
    print(f"took {took:.2f} s; {saved} saved, {len(shown)} of them were shown")


def go_on_to_the_last_touch(phone: Handset) -> None:
    """With the draft that is there, else with a new one."""
    draft = phone.page.get_by_role("button", name=words("home.draft"))
    if draft.count():
        draft.click()
        expect(phone.heading("review.title")).to_be_visible()
        expect(phone.page.get_by_role("img", name=words("review.photos", n=1))).to_be_visible()
    else:
        write_about_the_gate(phone, photo_with_place())


def touch_soon(phone: Handset) -> float:
    """Press *save* a moment from now, on a phone that is slow, so that this process is free to watch; when."""
    phone.devtools().send("Emulation.setCPUThrottlingRate", {"rate": 6})
    button = phone.page.get_by_role("button", name=words("review.save"), exact=True)
    button.evaluate("(button, moment) => void setTimeout(() => button.click(), moment)", A_MOMENT * 1000)
    return time.monotonic() + A_MOMENT


def shown_before(phone: Handset, deadline: float) -> str | None:
    """The receipt, as it is kept, that the screen said was saved; None when it did not by then."""
    text: str | None = None
    while not text and time.monotonic() < deadline:
        text = phone.page.evaluate("() => document.querySelector('.receipt.large')?.textContent ?? null")
    return re.sub("[^0-9A-Z*~$=]", "", text) if text else None


@pytest.mark.parametrize("warned", [False, True])
def test_a_full_phone_keeps_the_words_says_what_to_do_and_saves_once_there_is_room(
    handset: Callable[[str], Handset], warned: bool
) -> None:
    phone = handset("resident")
    if warned:
        phone.arguments.append(SAYS_HOW_MUCH)
    phone.get_ready()
    phone.connect(False)
    devtools = phone.devtools()
    write_about_the_gate(phone, large_photo())
    give_room(devtools, phone, used(phone) + 50_000)
    start_anew(phone)
    phone.press("review.save")
    expect(phone.page.get_by_role("alert").first).to_contain_text(words("storage.full"))
    expect(phone.page.get_by_text(WORDS)).to_be_visible()
    assert rows(profile(phone.page), "reports") == []
    phone.page.reload()
    expect(phone.page.get_by_text(WORDS)).to_be_visible()
    expect(phone.page.get_by_role("img", name=words("review.photos", n=1))).to_be_visible()
    give_room(devtools, phone, None)
    start_anew(phone)
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    assert len(rows(profile(phone.page), "mediaBytes")) == 2


def test_a_full_phone_that_locks_itself_puts_down_first_what_fits_by_then(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    devtools = phone.devtools()
    lock(phone)
    begin_the_report(phone)
    a_photo_does_not_fit(devtools, phone)
    # Elsewhere the person makes room, and comes back.
    give_room(devtools, phone, None)
    come_back(phone.page)
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    a_photo_does_not_fit(devtools, phone)
    begin_another_and_come_back(phone)
    both = phone.page.get_by_role("img", name=words("review.photos", n=2))
    expect(both).to_be_visible()
    give_room(devtools, phone, None)
    phone.press("exit")
    phone.page.wait_for_function("() => performance.getEntriesByType('navigation')[0].type === 'reload'")
    phone.page.locator("h1 button").click()
    touch(phone, CODE)
    phone.page.get_by_role("button", name=words("home.draft")).first.click()
    expect(both).to_be_visible()


def begin_another_and_come_back(phone: Handset) -> None:
    """To the draft that was being written."""
    phone.press("leave")
    phone.press("home.report")
    phone.page.locator(".tile").first.click()
    expect(phone.page.get_by_role("searchbox")).to_be_visible()
    phone.press("leave")
    drafts = phone.page.get_by_role("button", name=words("home.draft"))
    expect(drafts).to_have_count(2)
    drafts.last.click()


def a_photo_does_not_fit(devtools: CDPSession, phone: Handset) -> None:
    """Of the report that is being written, on a phone that is full from here on and says so."""
    give_room(devtools, phone, used(phone) + 50_000)
    start_anew(phone)
    touch(phone, CODE)
    phone.page.locator("input[type=file]:not([capture])").set_input_files([large_photo()])
    expect(phone.page.get_by_role("alert")).to_contain_text(words("storage.full"))


def come_back(page: Page) -> None:
    """What the browser tells a page that is looked at again."""
    page.evaluate("() => void document.dispatchEvent(new Event('visibilitychange'))")


COUNTS_ASKING = """
  window.asked = 0;
  const real = StorageManager.prototype.persist;
  StorageManager.prototype.persist = function () { window.asked++; return real.call(this); };
"""


def test_the_browser_is_asked_to_clear_nothing_once_something_is_kept(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open_blank()
    phone.page.add_init_script(COUNTS_ASKING)
    phone.open_here()
    expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
    assert phone.page.evaluate("asked") == 0
    report_the_gate(phone)
    phone.page.wait_for_function("asked === 1")


def test_a_phone_that_is_nearly_full_warns_from_80_percent_on(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.arguments.append(SAYS_HOW_MUCH)
    phone.get_ready()
    devtools = phone.devtools()
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    give_room(devtools, phone, round(used(phone) / 0.85))
    phone.page.reload()
    expect(phone.page.get_by_role("alert")).to_contain_text(words("storage.nearly_full"))
    phone.press("home.phone")
    expect(phone.heading("home.phone")).to_be_visible()
    expect(phone.page.get_by_text(re.compile(r"8[3-8] %"))).to_be_visible()
    key = keys.current()
    assert key is not None
    expect(phone.page.get_by_text(keys.fingerprint(bytes(key.public)), exact=True)).to_be_visible()
    give_room(devtools, phone, round(used(phone) / 0.5))
    phone.page.reload()
    expect(phone.page.get_by_text(re.compile("(49|5[0-2]) %"))).to_be_visible()
    expect(phone.page.get_by_role("alert")).to_have_count(0)


def test_a_browser_that_does_not_say_how_much_there_is_warns_of_nothing_it_does_not_know(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.open()
    phone.press("home.phone")
    expect(phone.page.get_by_text(words("phone.used_only", used=1))).to_be_visible()


def start_anew(phone: Handset) -> None:
    """The browser asks again how much room there is once no page has the databases open."""
    here = phone.page.evaluate("() => `${location.origin}/#${history.state?.path ?? '/'}`")
    phone.page.goto("about:blank")
    time.sleep(3)
    phone.page.goto(here)


def used(phone: Handset) -> int:
    """Bytes, by the browser's own count."""
    return int(phone.page.evaluate("async () => (await navigator.storage.estimate()).usage"))


def give_room(devtools: CDPSession, phone: Handset, size: int | None) -> None:
    """So much and no more, or again as much as there is."""
    bound = {} if size is None else {"quotaSize": size}
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": phone.link.address, **bound})


def test_what_the_browser_cleared_is_said(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    phone.close()
    phone.open_blank()
    clear = {"origin": phone.link.address, "storageTypes": "indexeddb"}
    phone.devtools().send("Storage.clearDataForOrigin", clear)
    phone.close()
    phone.open(online=False)
    expect(phone.page.get_by_role("alert")).to_contain_text(words("storage.lost"))
    # It was said; the next report is kept like the first.
    phone.page.reload()
    expect(phone.page.get_by_role("alert")).to_have_count(0)
    phone.connect(True)
    expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
    begin_the_report(phone)
    # The browser tells an app that is open, which begins anew with what there is.
    phone.devtools().send("Storage.clearDataForOrigin", clear)
    expect(phone.page.get_by_role("alert")).to_contain_text(words("storage.lost"))
    expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
    phone.connect(False)
    report_the_gate(phone)
    phone.press("saved.done")
    expect(the_report(phone)).to_contain_text(words("state.saved"))
    phone.page.reload()
    expect(the_report(phone)).to_contain_text(words("state.saved"))


def a_draft_in_two_tabs(phone: Handset, part: str) -> Page:
    """Written and reviewed in one, without a connection; in the other, which is returned, this part of it is about to be changed."""
    phone.get_ready()
    phone.connect(False)
    write_about_the_gate(phone, photo_with_place())
    other = phone.new_tab()
    other.get_by_role("button", name=words("home.draft")).click()
    other.get_by_role("button", name=f"{words('change')}: {words(part)}").click()
    return other


def test_what_two_tabs_write_and_save_is_one_report(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    other = a_draft_in_two_tabs(phone, "review.words")
    other.get_by_role("textbox", name=words("words.title")).fill(MORE)
    come_back(phone.page)
    expect(phone.page.get_by_text(MORE)).to_be_visible()
    other.get_by_role("button", name=words("next"), exact=True).click()
    other.get_by_role("button", name=words("review.save"), exact=True).click()
    expect(other.get_by_role("heading", name=words("saved.title"))).to_be_visible()
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    assert phone.page.locator(".receipt").inner_text() == other.locator(".receipt").inner_text()
    assert [one["text"] for one in rows(profile(phone.page), "reports")] == [MORE]
    phone.press("saved.done")
    expect(the_report(phone)).to_be_visible()
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_have_count(0)


def test_fewer_readers_that_are_chosen_in_one_window_are_not_passed_over_in_another(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    other = a_draft_in_two_tabs(phone, "review.who")
    other.get_by_role("radio", name=begins("audience.mediator")).check()
    other.get_by_role("button", name=words("next"), exact=True).click()
    expect(other.get_by_text(words("audience.mediator"), exact=True)).to_be_visible()
    # No browser has told this one that somebody turned to it.
    expect(phone.page.get_by_text(words("audience.border"), exact=True)).to_be_visible()
    phone.page.get_by_role("button", name=words("review.save"), exact=True).evaluate("(button) => button.click()")
    expect(phone.page.get_by_role("alert")).to_contain_text(words("review.failed"))
    expect(phone.page.get_by_text(words("audience.mediator"), exact=True)).to_be_visible()
    assert rows(profile(phone.page), "reports") == []
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    assert [one["audience"] for one in rows(profile(phone.page), "reports")] == ["mediator"]
    other.get_by_role("button", name=words("review.save"), exact=True).click()
    expect(other.get_by_role("heading", name=words("saved.title"))).to_be_visible()
    assert phone.page.locator(".receipt").inner_text() == other.locator(".receipt").inner_text()


def test_two_tabs_see_one_save_and_one_of_them_sends_it(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    other = phone.new_tab()
    expect(other.locator("h1")).to_be_visible()
    phone.connect(False)
    report_the_gate(phone)
    expect(other.locator("li .row")).to_contain_text(words("state.saved"))
    phone.link.slow_down(round_trip=1)
    phone.connect(True)
    for tab in (phone.page, other):
        tab.evaluate("() => dispatchEvent(new Event('online'))")
    expect(other.locator("li .row")).not_to_contain_text(words("state.saved"), timeout=SOON)
    until(lambda: Report.objects.exists(), seconds=ARRIVING)
    assert phone.link.most_exchanging == 1
    assert Report.objects.count() == 1
    profile(phone.page)
