"""Promise 2, by real pixels: codes on the sender's screen, filmed, are read by a desk's camera and arrive as one report."""

import io
import os
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from reporting.cases.models import Report
from tests.e2e.test_carrying import PHONE, WORDS, a_saved_report
from tests.processes import until

pytestmark = pytest.mark.e2e

FILM = (640, 480)
FPS = 20
PER_CODE = 6


def codes_on_screen(page: Page) -> list[Image.Image]:
    """A picture of each code of the loop, in order. Number and code are read at one moment and photographed at leisure."""
    seen: dict[int, str] = {}
    count = int(page.locator(".frame").inner_text().split("/")[1])
    ends = time.monotonic() + 60
    while len(seen) < count:
        assert time.monotonic() < ends
        number, code = page.evaluate(
            "() => [document.querySelector('.frame').textContent, document.querySelector('.code').outerHTML]"
        )
        seen[int(number.split("/")[0])] = code
    table = page.context.new_page()
    pictures = []
    for _, code in sorted(seen.items()):
        table.set_content(f"<body style='width: 320px'>{code}</body>")
        pictures.append(Image.open(io.BytesIO(table.locator("svg").screenshot())).convert("L"))
    return pictures


def film(path: Path, codes: list[Image.Image]) -> None:
    """What a camera would see, as YUV4MPEG2: each code a little turned, on a grey table."""
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{FILM[0]} H{FILM[1]} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for code in codes:
            picture = Image.new("L", FILM, 150)
            turned = code.resize((400, 400)).rotate(4, expand=True, fillcolor=150)
            picture.paste(turned, (100, 20))
            for _ in range(PER_CODE):
                file.write(b"FRAME\n" + picture.tobytes() + b"\x80" * (FILM[0] * FILM[1] // 2))


def test_a_desk_reads_the_codes_says_what_is_missing_and_sends_it_on(
    address: str, browser: Browser, tmp_path: Path
) -> None:
    page = a_saved_report(browser.new_context(viewport=PHONE, locale="ky"), address)
    page.get_by_role("button", name="QR коддор катары").click()
    codes = codes_on_screen(page)
    assert len(codes) >= 3
    without_second = [codes[0], *codes[2:]]
    film(tmp_path / "film.y4m", without_second * (60 // len(codes)) + codes)

    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'film.y4m'}",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ]
    watching = browser.browser_type.launch(executable_path=os.environ["CHROMIUM"], args=camera)
    try:
        desk = watching.new_context(locale="en").new_page()
        desk.goto(f"{address}/carry")
        desk.get_by_role("button", name="Read QR codes").click()
        expect(desk.get_by_text("Still missing: 2")).to_be_visible(timeout=20_000)
        expect(desk.locator(".card")).to_contain_text("Sent on: 1", timeout=40_000)
    finally:
        watching.close()
    until(lambda: Report.objects.count() == 1)
    assert Report.objects.get().text == WORDS
