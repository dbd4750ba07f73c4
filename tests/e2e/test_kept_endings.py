"""Promise 1 where a page ends: what is being made ready is waited for, and what is begun in the next one stays."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e.handset import Handset
from tests.e2e.road import begin_the_report, photo_with_place
from tests.e2e.test_kept_versions import publish_the_next_build
from tests.e2e.test_lock import CODE, lock, touch
from tests.e2e.words import words

pytestmark = pytest.mark.e2e

HELD_PHOTO = """() => {
  const { toBlob } = HTMLCanvasElement.prototype
  HTMLCanvasElement.prototype.toBlob = function (done, ...how) {
    toBlob.call(this, (blob) => { window.letGo = () => done(blob) }, ...how)
  }
}"""
HELD_READING = """() => {
  const { getAll } = IDBIndex.prototype
  IDBIndex.prototype.getAll = function (...asked) {
    const request = getAll.apply(this, asked)
    if (this.objectStore.name !== 'draftParts') return request
    return { get result() { return request.result }, set onsuccess(then) { window.letGo = then } }
  }
}"""
"""As on a phone that takes its time: until the test lets it go."""
LONG_ENOUGH = 500
"""In milliseconds, for a page that does not wait to be gone."""


def test_a_photo_that_is_being_made_ready_is_waited_for_whatever_ends_the_page(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    lock(phone)
    begin_the_report(phone)

    choose_a_photo(phone)
    phone.page.get_by_role("button", name=words("leave")).click()
    phone.press("home.phone")
    phone.press("lock.now")
    ends_once_it_is_ready(phone)
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, CODE)
    has_photos(phone, 1)

    phone.page.evaluate("() => { location.hash = '#/report/words' }")
    choose_a_photo(phone)
    phone.press("exit")
    ends_once_it_is_ready(phone)
    phone.page.locator("h1 button").click()
    touch(phone, CODE)
    has_photos(phone, 2)

    publish_the_next_build(phone)
    phone.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    phone.page.evaluate("() => { location.hash = '#/report/words' }")
    choose_a_photo(phone)
    phone.page.get_by_role("button", name=words("leave")).click()
    phone.page.get_by_role("button", name=words("update.take"), exact=True).click(timeout=60_000)
    ends_once_it_is_ready(phone)
    assert phone.page.evaluate("() => document.documentElement.dataset.next") == "yes"
    phone.page.evaluate(HELD_READING)
    touch(phone, CODE)
    begin_another_before_the_first_is_read(phone)
    phone.page.get_by_role("button", name=words("leave")).click()
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_have_count(2)
    phone.page.reload()
    touch(phone, CODE)
    has_photos(phone, 3, place=1)


def choose_a_photo(phone: Handset) -> None:
    """It is drawn, and not written yet."""
    phone.page.evaluate(HELD_PHOTO)
    phone.page.locator("input[type=file]:not([capture])").set_input_files(photo_with_place())
    expect(phone.page.get_by_text(words("review.pending_photos"))).to_be_visible()
    phone.page.wait_for_function("() => window.letGo")


def ends_once_it_is_ready(phone: Handset) -> None:
    """The page that is there stays until the photo is made, and another one comes in its place then."""
    phone.page.wait_for_timeout(LONG_ENOUGH)
    assert phone.page.evaluate("() => window.letGo !== undefined"), "the page began anew without the photo"
    phone.page.evaluate("() => window.letGo()")
    phone.page.wait_for_function("() => window.letGo === undefined && document.querySelector('h1')")


def has_photos(phone: Handset, count: int, *, place: int = 0) -> None:
    """The draft, opened from the first screen."""
    phone.page.get_by_role("button", name=words("home.draft")).nth(place).click()
    expect(phone.page.get_by_role("img", name=words("review.photos", n=count))).to_be_visible()


def begin_another_before_the_first_is_read(phone: Handset) -> None:
    """Whoever presses at once is at the first question of a new report, and stays in it."""
    phone.press("home.report")
    phone.page.wait_for_function("() => window.letGo")
    phone.page.wait_for_timeout(LONG_ENOUGH)
    phone.page.evaluate("() => window.letGo()")
    phone.page.locator(".tile").first.click()
    expect(phone.page.get_by_role("searchbox")).to_be_visible()
