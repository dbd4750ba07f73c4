"""Fixtures that every folder shares."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests import people, rows, warm
from tests import valley as the_valley
from tests.people import People
from tests.phones import Phone
from tests.processes import Ground, Start, standing
from tests.valley import Valley


@pytest.fixture(autouse=True)
def _cheap_and_apart(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hasher that costs nothing, files in a folder of the test's own, nothing remembered of another test's tables."""
    monkeypatch.setattr("reporting.cases.catalogue.KEPT_SECONDS", -1)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_INCOMING_ROOT = tmp_path / "incoming"
    settings.KEY_FILE = str(tmp_path / "key" / "sync-key-file")


@pytest.fixture(autouse=True, scope="session")
def _quick_flush() -> Iterator[None]:
    """After each test with real commits."""
    with rows.quick_flush():
        yield


@pytest.fixture(scope="session")
def start() -> Iterator[Start]:
    """How a web server and a worker are started by tests that are not about that: loaded already."""
    with warm.starter() as start:
        yield start


@pytest.fixture(scope="session")
def _grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    with standing(tmp_path_factory.mktemp("servers") / "ground") as ground:
        yield ground


@pytest.fixture
def ground(_grounds: Ground) -> Ground:
    """What a web server and a worker stand on, empty."""
    _grounds.clear()
    return _grounds


@pytest.fixture
def valley(db: None) -> Valley:
    """Ak-Sai and the offices above it."""
    return the_valley.lay_out()


@pytest.fixture
def cast(valley: Valley) -> People:
    """Those who log in."""
    return people.live_in(valley)


@pytest.fixture
def aijan(valley: Valley) -> Phone:
    """The resident's phone."""
    return Phone()


@pytest.fixture
def eve_phone(valley: Valley) -> Phone:
    """A phone whose owner should see nothing of Aijan's."""
    return Phone()
