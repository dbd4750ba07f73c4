"""Promise 1 for who does not write: what was said into the phone is kept while it is said, arrives, and is heard."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import av
import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from reporting.cases.categories import Category
from reporting.cases.models import Case, Report
from reporting.media.models import Medium
from reporting.places.models import Place
from tests.e2e.handset import Handset
from tests.e2e.road import AK_SAI, agree_to_the_notice, log_in_to_the_admin, the_report
from tests.e2e.test_lock import AWAY_MS, CODE, lock, out_of_sight, touch
from tests.e2e.words import begins, words
from tests.media.sounds import loudest
from tests.processes import Ground, until

pytestmark = pytest.mark.e2e

SOUND = "audio.sound"
PLAYS = """async (one) => {
  one.muted = true;
  one.play();  // settles never where there is nothing to play
  for (let tries = 0; one.currentTime < 0.5 && tries < 400; tries++) await new Promise((soon) => setTimeout(soon, 50));
  return one.error === null && one.currentTime >= 0.5;
}"""


def begin_to_speak(page: Page) -> None:
    """To the microphone, and two seconds into it."""
    agree_to_the_notice(page)
    page.get_by_role("button", name=words("home.report")).click()
    page.get_by_role("button", name=Category.objects.get(code="water-gate").names["ky"]).click()
    page.get_by_role("button", name=Place.objects.get(code=AK_SAI).names["ky"]).first.click()
    page.get_by_role("button", name=words("voice.record")).click()
    expect(page.locator(".taping")).to_contain_text("0:02")


def send(phone: Handset) -> Medium:
    """From the review to the server; the recording there."""
    phone.press("review.save")
    expect(phone.heading("saved.title")).to_be_visible()
    phone.press("saved.done")
    phone.connect(True)
    until(lambda: Medium.objects.filter(role="voice").exclude(state__in=("expected", "uploading", "received")).exists())
    medium = Medium.objects.get(role="voice")
    assert medium.state == "ready", medium.fault
    return medium


def test_what_was_said_offline_is_heard_by_the_officer_and_by_who_said_it(
    address: str, browser: Browser, handset: Callable[[str], Handset], ground: Ground
) -> None:
    phone = handset("resident")
    phone.get_ready()
    phone.connect(False)
    begin_to_speak(phone.page)
    phone.press("voice.pause")
    stood = phone.page.locator(".taping").inner_text()
    phone.page.wait_for_timeout(1500)
    assert phone.page.locator(".taping").inner_text() == stood
    phone.press("voice.go_on")
    expect(phone.page.locator(".taping")).to_contain_text("0:04")
    phone.press("voice.done")
    assert phone.page.locator(SOUND).evaluate(PLAYS)
    phone.press("next")
    phone.press("next")
    phone.page.get_by_role("radio", name=begins("audience.office")).check()
    phone.press("next")
    expect(phone.page.locator(SOUND)).to_be_visible()
    medium = send(phone)
    assert Report.objects.get().text == ""
    assert 3000 <= (medium.duration_ms or 0) <= 6500
    assert medium.size <= 3 * (medium.duration_ms or 0), "16 kbit/s are 2 bytes a millisecond"
    (kept,) = ground.folder.rglob(Path(str(medium.sound)).name)  # the worker's folder, not this process's
    assert loudest(kept.read_bytes()) > 3000, "silence was recorded"
    with av.open(BytesIO(kept.read_bytes())) as sound:
        assert [stream.channels for stream in sound.streams.audio] == [1]

    the_report(phone).click()
    expect(phone.page.get_by_text(words("medium.sent"), exact=True)).to_be_visible(timeout=60_000)
    assert phone.page.locator(SOUND).evaluate(PLAYS)
    until(lambda: Case.objects.filter(assignments__office__code="okmotu-ak-sai").exists())
    desk = browser.new_page(locale="ky")
    log_in_to_the_admin(desk, address, "officer-ak-sai")
    desk.goto(address + reverse("admin:reporting_case_change", args=[Case.objects.get().pk]))
    assert desk.locator("section:not(.act) audio").evaluate(PLAYS)


def test_a_phone_that_dies_in_the_middle_of_a_word_keeps_what_was_said(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_to_speak(phone.page)
    phone.kill()
    phone.open(online=False)
    phone.page.get_by_role("button", name=words("home.draft")).click()
    assert phone.page.locator(SOUND).evaluate(PLAYS)
    medium = send(phone)
    assert (medium.duration_ms or 0) >= 1500


def test_a_recording_is_deleted_after_a_question_and_leaves_nothing(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_to_speak(phone.page)
    phone.press("voice.done")
    phone.press("voice.delete")
    expect(phone.page.locator(SOUND)).to_be_visible()
    phone.press("voice.sure")
    expect(phone.page.locator(SOUND)).to_have_count(0)
    phone.page.reload()
    expect(phone.heading("words.title")).to_be_visible()
    expect(phone.page.locator(SOUND)).to_have_count(0)


def test_going_on_while_speaking_keeps_what_was_said(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_to_speak(phone.page)
    phone.press("next")
    phone.page.go_back()
    expect(phone.page.locator(SOUND)).to_have_count(1)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            "MediaDevices.prototype.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
            "refused",
        ),
        ("MediaDevices.prototype.getUserMedia = async () => { throw new DOMException('', 'NotFoundError') }", "none"),
        ("delete window.MediaRecorder", "none"),
    ],
)
def test_without_a_microphone_there_is_a_way_on(address: str, browser: Browser, fault: str, said: str) -> None:
    page = browser.new_page(locale="ky")
    page.add_init_script(fault)
    page.goto(address)
    page.get_by_role("button", name=words("home.report")).click()
    page.locator(".tile").first.click()
    page.locator(".found button").first.click()
    record = page.get_by_role("button", name=words("voice.record"))
    if "delete" not in fault:
        record.click()
    expect(page.get_by_text(words(f"voice.{said}"))).to_be_visible()
    page.get_by_role("textbox", name=words("words.title")).fill("…")
    page.get_by_role("button", name=words("next")).click()
    expect(page.get_by_role("heading", level=1, name=words("when.title"))).to_be_visible()


def test_who_speaks_on_with_the_screen_off_is_heard_to_the_end_and_then_it_locks(
    handset: Callable[[str], Handset],
) -> None:
    phone = handset("resident")
    phone.get_ready()
    lock(phone)
    phone.page.clock.install()
    begin_to_speak(phone.page)
    out_of_sight(phone, True)
    phone.page.clock.run_for(AWAY_MS + 1_000)
    expect(phone.page.locator(".taping")).to_contain_text(re.compile("2:0[3-9]"))
    phone.page.clock.run_for(60_000)
    expect(phone.heading("lock.title")).to_be_visible()
    touch(phone, CODE)
    expect(phone.page.locator(SOUND)).to_have_count(0)
    phone.page.get_by_role("button", name=words("home.draft")).click()
    expect(phone.page.locator(SOUND)).to_have_count(1)


def test_a_recording_is_silent_once_the_phone_is_put_away(handset: Callable[[str], Handset]) -> None:
    phone = handset("resident")
    phone.open()
    begin_to_speak(phone.page)
    phone.press("voice.done")
    recording = phone.page.locator(SOUND)
    recording.evaluate("one => { one.loop = true; return one.play() }")
    assert not recording.evaluate("one => one.paused")
    out_of_sight(phone, True)
    assert recording.evaluate("one => one.paused")
