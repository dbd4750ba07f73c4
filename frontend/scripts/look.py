"""Walks the phone app at an address in every language and size, keeps a picture of each screen, and says what does not fit.

python frontend/scripts/look.py http://127.0.0.1:8000 /tmp/pictures   (saves one report a language: never a real server)
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

LANGUAGES = ("ky", "ru", "tg", "uz", "en")
SIZES = {"narrow": (320, 568), "phone": (360, 640), "desk": (1280, 800)}
CHROMIUM = "/usr/bin/chromium"

TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
TOO_SMALL = """[...document.querySelectorAll("button, a, select, label.option, label.pick")]
  .filter(one => one.getBoundingClientRect().height > 0 && one.getBoundingClientRect().height < 47)
  .map(one => one.textContent)"""


def walk(page: Page, language: str) -> Iterator[str]:
    """Goes through the app as a resident does; each step names the screen that is now shown."""
    page.locator("header select").select_option(language)
    page.locator(f"html[lang={language}]").wait_for()
    yield "home"
    page.locator(".dock .alarm").click()
    page.locator("a[href='tel:112']").wait_for()
    yield "danger"
    page.go_back()
    page.locator(".dock .main").click()
    page.locator(".tile").first.wait_for()
    yield "what"
    page.locator(".tile").first.click()
    page.locator(".found button").first.wait_for()
    yield "where"
    page.locator("input[type=search]").fill("aksai")
    page.locator(".found button").first.click()
    page.locator("textarea").fill("Суу дарбазасын жаап коюшту. Үч күндөн бери суу жок.")
    yield "words"
    page.locator(".dock .main").click()
    page.locator("input[type=number]").wait_for()
    yield "details"
    page.locator(".dock .main").click()
    page.locator("fieldset").nth(3).locator("label").last.click()
    page.locator("main select").select_option(index=1)
    yield "who"
    page.locator(".dock .main").click()
    page.locator(".facts").wait_for()
    yield "review"
    page.locator(".dock .main").click()
    page.locator(".receipt.large").wait_for()
    yield "saved"
    page.locator(".dock .main").click()
    page.locator("li .row").first.wait_for()
    yield "mine"
    page.locator("li .row").first.click()
    page.locator(".stations").wait_for()
    yield "report"
    page.go_back()
    page.locator("main > .button.plain").click()
    page.locator("form").wait_for()
    yield "room"


def look(browser: Browser, address: str, folder: Path, language: str, size: str) -> list[str]:
    """What is wrong in one language at one size."""
    width, height = SIZES[size]
    faults: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(f"{language} {size}: {error}"))
    page.goto(address)
    for screen in walk(page, language):
        page.screenshot(path=folder / f"{size}-{language}-{screen}.png")
        if page.evaluate(TOO_WIDE):
            faults.append(f"{language} {size} {screen}: wider than the screen")
        faults += [f"{language} {size} {screen}: too small to touch: {one}" for one in page.evaluate(TOO_SMALL)]
    context.close()
    return faults


def main(address: str, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        faults = [
            fault
            for size in SIZES
            for language in LANGUAGES
            for fault in look(browser, address, folder, language, size)
        ]
        browser.close()
    print("\n".join(faults) or f"{len(list(folder.glob('*.png')))} pictures in {folder}; everything fits")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
