"""Promises 3 and 4 in a real browser: a report sent over HTTP is routed by a real worker, read, acknowledged and answered."""

import json
import os
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from reporting.cases.models import Case, Inquiry
from reporting.media.models import Medium
from tests.e2e.handset import MICROPHONE
from tests.media.sounds import loudest
from tests.phones import JSON, Phone, b64
from tests.processes import until

pytestmark = pytest.mark.e2e

WORDS = "Ак-Сайдын үстүндөгү сугат дарбазасы жабылып калды."


def sync(address: str, phone: Phone, *operations: JSON) -> Any:
    """One round trip of a phone over the network."""
    envelopes = [b64(phone.envelope(operation)) for operation in operations]
    body = json.dumps({"proto": 1, "cursor": None, "envelopes": envelopes}).encode()
    headers = {"Content-Type": "application/json", "Authorization": phone.bearer}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/sync", body, headers), timeout=20) as reply:
        return json.load(reply)


def log_in(page: Page, address: str, username: str) -> None:
    page.goto(f"{address}/admin/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", "aryk-demo-2026")
    page.click("#login-form button[type=submit]")
    expect(page).to_have_url(f"{address}/admin/")


def no_wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("width", "height"), [(360, 640), (1280, 800)])
def test_the_officer_reads_acknowledges_and_answers(address: str, browser: Browser, width: int, height: int) -> None:
    phone = Phone()
    report = phone.filed({"village": "41705214848010", "text": WORDS, "audience": "border"})
    assert sync(address, phone, report)["results"][0]["status"] == "applied"
    until(lambda: Case.objects.filter(status="assigned").exists())
    case = Case.objects.get()

    page = browser.new_page(viewport={"width": width, "height": height}, locale="ky")
    log_in(page, address, "officer-ak-sai")
    page.goto(f"{address}/admin/reporting/case/")
    expect(page.get_by_text(str(case.number)).first).to_be_visible()
    assert no_wider_than_the_screen(page)
    page.goto(f"{address}/admin/reporting/case/{case.pk}/change/")
    expect(page.get_by_text(WORDS)).to_be_visible()
    assert no_wider_than_the_screen(page)
    page.get_by_role("button", name="Кабыл алуу").click()
    until(lambda: Case.objects.get().status == "acknowledged")
    page.fill("#id_text", "Дарбаза эртең ачылат.")
    page.get_by_role("button", name="Жоопту жөнөтүү").click()
    until(lambda: Case.objects.get().status == "answered")

    (change,) = sync(address, phone)["changes"]
    assert change["data"]["state"] == "answered"
    assert change["data"]["answers"][0]["text"] == "Дарбаза эртең ачылат."
    assert change["data"]["office"]["code"] == "okmotu-ak-sai"
    confirmed = phone.operation("report.confirm", report["entity_id"], {})
    assert sync(address, phone, confirmed)["results"][0]["status"] == "applied"
    page.reload()
    expect(page.get_by_role("heading", name=f"№ {case.number}")).to_contain_text("Чечилди")


def test_the_officer_asks_and_answers_by_voice_from_the_page(address: str, playwright: Playwright) -> None:
    phone = Phone()
    sync(address, phone, phone.filed({"village": "41705214848010", "text": WORDS}))
    until(lambda: Case.objects.filter(status="assigned").exists())
    arguments = [*MICROPHONE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
    page = browser.new_page(viewport={"width": 360, "height": 640}, locale="ky")
    log_in(page, address, "officer-ak-sai")
    page.goto(f"{address}/admin/reporting/case/{Case.objects.get().pk}/change/")
    ask, answer = page.locator("form[action$='/ask/']"), page.locator("form[action$='/answer/']")

    ask.get_by_role("button", name="Ушул жерде жазуу").click()
    expect(ask.locator("output")).to_have_text("0:02")
    ask.get_by_role("button", name="Токтотуу").click()
    expect(ask.locator("audio")).to_be_visible()
    assert ask.locator("audio").evaluate("player => player.play().then(() => player.error)") is None
    ask.get_by_role("button", name="Үндү өчүрүү").click()
    expect(ask.locator("audio")).to_be_hidden()
    assert ask.locator("input[type=file]").evaluate("field => field.files.length") == 0

    ask.get_by_role("button", name="Ушул жерде жазуу").click()
    expect(ask.locator("output")).to_have_text("0:02")
    assert no_wider_than_the_screen(page)
    ask.get_by_role("button", name="Суроону жөнөтүү").click()  # while it still records
    until(lambda: Inquiry.objects.exists())
    answer.get_by_role("button", name="Ушул жерде жазуу").click()
    expect(answer.locator("output")).to_have_text("0:02")
    answer.get_by_role("button", name="Токтотуу").click()
    answer.get_by_role("button", name="Жоопту жөнөтүү").click()
    until(lambda: Case.objects.get().status == "answered")
    browser.close()

    (change,) = sync(address, phone)["changes"]
    for said in (change["data"]["talk"][0], change["data"]["answers"][0]):
        (medium,) = said["media"]
        assert (medium["state"], said["text"]) == ("ready", "")
        assert Medium.objects.filter(pk=medium["id"], duration_ms__gt=1500).exists()
        path = f"{address}/api/v1/media/{medium['id']}/audio"
        with urllib.request.urlopen(urllib.request.Request(path, headers={"Authorization": phone.bearer})) as sound:
            assert loudest(sound.read()) > 1000


def test_an_officer_of_another_office_sees_no_case(address: str, browser: Browser) -> None:
    phone = Phone()
    sync(address, phone, phone.filed({"village": "41705214848010", "text": WORDS}))
    until(lambda: Case.objects.filter(status="assigned").exists())
    page = browser.new_page(locale="ky")
    log_in(page, address, "officer-batken")
    page.goto(f"{address}/admin/reporting/case/?turn=all")
    expect(page.get_by_text(str(Case.objects.get().number))).to_have_count(0)
    page.goto(f"{address}/admin/reporting/case/{Case.objects.get().pk}/change/")
    expect(page.get_by_text(WORDS)).to_have_count(0)
