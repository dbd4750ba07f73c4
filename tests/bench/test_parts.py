"""Every part of `make bench` still runs, small: what it says is looked at by a person, on a machine that does nothing else."""

import os
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from pytest_django import Settings

from deploy.local import benching
from reporting.cases.models import Case
from tests.bench import audits, browser, hands, lives, load, road, scale
from tests.bench.figures import Figure
from tests.demo import copied
from tests.processes import Ground, Start, web

pytestmark = pytest.mark.django_db(transaction=True)

FAST = {"bits": 3_000_000.0}
SMALL: dict[str, Callable[[str], Iterator[Figure]]] = {
    "bytes": road.bytes_of_a_report,
    "link": lambda server: road.report_with_photo(server, photo=20_000, **FAST),
    "ready": lambda server: browser.first_load(server, round_trip=0.01, **FAST),
    "start": lambda server: browser.cold_start(server, times=1),
    "audits": lambda server: audits.lighthouse(server, times=1),
    "save": lambda server: hands.save_with_photos(server, times=1, pixels=(400, 300)),
    "scroll": lambda server: hands.scroll_through_cases(server, least=20, speeds=(1,)),
    "pull": lambda server: scale.pulls(server, sizes=(400, 900), samples=3),
    "lives": lambda server: lives.lifecycles(server, lives=8),
    "accept": lambda server: load.accepted(server, seconds=1, most=40),
    "route": lambda server: load.routed(server, seconds=1, rate=5),
}
IN_CHROMIUM = ("ready", "start", "audits", "save", "scroll")


@pytest.fixture
def server(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ground: Ground, start: Start
) -> Iterator[str]:
    """The demo, served; workers that a part starts find it by the environment, as in `make bench`; passwords as a server hashes them."""
    settings.DEBUG = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.KEY_FILE = str(ground.folder / "key" / "sync-key-file")
    copied.lay_out()
    call_command("rotate_sync_key", stdout=StringIO())
    env = ground.environment(DEBUG="yes", REFERENCE_DEFAULT_RAYON="41705214000000")
    for name, value in {**env, "DJANGO_ALLOW_ASYNC_UNSAFE": "yes"}.items():
        monkeypatch.setenv(name, value)
    try:
        with web(env, tmp_path / "web.log", start=start, port=ground.port) as address:
            yield address
    finally:
        connections.close_all()


def test_there_is_a_small_form_of_every_part() -> None:
    assert tuple(SMALL) == benching.PARTS


@pytest.mark.workers
@pytest.mark.parametrize("part", [part for part in SMALL if part not in IN_CHROMIUM])
def test_it_measures(part: str, server: str) -> None:
    benching.build()
    figures = list(SMALL[part](server))
    assert figures
    assert {figure.part for figure in figures} == {part}
    assert Case.objects.exists()


@pytest.mark.e2e
@pytest.mark.parametrize("part", IN_CHROMIUM)
def test_it_measures_in_chromium(part: str, server: str) -> None:
    assert os.environ["CHROMIUM"]
    assert {figure.part for figure in SMALL[part](server)} == {part}
