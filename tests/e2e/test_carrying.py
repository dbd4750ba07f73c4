"""Promise 2 in a real browser: what is handed over as a file arrives once, by however many carriers, and the sender hears of it."""

import json
import re
import urllib.request
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from reporting.cases.models import Report
from tests.e2e.words import words
from tests.processes import until
from tests.texting import NUMBER, Gateway

pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("takes_sms")]

PHONE: ViewportSize = {"width": 360, "height": 640}
WORDS = "Суу дарбазасын жаап коюшту."


def a_saved_report(context: BrowserContext, address: str) -> Page:
    """A phone that loaded the app, lost the network, and saved a report."""
    page = context.new_page()
    page.goto(address)
    page.locator(".dock .main").click()
    page.locator(".tile").first.click()
    page.locator(".found button").first.wait_for()
    context.set_offline(True)
    page.locator(".found button").first.click()
    page.locator("textarea").fill(WORDS)
    for _ in ("words", "details", "who", "review", "notice"):
        page.locator(".dock .main").click()
    page.locator(".receipt.large").wait_for()
    page.locator(".dock .main").click()
    page.locator("li .row").first.click()
    page.get_by_role("button", name="Башка жол менен жөнөтүү").click()
    return page


def handed_over(page: Page, folder: Path) -> Path:
    """The file as it lies in the downloads."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Файл катары").click()
    assert download.value.suggested_filename == "aryk-1.aryk"
    download.value.save_as(folder / "aryk.aryk")
    return folder / "aryk.aryk"


SHARES = """
  navigator.canShare = () => true;
  navigator.share = async ({ files }) => {
    if (%s) throw new DOMException("", "AbortError");
    window.shared = files.map(({ name, size }) => [name, size]);
  };
"""


@pytest.mark.parametrize(("changes_their_mind", "said"), [("false", "hand.given"), ("true", "hand.kept")])
def test_it_goes_to_another_app_where_the_browser_can(
    address: str, browser: Browser, changes_their_mind: str, said: str
) -> None:
    context = browser.new_context(viewport=PHONE, locale="ky")
    context.add_init_script(SHARES % changes_their_mind)
    page = a_saved_report(context, address)
    page.get_by_role("button", name="Файл катары").click()
    expect(page.get_by_role("status").get_by_text(words(said))).to_be_visible()
    shared = page.evaluate("window.shared ?? []")
    assert [name for name, _ in shared] == (["aryk-1.aryk"] if said == "hand.given" else [])
    assert all(size > 500 for _, size in shared)


def test_two_carriers_bring_one_report_and_the_sender_hears_that_it_arrived(
    address: str, browser: Browser, tmp_path: Path
) -> None:
    sender = browser.new_context(viewport=PHONE, locale="ky")
    page = a_saved_report(sender, address)
    file = handed_over(page, tmp_path)
    assert WORDS.encode() not in file.read_bytes()

    rider = browser.new_context(viewport=PHONE, locale="ky")
    phone = rider.new_page()
    phone.goto(address)
    phone.get_by_role("button", name="Башкалардыкын жеткирүү").click()
    rider.set_offline(True)
    phone.locator("input[type=file]").set_input_files(file)
    expect(phone.locator(".card")).to_contain_text("Бул жерде күтүп турат: 1")

    desk = browser.new_context(locale="ru").new_page()
    desk.goto(f"{address}/carry")
    desk.locator("input[type=file]").set_input_files(file)
    expect(desk.locator(".card")).to_contain_text("Отправлено дальше: 1")
    until(lambda: Report.objects.count() == 1)
    assert Report.objects.get().text == WORDS

    rider.set_offline(False)
    expect(phone.locator(".card")).to_contain_text("Жөнөтүлдү: 1")
    sender.set_offline(False)
    page.goto(f"{address}/#/")
    expect(page.locator("li .row .status")).not_to_contain_text("телефондо")
    assert Report.objects.count() == 1


def test_a_broken_file_is_refused_in_words_and_nothing_is_taken(address: str, browser: Browser, tmp_path: Path) -> None:
    sender = browser.new_context(viewport=PHONE, locale="ky")
    file = handed_over(a_saved_report(sender, address), tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    desk = browser.new_context(locale="en").new_page()
    desk.goto(f"{address}/carry")
    desk.locator("input[type=file]").set_input_files(file)
    expect(desk.get_by_role("alert")).to_contain_text("This file is damaged")
    expect(desk.locator(".card")).to_have_count(0)


def test_the_page_for_desks_opens_also_where_the_words_of_its_language_do_not_come(
    address: str, browser: Browser
) -> None:
    desk = browser.new_context(locale="ru").new_page()
    desk.route("**/static/app/ru-*", lambda route: route.abort())
    desk.goto(f"{address}/carry")
    expect(desk.get_by_role("heading", level=1, name=words("home.carry"), exact=True)).to_be_visible()


def passed_on(address: str, text: str) -> str:
    """The reply to an SMS that a gateway brings, over the network."""
    content, headers = Gateway().signed({"number": NUMBER, "text": text})
    request = urllib.request.Request(
        f"{address}/api/v1/gateways/sms", content, headers | {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as reply:
        return str(json.load(reply)["reply"])


def test_a_report_goes_by_sms_and_is_completed_by_the_network(address: str, browser: Browser) -> None:
    sender = browser.new_context(viewport=PHONE, locale="ky")
    page = a_saved_report(sender, address)
    page.get_by_role("button", name="SMS менен").click()
    expect(page.get_by_text("Байланыш компаниясы номериңизди")).to_be_visible()
    link = page.get_by_role("link", name="Билдирүүлөрдү ачуу")
    found = re.fullmatch(r"sms:\+996555000111\?body=(.+)", link.get_attribute("href") or "")
    assert found
    text = unquote(found[1])
    assert len(text) <= 306
    link.click()
    expect(page.get_by_text("Ал жерде жөнөтүүнү басыңыз")).to_be_visible()
    page.goto(f"{address}/#/")
    expect(page.locator("li .row .status")).to_contain_text("SMS менен жөнөтүлдү, али ырастала элек")

    assert re.fullmatch(r"ARYK .{4}: OK", passed_on(address, text))
    assert Report.objects.get().text == WORDS
    sender.set_offline(False)
    until(lambda: Report.objects.filter(partial=False).exists())
    expect(page.locator("li .row .status")).not_to_contain_text("SMS")
    assert Report.objects.filter(completed_by=None).count() == 1
    assert passed_on(address, text).endswith("OK")
    assert Report.objects.filter(completed_by=None).count() == 1
