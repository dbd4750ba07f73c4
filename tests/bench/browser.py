"""The app in a real Chromium: until it is ready over a very slow link, and its cold start without any."""

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from tests.bench.figures import Figure
from tests.bench.links import exchanges, link_to
from tests.bench.road import BITS, ROUND_TRIP
from tests.e2e.words import words

READY_SECONDS = 25
START_SECONDS = 1.0
SLOWER = 6
PATIENCE_MS = 120_000

USABLE = """
const usable = () => {
  if (window.usableAt) return;
  window.usableAt = performance.now();
  console.info("usable");
};
addEventListener("DOMContentLoaded", () => {
  const seen = () => {
    const button = [...document.querySelectorAll("button")].find((one) => one.textContent.trim() === REPORT);
    if (window.openedAt === undefined && button) { window.openedAt = performance.now(); button.click(); }
    if (document.querySelector(".tiles .tile")) requestAnimationFrame(usable);
  };
  new MutationObserver(seen).observe(document, { childList: true, subtree: true, characterData: true });
  seen();
});
"""
"""Presses *Report* as soon as it is there, and notes when the form's first question is drawn."""


def first_load(server: str, *, bits: float = BITS, round_trip: float = ROUND_TRIP) -> Iterator[Figure]:
    """From the first request of a phone that never saw the app until it says that it can be offline."""
    with TemporaryDirectory() as folder, sync_playwright() as started:
        with link_to(server, bits=bits, round_trip=round_trip) as link, chromium(started, folder) as context:
            page = context.pages[0]
            began = time.monotonic()
            page.goto(link.address, timeout=PATIENCE_MS, wait_until="commit")
            expect(page.get_by_text(words("net.ready"))).to_be_visible(timeout=PATIENCE_MS)
            took = time.monotonic() - began
            asked = [one for one in exchanges(link) if one.body_down or one.head_down]
            bodies = sum(one.body_down for one in asked)
            measured = (
                f"{took:.1f} s for {bodies:,} B of bodies in {len(asked)} requests on {link.connections()} connections"
            )
    what = f"first load until offline-ready at {bits / 1000:.0f} kbit/s, {round_trip:.0f} s round trip, no TLS"
    yield Figure("ready", what, measured, f"≤ {READY_SECONDS} s", took <= READY_SECONDS)


def cold_start(server: str, *, times: int = 7) -> Iterator[Figure]:
    """The browser started anew each time, no network, the processor slowed down: until the form can be filled in."""
    with TemporaryDirectory() as folder, sync_playwright() as started:
        with chromium(started, folder) as context:
            page = context.pages[0]
            page.goto(server)
            expect(page.get_by_text(words("net.ready"))).to_be_visible(timeout=PATIENCE_MS)
        starts = [_start(started, folder, server) for _ in range(times)]
    opened, usable = (statistics.median(one[which] for one in starts) for which in (0, 1))
    measured = f"{usable:.2f} s to the form, {opened:.2f} s to the first screen (median of {times})"
    what = f"cold start offline to the usable form, processor {SLOWER} × slower"
    yield Figure("start", what, measured, f"≤ {START_SECONDS:.0f} s", usable <= START_SECONDS)


def _start(started: Playwright, folder: str, server: str) -> tuple[float, float]:
    """Seconds from the navigation to the first screen and to the form."""
    with chromium(started, folder) as context:
        page = context.pages[0]
        context.set_offline(True)
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        page.add_init_script(USABLE.replace("REPORT", json.dumps(words("home.report"))))
        # Looking whether it is there yet would cost the page's slowed processor up to a tenth of a second.
        with page.expect_console_message(lambda said: said.text == "usable", timeout=PATIENCE_MS):
            page.goto(server, timeout=PATIENCE_MS, wait_until="commit")
        return _seconds(page, "openedAt"), _seconds(page, "usableAt")


def _seconds(page: Page, name: str) -> float:
    return float(page.evaluate(f"window.{name}")) / 1000


@contextmanager
def chromium(started: Playwright, folder: str) -> Iterator[BrowserContext]:
    """A small phone's screen on the browser that keeps what it has in `folder`."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    context = started.chromium.launch_persistent_context(
        Path(folder) / "phone",
        executable_path=os.environ["CHROMIUM"],
        args=arguments,
        viewport={"width": 360, "height": 640},
        locale="ky",
    )
    yield context
    context.close()
