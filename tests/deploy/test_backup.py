"""What is backed up comes back whole, and nothing is ever overwritten."""

import io
import json
import os
import subprocess
import tarfile
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from PIL import Image
from psycopg import sql

from deploy.local import servers
from deploy.local.home import Home
from deploy.local.saying import ROOT
from reporting import events
from reporting.cases.models import Report
from reporting.events.models import FeedEntry
from reporting.media import processing
from reporting.media.models import Medium
from reporting.people import profiles
from reporting.people.models import Profile, User
from tests import people
from tests import valley as the_valley
from tests.given import MONDAY, a_report, an_answered_case, follow
from tests.mediators import logged_in
from tests.phones import Phone, b64
from tests.processes import environment, web
from tests.sealed import Sealed

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here(tmp_path: Path) -> dict[str, str]:
    """The settings of the server that is backed up."""
    programs = servers.postgres_programs(Home("test"))
    return environment("", tmp_path, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def there(here: dict[str, str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings of a new server: an empty database, an empty folder."""
    name = f"restored_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    url = here["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    yield {**here, "DATABASE_URL": url, "DATA_DIR": str(tmp_path / "new")}
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def run(script: str, argument: Path, env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ROOT / "deploy" / script, str(argument)], env=env, capture_output=True, text=True, check=False
    )


def backed_up(env: dict[str, str], into: Path) -> Path:
    into.mkdir(exist_ok=True)
    done = run("backup", into, env)
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def refused(script: str, argument: Path, env: dict[str, str]) -> str:
    """The sentence it refused with."""
    done = run(script, argument, env)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.startswith("✗ ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def with_photo(phone: Phone) -> Medium:
    """A report whose photo has arrived and waits for a worker."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((400, 300)).save(out, "JPEG")
    photo = Sealed(out.getvalue())
    assert phone.sync(phone.filed(media=[photo.wanted()]))["results"][0]["status"] == "applied"
    photo.arrive()
    return Medium.objects.get(pk=photo.id)


@pytest.fixture
def lived() -> tuple[Medium, Medium]:
    """A server in use: reports in every state, one photo decoded, one still arriving."""
    cast = people.live_in(the_valley.lay_out())
    an_answered_case(Phone(), cast.bakyt, {"text": "Сууну кайра ачышты; апостроф ' жана \\ белгиси."})
    decoded = with_photo(Phone())
    follow()
    processing.drain(now=lambda: MONDAY)
    follow()
    a_report(Phone())
    decoded.refresh_from_db()
    return decoded, with_photo(Phone())


def contents(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with psycopg.connect(url) as database:
        names = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return {
            name: database.execute(
                sql.SQL("SELECT t::text FROM {} AS t ORDER BY 1").format(sql.Identifier(name))
            ).fetchall()
            for (name,) in names
        }


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for kind in ("media", "incoming")
        for path in (folder / kind).rglob("*")
        if path.is_file()
    }


def test_a_backup_comes_back_whole(
    lived: tuple[Medium, Medium], here: dict[str, str], there: dict[str, str], tmp_path: Path
) -> None:
    decoded, arriving = lived
    done = run("restore", backed_up(here, tmp_path / "backups"), there)
    assert done.returncode == 0, done.stderr

    before, after = contents(here["DATABASE_URL"]), contents(there["DATABASE_URL"])
    assert len(before["reporting_report"]) == Report.objects.count() == 4
    assert len(before["reporting_feedentry"]) == FeedEntry.objects.count() > 4
    assert before["reporting_scope"]
    assert len(after.pop("reporting_restore")) == 1
    assert before.pop("reporting_restore") == []
    assert after == before

    new = Path(there["DATA_DIR"])
    assert (new / "media" / str(decoded.image.name)).read_bytes() == Path(decoded.image.path).read_bytes()
    assert (new / "incoming" / str(arriving.pk)).stat().st_size == arriving.size
    assert files(new) == files(Path(settings.MEDIA_ROOT).parent)
    assert len(files(new)) == 2


def test_a_phone_that_heard_more_than_the_backup_holds_misses_nothing(
    lived: tuple[Medium, Medium], here: dict[str, str], there: dict[str, str], tmp_path: Path
) -> None:
    phone, carried = Phone(), []
    kept = a_report(phone)
    backup = backed_up(here, tmp_path / "backups")
    for _ in range(3):
        a_report(phone)
    ahead = phone.sync()["cursor"]
    assert run("restore", backup, there).returncode == 0

    with web(there, tmp_path / "web.log") as address:
        for _ in range(5):  # more than were lost: the new head passes the old cursor
            carried.append(phone.filed())
            over_http(address, phone, carried[-1], bearer=None)
        heard = over_http(address, phone, cursor=ahead)["changes"]
    assert {change["id"] for change in heard} == {str(kept.pk)} | {item["entity_id"] for item in carried}


def test_a_restore_brings_no_login_back_to_life_and_gives_no_number_twice(
    lived: tuple[Medium, Medium], here: dict[str, str], there: dict[str, str], tmp_path: Path
) -> None:
    logged_in(User.objects.get(username="dilnoza"))
    Session.objects.create(session_key="k" * 32, session_data="", expire_date=timezone.now() + timedelta(days=9))
    backup = backed_up(here, tmp_path / "backups")
    with events.unit_of_work():
        profiles.revoke(profile=Profile.objects.get(grants__user__username="dilnoza"), at=timezone.now())
    later = a_report(Phone()).case
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM reporting_case_number")
        (place,) = cursor.fetchone()
    assert run("restore", backup, there).returncode == 0

    with psycopg.connect(there["DATABASE_URL"]) as database:
        (logins,) = database.execute("SELECT count(*) FROM reporting_grant WHERE revoked_at IS NULL").fetchone() or ()
        (believed,) = database.execute("SELECT count(*) FROM reporting_grant WHERE NOT ended").fetchone() or ()
        (sessions,) = database.execute("SELECT count(*) FROM django_session").fetchone() or ()
        (goes_on,) = database.execute("SELECT nextval('reporting_case_number')").fetchone() or ()
        database.execute("SELECT setval('reporting_case_number', %s, false)", [place])
        (again,) = database.execute("SELECT reporting_next_case_number()").fetchone() or ()
    assert (logins, believed, sessions) == (0, 0, 0)
    assert goes_on > place
    assert again == later.number, "in the same order, so what comes further along was never given"


def over_http(address: str, phone: Phone, *operations: Any, cursor: str | None = None, bearer: str | None = "") -> Any:
    """One round trip with another server; without a bearer nothing is pulled."""
    envelopes = [b64(phone.envelope(operation)) for operation in operations]
    body = json.dumps({"proto": 1, "cursor": cursor, "envelopes": envelopes}).encode()
    headers = {"Content-Type": "application/json"} | ({} if bearer is None else {"Authorization": phone.bearer})
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/sync", body, headers), timeout=20) as reply:
        return json.load(reply)


def test_a_backup_is_read_by_its_owner_only(lived: tuple[Medium, Medium], here: dict[str, str], tmp_path: Path) -> None:
    backup = backed_up(here, tmp_path / "backups")
    assert {path.stat().st_mode & 0o077 for path in (backup, *backup.iterdir())} == {0}


def test_the_key_file_is_not_in_a_backup(lived: tuple[Medium, Medium], here: dict[str, str], tmp_path: Path) -> None:
    """It lies in the very folder whose files are backed up."""
    key = Path(here["KEY_FILE"])
    assert key.is_relative_to(here["DATA_DIR"])
    backup = backed_up(here, tmp_path / "backups")
    assert all(key.read_bytes() not in path.read_bytes() for path in backup.iterdir())
    for archive in (backup / "before.tar", backup / "after.tar"):
        with tarfile.open(archive) as packed:
            assert {name.split("/")[0] for name in packed.getnames()} <= {"media", "incoming"}


def test_a_restore_overwrites_neither_a_database_nor_files(
    lived: tuple[Medium, Medium], here: dict[str, str], there: dict[str, str], tmp_path: Path
) -> None:
    backup = backed_up(here, tmp_path / "backups")
    before = contents(here["DATABASE_URL"])
    empty_folder = {**here, "DATA_DIR": str(tmp_path / "elsewhere")}
    assert "is not empty: restore into an empty one" in refused("restore", backup, empty_folder)
    empty_database = {**there, "DATA_DIR": here["DATA_DIR"]}
    assert "is not empty: restore into an empty folder" in refused("restore", backup, empty_database)
    assert contents(here["DATABASE_URL"]) == before
    assert contents(there["DATABASE_URL"]) == {}


def test_a_damaged_or_foreign_backup_is_refused_before_anything_is_written(
    lived: tuple[Medium, Medium], here: dict[str, str], there: dict[str, str], tmp_path: Path
) -> None:
    assert "is no backup of Aryk" in refused("restore", tmp_path, there)
    backup = backed_up(here, tmp_path / "backups")
    with (backup / "database.dump").open("r+b") as dump:
        dump.seek(2000)
        dump.write(b"\0\1\2\3")
    assert "is damaged" in refused("restore", backup, there)
    (backup / "format").write_text("aryk backup 2\n")
    assert "another format (aryk backup 2)" in refused("restore", backup, there)
    assert contents(there["DATABASE_URL"]) == {}
    assert files(Path(there["DATA_DIR"])) == {}


def test_a_backup_that_cannot_be_made_says_why_and_leaves_nothing(here: dict[str, str], tmp_path: Path) -> None:
    assert "is not a folder" in refused("backup", tmp_path / "nowhere", here)
    assert "DATABASE_URL must look like" in refused("backup", tmp_path, {**here, "DATABASE_URL": "mysql://x"})
    into = tmp_path / "backups"
    into.mkdir()
    dead = {**here, "DATABASE_URL": f"postgres://aryk@127.0.0.1:{servers.free_port()}/aryk"}
    assert "could not be read" in run("backup", into, dead).stderr
    assert list(into.iterdir()) == []
