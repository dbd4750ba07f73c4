"""Screens that no address leads to: at the lock, on the page for desks, where nothing can be kept, where something is wrong."""

from collections.abc import Iterator, Sequence

from playwright.sync_api import Page, expect

from tests.e2e.handset import Handset
from tests.e2e.road import WORDS
from tests.e2e.screens import Screen, Walk, by_address, choose_language, painted, press
from tests.e2e.test_kept_roads import OTHERS, at
from tests.e2e.test_lock import OTHER_CODE, lock, touch
from tests.e2e.words import words

FIRST = "ky"
FREE_TRIES = 3
SOON = 60_000
CANNOT_OPEN = "IDBFactory.prototype.open = () => {{ throw new DOMException('no', '{why}') }}"
WITHOUT = {"nowhere-to-save": "SecurityError", "newer-elsewhere": "VersionError"}
BREAKING = "() => { Date.prototype.getFullYear = () => { throw new Error('a fault') }; location.hash = '#/days' }"
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === "drafts") throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, given);
  };
}"""

NEARLY_FULL = "StorageManager.prototype.estimate = async () => ({ usage: 95, quota: 100 })"
A_NEWER_ONE_WAITS = "Object.defineProperty(ServiceWorkerRegistration.prototype, 'waiting', { get: () => ({}) })"


def screens_apart(phone: Handset, languages: Sequence[str]) -> Walk:
    """On a phone that has an open profile without a lock; afterwards nothing is left on it."""
    yield from _refused(phone, languages)
    yield from _full(phone, languages)
    yield from _broken(phone, languages)
    yield from _at_a_desk(phone, languages)
    yield from _cannot_open(phone, languages)
    yield from _at_the_lock(phone, languages)
    yield from _lost(phone, languages)


def spoken(page: Page, languages: Sequence[str]) -> Iterator[str]:
    """Each language, chosen on the screen that is shown, which has the choice."""
    for language in languages:
        page.locator("header select").select_option(language)
        page.locator(f"html[lang={language}]").wait_for()
        painted(page)
        yield language


def _refused(phone: Handset, languages: Sequence[str]) -> Walk:
    """The server wants a newer app, or this person no more; the first screen says so."""
    for said, answer in (("outdated", "a newer server's refusal"), ("paused", "a bearer refused")):
        phone.link.fault = at("/api/v1/sync", OTHERS[answer])
        phone.connect(True)
        phone.page.evaluate("() => { location.hash = '/' }")
        for language in spoken(phone.page, languages):
            phone.wake()
            expect(phone.page.get_by_text(words(f"net.{said}", language))).to_be_visible(timeout=SOON)
            yield said, language, phone.page
    phone.link.fault = None
    phone.wake()
    expect(phone.page.locator(".link-line.idle")).to_be_visible(timeout=SOON)


def _full(phone: Handset, languages: Sequence[str]) -> Walk:
    """What is being written does not fit any more: said where it is written, and on the first screen."""
    phone.page.evaluate(FULL)
    yield from by_address(phone.page, [Screen("full", "/report/words", write), Screen("full-home", "/")], languages)


def write(page: Page, language: str) -> None:
    """Words that were not there yet."""
    page.get_by_role("textbox", name=words("words.title", language)).fill(f"{WORDS} {language}")


def _broken(phone: Handset, languages: Sequence[str]) -> Walk:
    """A fault in a screen: the page is then of no use until it begins anew."""
    for language in spoken(phone.page, languages):
        phone.page.evaluate(BREAKING)
        expect(phone.page.get_by_role("alert")).to_have_text(words("error.unexpected", language))
        yield "broken", language, phone.page
        phone.page.goto(phone.link.address + "/#/")
        phone.page.reload()
        expect(phone.page.locator("header select")).to_be_visible()


def _at_a_desk(phone: Handset, languages: Sequence[str]) -> Walk:
    page = phone.new_tab("/carry")
    for language in spoken(page, languages):
        yield "desk", language, page
    page.close()


def _cannot_open(phone: Handset, languages: Sequence[str]) -> Walk:
    for name, why in WITHOUT.items():
        page = phone.new_tab("/carry")
        page.add_init_script(CANNOT_OPEN.format(why=why))
        page.goto(phone.link.address)
        for language in spoken(page, languages):
            yield name, language, page
        if name == "nowhere-to-save":
            yield from _unkept(page, languages)
        page.close()


def _unkept(page: Page, languages: Sequence[str]) -> Walk:
    """A report was sent from the memory of the page, and another is being written there."""
    choose_the_first(page)
    begin_unkept(page)
    for button in ("next", "next", "next", "review.save", "consent.yes"):
        press(button)(page, FIRST)
    expect(page.locator(".receipt")).to_be_visible()
    sent = page.evaluate("() => history.state.path")
    press("saved.done")(page, FIRST)
    begin_unkept(page)
    paths = {"words": "/report/words", "who": "/report/who", "review": "/report/review", "sent": sent}
    yield from by_address(page, [Screen(f"unkept-{name}", path) for name, path in paths.items()], languages)


def begin_unkept(page: Page) -> None:
    """As far as its words."""
    press("home.report")(page, FIRST)
    page.locator(".tile").first.click()
    page.locator(".found button").first.click()
    write(page, FIRST)


def _at_the_lock(phone: Handset, languages: Sequence[str]) -> Walk:
    page = phone.page
    choose_the_first(page)
    lock(phone)
    yield from by_address(page, [Screen("phone-locked", "/phone")], languages)
    choose_language(page, FIRST)
    phone.press("home.phone")
    phone.press("lock.now")
    expect(phone.heading("lock.title")).to_be_visible()
    for language in spoken(page, languages):
        yield "gate", language, page
        page.evaluate("() => { location.hash = '/danger' }")
        expect(page.get_by_role("heading", name=words("danger.not112", language))).to_be_visible()
        yield "gate-danger", language, page
        page.evaluate("() => { location.hash = '/' }")
        expect(page.locator(".pad")).to_be_visible()
    choose_the_first(page)
    touch(phone, OTHER_CODE)
    expect(page.get_by_role("alert")).to_have_text(words("lock.wrong"))
    for language in spoken(page, languages):
        yield "gate-wrong", language, page
    choose_the_first(page)
    page.clock.set_fixed_time(page.evaluate("Date.now()"))  # so that the pause does not end while it is looked at
    for _ in range(1, FREE_TRIES):
        touch(phone, OTHER_CODE)
        expect(page.locator(".code")).to_have_attribute("aria-label", "0")
    expect(page.get_by_role("alert")).to_have_text(words("lock.wait", n=5))
    for language in spoken(page, languages):
        yield "gate-wait", language, page
    choose_the_first(page)
    phone.press("lock.forgotten")
    for language in spoken(page, languages):
        yield "gate-forgotten", language, page
    choose_the_first(page)
    phone.press("people.other")
    expect(phone.heading("people.title")).to_be_visible()
    for language in spoken(page, languages):
        yield "gate-people", language, page


def choose_the_first(page: Page) -> None:
    list(spoken(page, [FIRST]))


def _lost(phone: Handset, languages: Sequence[str]) -> Walk:
    """The browser has cleared what was kept; the words that were read once it still has."""
    clear = {"origin": phone.link.address, "storageTypes": "indexeddb"}
    phone.page.evaluate("sessionStorage.clear()")  # as after the tab was closed: nobody has said who it is
    phone.page.goto("about:blank")
    phone.devtools().send("Storage.clearDataForOrigin", clear)
    phone.open_here()
    expect(phone.page.get_by_role("alert")).to_have_text(words("storage.lost"))
    for language in spoken(phone.page, languages):
        yield "lost", language, phone.page
    yield from by_address(phone.page, [Screen("notice-asked", "/consent/save")], languages)
    page = phone.new_tab("/")
    page.add_init_script(NEARLY_FULL)
    page.add_init_script(A_NEWER_ONE_WAITS)
    page.reload()
    for language in spoken(page, languages):
        expect(page.get_by_text(words("storage.nearly_full", language))).to_be_visible()
        expect(page.get_by_role("button", name=words("update.take", language))).to_be_visible()
        yield "nearly-full-and-newer", language, page
    page.close()
