"""A phone in somebody's hand: Chromium with a profile folder of its own, so that closing it and opening it again are real."""

import os
import signal
import time
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Error, Locator, Page, Playwright, expect

from tests.e2e.words import words
from tests.links import Link

MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
"""It beeps once a second, and the person has allowed it."""


class Handset:
    """One person's phone. Not open until `open`."""

    def __init__(self, playwright: Playwright, folder: Path, link: Link) -> None:
        self._playwright = playwright
        self._folder = folder
        self.link = link
        self.locale = "ky"
        self.arguments = [*MICROPHONE, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        self._context: BrowserContext | None = None

    @property
    def page(self) -> Page:
        """The one open page."""
        assert self._context is not None, "the browser is closed"
        return self._context.pages[0]

    def open(self, *, online: bool = True) -> bool:
        """Start the browser and the app in it; whether the service worker answered, and not the network."""
        self.link.cut = not online  # the browser may send what waits as soon as it starts
        self._start()
        self.connect(online)
        return self.open_here()

    def get_ready(self) -> None:
        """Start the browser and the app in it, until the app says that it works without a network."""
        self.open()
        expect(self.page.get_by_text(words("net.ready"))).to_be_visible()

    def open_here(self) -> bool:
        """The app, in the browser that is running; whether the service worker answered, and not the network."""
        response = self.page.goto(self.link.address)
        expect(self.page.locator("h1")).to_be_visible()
        return response is not None and response.from_service_worker

    def _start(self) -> None:
        self._context = self._playwright.chromium.launch_persistent_context(
            self._folder,
            executable_path=os.environ["CHROMIUM"],
            args=self.arguments,
            viewport={"width": 360, "height": 640},
            locale=self.locale,
        )

    def open_blank(self) -> None:
        """Start the browser without the app."""
        self._start()

    def new_tab(self, path: str = "/") -> Page:
        """A second tab: the app once more, or something else of the same server."""
        assert self._context is not None
        page = self._context.new_page()
        page.goto(self.link.address + path)
        return page

    def wake(self) -> None:
        """What the browser tells the app when a network comes back."""
        self.page.evaluate("() => void dispatchEvent(new Event('online'))")

    def devtools(self) -> CDPSession:
        """The browser's own protocol, at the open page."""
        assert self._context is not None
        return self._context.new_cdp_session(self.page)

    def kill(self) -> None:
        """End the browser's processes as a power cut would, whatever they are doing."""
        if self._context is None:
            return
        running = self._processes()
        assert running, "the browser's process was not found"
        for pid in running:
            os.kill(pid, signal.SIGKILL)
        while self._processes():
            time.sleep(0.02)
        try:
            self._context.close()
        except Error:
            pass  # it is dead
        self._context = None
        (self._folder / "SingletonLock").unlink(missing_ok=True)

    def _processes(self) -> list[int]:
        """Those that work on this phone's folder, the first one first: the others follow it."""
        mine = f"--user-data-dir={self._folder}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    if mine in (entry / "cmdline").read_bytes().split(b"\0"):
                        found.append(int(entry.name))
                except OSError:
                    continue  # it has ended
        return sorted(found)

    def close(self) -> None:
        """End the browser's process."""
        if self._context is not None:
            self._context.close()
            self._context = None

    def connect(self, online: bool) -> None:
        """Into the network, or out of it."""
        assert self._context is not None
        self.link.cut = not online
        self._context.set_offline(not online)

    def press(self, name: str) -> None:
        """Touch the button that says this message."""
        self.page.get_by_role("button", name=words(name), exact=True).click()

    def heading(self, name: str) -> Locator:
        """The screen's heading, when it says this message."""
        return self.page.get_by_role("heading", level=1, name=words(name), exact=True)
