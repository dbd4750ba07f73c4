"""The whole house for the browser: web server, worker, broker, and the system's Chromium."""

import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings

from tests.processes import Broker, environment, web, worker


@pytest.fixture
def address(transactional_db: None, settings: Settings, tmp_path: Path) -> Iterator[str]:
    """Where the demo is served, with a real worker behind it."""
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    call_command("rotate_sync_key", stdout=StringIO())
    call_command("load_demo", stdout=StringIO())
    broker = Broker()
    broker.start()
    env = environment(broker.url, tmp_path / "data", DEBUG="yes", SWEEP_SECONDS="5", DJANGO_ALLOW_ASYNC_UNSAFE="")
    try:
        with worker(env, tmp_path / "worker.log"), web(env, tmp_path / "web.log") as served:
            yield served
    finally:
        broker.close()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The system's Chromium. Playwright's loop runs in this thread, where the tests also ask the database."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        chromium = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        yield chromium
        connections.close_all()  # those opened under Playwright's loop are not the ones that pytest-django closes
        chromium.close()
