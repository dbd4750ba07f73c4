"""What a person's hands wait for on a slow phone: a report with photos to be saved, a long list to be scrolled."""

import statistics
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connections
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from reporting.events.models import FeedEntry
from reporting.people.access import office_scope
from reporting.people.models import Office
from tests.bench.browser import PATIENCE_MS, SLOWER
from tests.bench.figures import Figure
from tests.bench.filling import fill
from tests.bench.scale import GROUP, MEDIATOR
from tests.e2e.handset import Handset
from tests.e2e.road import HOUSEHOLDS, begin_the_report, log_in_to_the_room
from tests.e2e.words import words
from tests.links import link_to

PHOTOS = 4
TWELVE_MEGAPIXELS = (4000, 3000)
SAVE_SECONDS = 3.0
MOST_MS_A_FRAME = 50
PIXELS_A_SECOND = 4_000
PUSH = 2_000
"""How far it is moved at once."""
AT_THE_END = "innerHeight + scrollY >= document.documentElement.scrollHeight - 2"

TAKEN_IN = """() => {
  window.taken = [];
  document.querySelector("input[type=file]:not([capture])")
    .addEventListener("change", () => taken.push(performance.now()), { capture: true, once: true });
  new MutationObserver(() => {
    const shown = document.querySelectorAll(".photo img").length;
    while (taken.length > 0 && taken.length <= shown) taken.push(performance.now());
  }).observe(document.body, { childList: true, subtree: true });
}"""
"""When the files were chosen, then when each of them was shown among the photos of the report."""

SAVED = """(saved) => {
  window.savedAt = undefined;
  addEventListener("click", () => { window.pressedAt = performance.now(); }, { capture: true, once: true });
  new MutationObserver((_, watching) => {
    if (document.querySelector("h1")?.textContent !== saved) return;
    watching.disconnect();
    requestAnimationFrame(() => { window.savedAt = performance.now(); });
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""

FRAMES = """() => {
  window.frames = [];
  const next = (at) => { window.frames.push(at); window.counting = requestAnimationFrame(next); };
  window.counting = requestAnimationFrame(next);
}"""
"""When the page's own thread drew each frame."""


def save_with_photos(server: str, *, times: int = 3, pixels: tuple[int, int] = TWELVE_MEGAPIXELS) -> Iterator[Figure]:
    """Offline, the page's processor slowed down: from the press of *Save* until "saved" is shown; and each photo before it."""
    taken, saves = [], []
    with _phone(server) as (phone, folder):
        photos = [_photo(Path(folder) / f"{n}.jpg", pixels) for n in range(PHOTOS)]
        phone.connect(False)
        for _ in range(times):
            taken += _chosen(phone, photos)
            saves.append(_saved(phone))
    megapixels = pixels[0] * pixels[1] / 1e6
    what = f"a report with {PHOTOS} photos, from the press of *Save* to “saved”, processor {SLOWER} × slower"
    took = statistics.median(saves)
    yield Figure(
        "save", what, f"{took:.2f} s (median of {times}, longest {max(saves):.2f} s)", "≤ 3 s", took <= SAVE_SECONDS
    )
    what = f"before that, each photo of {megapixels:.0f} megapixels until it is shown in the report"
    yield Figure("save", what, f"{statistics.median(taken):.2f} s (median of {len(taken)}, longest {max(taken):.2f} s)")


@contextmanager
def _phone(server: str) -> Iterator[tuple[Handset, str]]:
    """One that can be offline."""
    expect.set_options(timeout=PATIENCE_MS)
    with ExitStack() as ended:
        folder = ended.enter_context(TemporaryDirectory())
        started = ended.enter_context(sync_playwright())
        phone = Handset(started, Path(folder) / "phone", ended.enter_context(link_to(server)))
        ended.callback(phone.close)
        ended.callback(connections.close_all)  # those opened under Playwright's loop, which nobody else would close
        phone.open()
        expect(phone.page.get_by_text(words("net.ready"))).to_be_visible()
        yield phone, folder


def _photo(path: Path, pixels: tuple[int, int]) -> Path:
    """As a phone's camera makes it: some 3 MB, shapes and grain."""
    grain = Image.effect_noise(pixels, 40).convert("RGB")
    Image.blend(Image.radial_gradient("L").resize(pixels).convert("RGB"), grain, 0.3).save(path, "JPEG", quality=88)
    return path


def _slow_down(page: Page, times: int) -> None:
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": times})


def _chosen(phone: Handset, photos: Sequence[Path]) -> list[float]:
    """A report is written and the photos chosen at once; the seconds that each of them took."""
    begin_the_report(phone)
    page = phone.page
    _slow_down(page, SLOWER)
    page.evaluate(TAKEN_IN)
    page.locator("input[type=file]:not([capture])").set_input_files(photos)
    expect(page.locator(".photo img")).to_have_count(len(photos))
    at: list[float] = page.evaluate("window.taken")
    return [(later - earlier) / 1000 for earlier, later in pairwise(at)]


def _saved(phone: Handset) -> float:
    page = phone.page
    phone.press("next")
    page.get_by_role("spinbutton").fill(HOUSEHOLDS)
    phone.press("next")
    phone.press("next")
    expect(phone.heading("review.title")).to_be_visible()
    page.evaluate(SAVED, words("saved.title"))
    phone.press("review.save")
    page.wait_for_function("() => window.savedAt !== undefined", timeout=PATIENCE_MS)
    _slow_down(page, 1)
    phone.press("saved.done")
    return float(page.evaluate("savedAt - pressedAt")) / 1000


def scroll_through_cases(server: str, *, least: int = 500, speeds: Sequence[int] = (1, SLOWER)) -> Iterator[Figure]:
    """A mediator's list from its top to its end; the longest time between two frames."""
    _until_the_group_has(least)
    with _phone(server) as (phone, _):
        log_in_to_the_room(phone, MEDIATOR)
        page = phone.page
        page.wait_for_function(
            "(least) => document.querySelectorAll('.row').length >= least", arg=least, timeout=PATIENCE_MS
        )
        phone.connect(False)
        page.wait_for_timeout(2000)
        for slower in speeds:
            _slow_down(page, slower)
            gaps = _scrolled(page)
            held = page.locator(".row").count()
            slowed = f", processor {slower} × slower" if slower > 1 else ""
            over = sum(1 for gap in gaps if gap > MOST_MS_A_FRAME)
            measured = f"longest {max(gaps):.0f} ms, {over} of {len(gaps)} over {MOST_MS_A_FRAME} ms ({held} cases)"
            what = f"frames while a list of {least} cases or more is scrolled through{slowed}"
            yield Figure("scroll", what, measured, f"none over {MOST_MS_A_FRAME} ms", over == 0)


def _until_the_group_has(least: int) -> None:
    entries = FeedEntry.objects.filter(scope__key=office_scope(Office.objects.get(code=GROUP)), entity="case")
    upto = 0
    while entries.count() < least:
        upto += least // 2
        fill(upto=upto)


def _scrolled(page: Page) -> list[float]:
    """Milliseconds between frames while it is pushed again and again, until the end of the list is seen."""
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(1000)
    hand = page.context.new_cdp_session(page)
    push = {"x": 180, "y": 400, "yDistance": -PUSH, "speed": PIXELS_A_SECOND, "gestureSourceType": "mouse"}
    page.evaluate(FRAMES)
    for _ in range(10 + page.evaluate("document.documentElement.scrollHeight") // (PUSH // 2)):
        if page.evaluate(AT_THE_END):
            break
        hand.send("Input.synthesizeScrollGesture", push)
    page.evaluate("cancelAnimationFrame(window.counting)")
    assert page.evaluate(AT_THE_END), "the list was not scrolled to its end"
    at: list[float] = page.evaluate("window.frames")
    return [later - earlier for earlier, later in pairwise(at)]
