"""Promise 1 where phones are as they are: no storage, no lists yet, a broken photo, a reload, the back button."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.e2e.handset import Handset
from tests.e2e.road import WORDS, begin_the_report, photo_with_place, report_the_gate
from tests.e2e.words import words

pytestmark = pytest.mark.e2e

NO_DATABASES = "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }"


def test_where_nothing_can_be_kept_it_is_said_before_the_first_word(address: str, browser: Browser) -> None:
    page = browser.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.add_init_script(NO_DATABASES)
    page.goto(address)
    expect(page.get_by_role("alert")).to_contain_text(words("storage.unavailable"))
    expect(page.get_by_role("button")).to_have_count(0)
    assert not faults


def test_a_phone_without_its_lists_says_so_and_gets_them_by_itself(address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.route("**/api/v1/reference*", lambda route: route.abort())
    page.goto(address)
    expect(page.get_by_text(words("net.never"))).to_be_visible()
    page.get_by_role("button", name=words("home.report")).click()
    expect(page.get_by_text(words("what.nolist"))).to_be_visible()
    page.unroute("**/api/v1/reference*")
    expect(page.locator(".tile").first).to_be_visible(timeout=60_000)


def test_what_was_begun_survives_a_reload_and_a_broken_photo(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    broken: FilePayload = {"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8 not a photo"}
    choose = phone.page.locator("input[type=file]:not([capture])")
    choose.set_input_files([broken, photo_with_place()])
    expect(phone.page.get_by_role("alert")).to_contain_text(words("photos.bad"))
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()
    phone.page.reload()
    expect(phone.page.get_by_role("textbox", name=words("words.title"))).to_have_value(WORDS)
    expect(phone.page.get_by_role("img", name=words("photos.n", n=1))).to_be_visible()


def test_the_back_button_goes_through_each_step_and_home_after_saving(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_the_report(phone)
    phone.press("next")
    phone.press("next")
    for title in ("when.title", "words.title", "where.title", "what.title", "home.mine"):
        phone.page.go_back()
        expect(phone.heading(title)).to_be_visible()
    report_the_gate(phone)
    phone.page.go_back()
    expect(phone.heading("home.mine")).to_be_visible()
    expect(phone.page.locator("li .row")).to_have_count(1)
