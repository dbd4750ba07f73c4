"""Promise 1 while the app itself changes: a new build, a newer app in another tab, what an older app left behind."""

import hashlib
import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from deploy.local.saying import ROOT
from frontend.built import DIST
from reporting.cases.models import Report
from reporting.media.models import Medium
from tests.e2e.databases import load, opened, profile, rows
from tests.e2e.handset import Handset
from tests.e2e.road import (
    begin_the_report,
    large_photo,
    photo_with_place,
    report_the_gate,
    the_report,
    write_about_the_gate,
)
from tests.e2e.test_lock import touch
from tests.e2e.words import words
from tests.links import Answer
from tests.processes import until

pytestmark = pytest.mark.e2e

ARRIVING = 240
NEXT = "static/app/index-ofTheNextBuild.js"
NO_APP = "/manifest.webmanifest"
"""A page of the same server in which the app does not run."""


def test_a_new_build_that_comes_while_a_photo_uploads_loses_nothing(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    write_about_the_gate(phone, large_photo())
    phone.link.slow_down(round_trip=0.1, bits_a_second=200_000)
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    until(lambda: Report.objects.exists(), seconds=ARRIVING)
    publish_the_next_build(phone)
    phone.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    assert not Medium.objects.filter(role="photo", state=Medium.State.READY).exists(), "the upload was over before"
    phone.page.wait_for_function(
        "async () => (await navigator.serviceWorker.getRegistration()).waiting !== null", timeout=ARRIVING * 1000
    )
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2, seconds=ARRIVING)
    phone.press("saved.done")
    the_report(phone).click()
    expect(phone.page.locator(".stations")).to_be_visible()
    phone.page.reload()
    expect(phone.page.locator(".stations")).to_be_visible()
    assert not is_the_next_build(phone.page), "an old page has met the new worker"
    phone.close()
    phone.link.speed = None
    assert opens_with_the_next_build(phone, online=True)
    expect(the_report(phone)).not_to_contain_text(words("state.saved"))
    assert Report.objects.count() == 1


def test_a_new_build_of_the_same_scripts_is_taken_whole_too(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.get_ready()
    change_the_build(phone, b'<html lang="ky"', b'<html data-next="yes" lang="ky"')
    phone.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    phone.page.wait_for_function("async () => (await navigator.serviceWorker.getRegistration()).waiting !== null")
    assert not is_the_next_build(phone.page)
    phone.page.wait_for_timeout(2_000)  # the browser writes down in its own time that a worker waits
    phone.close()
    assert opens_with_the_next_build(phone, online=False), (
        "the page that the browser had kept was taken for the new one"
    )


SENDING_FOR_OTHERS = "() => void navigator.locks.request('aryk-sync-other', () => new Promise(() => {}))"
"""As the round of another person of this phone, or of a carrier."""


def test_a_new_build_is_offered_while_nobody_writes_and_nothing_is_on_its_way_and_taken_in_the_only_tab(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    begin_the_report(phone)
    phone.page.get_by_role("button", name=words("leave")).click()
    offered = phone.page.get_by_role("button", name=words("update.take"), exact=True)
    expect(phone.heading("home.mine")).to_be_visible()
    assert offered.count() == 0
    publish_the_next_build(phone)
    phone.page.evaluate("async () => (await navigator.serviceWorker.getRegistration()).update()")
    expect(offered).to_be_visible(timeout=60_000)
    phone.page.get_by_role("button", name=words("home.draft")).click()
    expect(phone.heading("review.title")).to_be_visible()
    assert offered.count() == 0
    phone.page.go_back()
    phone.link.slow_down(round_trip=20)
    report_the_gate(phone)
    phone.press("saved.done")
    expect(phone.page.get_by_text(words("net.sending"))).to_be_visible()
    assert offered.count() == 0
    phone.link.speed = None
    expect(offered).to_be_visible(timeout=60_000)
    phone.new_tab("/carry")
    other = phone.new_tab()
    phone.page.bring_to_front()
    offered.click()
    expect(phone.page.get_by_text(words("storage.newer"))).to_be_visible()
    assert not is_the_next_build(phone.page), "a page has met a new script that another tab has not"
    other.close()
    phone.page.reload()
    phone.page.evaluate(SENDING_FOR_OTHERS)
    offered.click()
    expect(phone.page.get_by_text(words("storage.newer"))).to_be_visible()
    assert not is_the_next_build(phone.page)
    phone.page.reload()
    offered.click()
    phone.page.wait_for_function("() => document.documentElement.dataset.next === 'yes'")
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_be_visible()
    expect(phone.page.locator("li .row")).to_have_count(1)


def test_an_app_that_the_browser_has_lost_is_held_anew_before_it_says_that_it_is_ready(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.page.evaluate(LOSE_THE_APP)
    phone.close()
    phone.get_ready()
    phone.close()
    assert phone.open(online=False)
    expect(phone.heading("home.mine")).to_be_visible()


LOSE_THE_APP = """async () => {
  for (const name of await caches.keys()) if (name.startsWith('aryk-shell-')) await caches.delete(name)
}"""


def publish_the_next_build(phone: Handset) -> None:
    """The server has another script from now on, and a page and a worker that name it."""
    (script,) = re.findall(r"static/app/index-[\w-]+\.js", (DIST / "index.html").read_text())
    content = (DIST / script).read_bytes() + b"\nif (self.document) document.documentElement.dataset.next = 'yes'"
    change_the_build(phone, script.encode(), NEXT.encode())
    new = Answer(200, [("Content-Type", "text/javascript")], content)
    phone.link.fault = lambda asked: new if asked == f"GET /{NEXT}" else None


def change_the_build(phone: Handset, old: bytes, new: bytes) -> None:
    """From now on the server has a page with `new` in the place of `old`, and the worker that was built with it."""
    page = (DIST / "index.html").read_bytes()
    assert old in page
    version, next_version = (hashlib.sha256(one).hexdigest()[:16] for one in (page, page.replace(old, new)))

    def change(asked: str, answer: Answer) -> Answer:
        if asked not in ("GET /", "GET /serviceworker.js"):
            return answer
        body = answer.body.replace(old, new).replace(version.encode(), next_version.encode())
        assert body != answer.body
        head = [(name, value) for name, value in answer.head if name.lower() != "etag"]
        return Answer(answer.status, head, body)

    phone.link.change = change


def opens_with_the_next_build(phone: Handset, *, online: bool) -> bool:
    """A browser that ends at once may make the waiting worker the present one only when it is opened, and use it the time after."""
    for _ in range(3):
        from_worker = phone.open(online=online)
        if is_the_next_build(phone.page):
            return from_worker
        phone.close()
    return False


def is_the_next_build(page: Page) -> bool:
    return bool(page.evaluate("() => document.documentElement.dataset.next === 'yes'"))


def test_a_newer_app_in_another_tab_gets_the_databases_while_this_one_saves(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    other = phone.new_tab(NO_APP)
    phone.page.bring_to_front()
    phone.connect(False)
    write_about_the_gate(phone, photo_with_place())
    save = phone.page.get_by_role("button", name=words("review.save"), exact=True)
    save.evaluate("(button) => void setTimeout(() => button.click(), 100)")
    other.evaluate(UPGRADE, 150)
    expect(phone.heading("storage.newer_title")).to_be_visible()
    expect(phone.page.get_by_text(words("storage.newer"))).to_be_visible()
    database = profile(other)
    assert database["version"] == 1000
    assert len(rows(database, "reports")) + len(rows(database, "drafts")) == 1, "it is a draft or it is saved"


def test_a_newer_app_in_another_tab_waits_for_the_words_that_are_being_written(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    other = phone.new_tab(NO_APP)
    phone.page.bring_to_front()
    begin_the_report(phone)
    phone.page.evaluate(SLOW_TO_SEAL)
    phone.page.get_by_role("textbox", name=words("words.title")).fill(LAST_WORDS)
    other.evaluate(UPGRADE, 0)
    expect(phone.heading("storage.newer_title")).to_be_visible()
    database = profile(other)
    (kept,) = rows(database, "drafts")
    assert opened(database, {"sealed": kept["value"]})["text"] == LAST_WORDS


LAST_WORDS = "Акыркы сөз."
SLOW_TO_SEAL = """() => {
  const encrypt = crypto.subtle.encrypt.bind(crypto.subtle)
  crypto.subtle.encrypt = (...all) => new Promise((then) => setTimeout(() => then(encrypt(...all)), 1500))
}"""

UPGRADE = """async (moment) => {
  await new Promise((then) => setTimeout(then, moment))
  const { name } = (await indexedDB.databases()).find(({ name }) => name.startsWith('aryk-0'))
  const opening = indexedDB.open(name, 1000)
  opening.onupgradeneeded = () => opening.result.createObjectStore('ofTheNextVersion')
  await new Promise((then, fail) => { opening.onsuccess = then; opening.onerror = fail })
  opening.result.close()
}"""


def left_by_an_older_app(phone: Handset, dump: object) -> None:
    """Opens the app on what lies in a dump."""
    phone.open_blank()
    phone.page.goto(phone.link.address + NO_APP)
    load(phone.page, json.loads((ROOT / str(dump)).read_text()))
    phone.open_here()


def frozen(kind: str) -> pytest.MarkDecorator:
    """Every step's dump of a kind."""
    found = sorted((ROOT / "frontend/tests/store/golden").glob(f"{kind}-*.json"))
    return pytest.mark.parametrize("dump", found, ids=lambda one: one.stem)


@frozen("step")
def test_what_an_older_app_left_is_shown_and_sent(handset: Callable[[str], Handset], dump: object) -> None:
    phone = handset("resident")
    left_by_an_older_app(phone, dump)
    expect(phone.page.locator("li .row")).to_have_count(4)
    expect(phone.page.get_by_role("button", name=words("home.draft"))).to_be_visible()
    # The server of that time lost its keys, so the phone seals anew on the way.
    until(lambda: Report.objects.filter(text="Күтүп турат.").exists(), seconds=ARRIVING)
    until(lambda: Medium.objects.filter(state=Medium.State.READY).count() == 2, seconds=ARRIVING)
    expect(phone.page.locator("li .row")).to_have_count(4)
    assert len(rows(profile(phone.page), "operations")) == 11


@frozen("said")
def test_whatever_an_older_app_left_on_its_way_is_shown_and_sent(
    handset: Callable[[str], Handset], dump: object
) -> None:
    phone = handset("resident")
    left_by_an_older_app(phone, dump)
    phone.page.get_by_role("button", name=words("people.n", n=1)).click()
    expect(phone.page.locator("li .row")).to_have_count(12)
    came = {"Эч жакка кете элек.", "Ушул жерде.", "Расмий арыз.", "Ортомчуга гана.", "SMS менен."}
    until(lambda: Report.objects.filter(text__in=came).count() == len(came), seconds=ARRIVING)
    voices = Medium.objects.filter(role="voice", state=Medium.State.READY)
    until(lambda: voices.count() >= 1, seconds=ARRIVING)
    expect(phone.page.locator("li .row")).to_have_count(12)


@frozen("hidden")
def test_what_an_older_app_left_behind_pictures_is_shown_and_sent(
    handset: Callable[[str], Handset], dump: object
) -> None:
    phone = handset("resident")
    left_by_an_older_app(phone, dump)
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, "0718", "pictures")
    expect(phone.page.locator("li .row")).to_have_count(2)
    until(lambda: Report.objects.filter(text="Кулпудан кийин.").exists(), seconds=ARRIVING)
    expect(phone.page.locator("li .row")).to_have_count(2)
