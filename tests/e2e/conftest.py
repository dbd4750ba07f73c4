"""The whole house for the browser: web server, worker, broker, and the system's Chromium."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from pytest_django import Settings

from tests.demo import copied
from tests.e2e.handset import Handset
from tests.links import link_to
from tests.processes import Ground, Start, web, worker
from tests.texting import SECRET

BATKEN = "41705214000000"
"""The rayon whose villages a phone of the demo is given first."""

LONGEST = {
    "test_screens",
    "test_taps",
    "test_axe",
    "test_whole_road",
    "test_talk",
    "test_in_confidence",
    "test_kept_roads",
}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests begin with the longest: at the end no processor waits for another's."""
    if all(item.get_closest_marker("e2e") for item in items):
        items.sort(key=lambda item: item.path.stem not in LONGEST)


@pytest.fixture
def takes_sms(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server that `address` starts has a number and a gateway."""
    monkeypatch.setenv("SMS_NUMBER", "+996555000111")
    monkeypatch.setenv("SMS_GATEWAYS", f"batken-1:{SECRET}")


@pytest.fixture
def address(transactional_db: None, settings: Settings, tmp_path: Path, ground: Ground, start: Start) -> Iterator[str]:
    """Where the demo is served, with a real worker behind it."""
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.KEY_FILE = str(ground.folder / "key" / "sync-key-file")
    copied.lay_out()
    call_command("rotate_sync_key", stdout=StringIO())
    more = {"DEBUG": "yes", "SWEEP_SECONDS": "5", "REFERENCE_DEFAULT_RAYON": BATKEN, "DJANGO_ALLOW_ASYNC_UNSAFE": ""}
    env = ground.environment(**more, NOTICES="sms,email")
    with (
        worker(env, tmp_path / "worker.log", start=start),
        web(env, tmp_path / "web.log", start=start, port=ground.port) as served,
    ):
        yield served


@pytest.fixture(scope="package")
def playwright(django_db_setup: None) -> Iterator[Playwright]:
    """Playwright's loop runs in this thread, where the tests also ask the database; those of `make bench` start one of their own."""
    expect.set_options(timeout=20_000)  # the machine may be busy
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
        yield started
        connections.close_all()  # those opened under Playwright's loop are not the ones that pytest-django closes


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The system's Chromium, with nothing kept."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    chromium = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
    yield chromium
    chromium.close()


@pytest.fixture
def handset(playwright: Playwright, address: str, tmp_path: Path) -> Iterator[Callable[[str], Handset]]:
    """A phone for each name, each with a link of its own."""
    with ExitStack() as closed:

        def of(name: str) -> Handset:
            phone = Handset(playwright, tmp_path / f"phone-{name}", closed.enter_context(link_to(address)))
            closed.callback(phone.close)
            return phone

        yield of
