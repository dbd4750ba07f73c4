"""The servers that we start ourselves keep to their own folder, ask who is there, and are reached from this machine only."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
import redis

from deploy.local import servers
from deploy.local.home import Home, hold, name_of
from deploy.local.saying import LOCAL, ROOT, Trouble

pytestmark = pytest.mark.workers


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A set of this test's own; whatever servers the machine offers are left alone."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    with hold(f"tried-{os.getpid()}") as home:
        yield home
    shutil.rmtree(home.folder)


def modes(home: Home) -> dict[str, tuple[int, int]]:
    """Mode and owner of the folders around us."""
    places = [Path("/root"), Path("/tmp"), Path("/var/lib"), Path.home(), ROOT, LOCAL, home.base.parent]  # noqa: S108
    around = {folder for place in places for folder in (place, *place.parents)}
    return {
        str(folder): (folder.stat().st_mode, folder.stat().st_uid)
        for folder in sorted(around)
        if folder.is_dir() and home.base not in (folder, *folder.parents)
    }


def addresses(pid: int) -> set[str]:
    """Where a process listens, from /proc."""
    inodes = set()
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        try:
            link = str(entry.readlink())
        except FileNotFoundError:  # closed while we looked: the readiness probe's own connection, for one
            continue
        if link.startswith("socket:["):
            inodes.add(link[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and fields[9] in inodes:
                found.add(fields[1].split(":")[0])
    return found


LOOPBACK = socket.inet_aton("127.0.0.1")[::-1].hex().upper()


def test_our_postgresql_keeps_to_itself(home: Home) -> None:
    before = modes(home)
    server = servers.postgres(home)
    assert server.process is not None
    try:
        assert modes(home) == before
        assert addresses(server.process.pid) == {LOOPBACK}
        with psycopg.connect(server.url) as database:
            assert database.execute("SELECT 1").fetchone() == (1,)
            assert database.execute("SHOW log_min_error_statement").fetchone() == ("panic",)
            assert database.execute("SHOW unix_socket_directories").fetchone() == ("",)
            with pytest.raises(psycopg.errors.UndefinedColumn):
                database.execute("SELECT words FROM (SELECT 'Nobody may find this.') AS t")
        port = server.url.rpartition(":")[2].partition("/")[0]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgres://aryk:wrong@127.0.0.1:{port}/postgres")
        assert "Nobody may find" not in (home.folder / "postgres.log").read_text()
        assert (home.folder / "postgres").stat().st_mode & 0o077 == 0
    finally:
        server.stop()
    assert modes(home) == before


def test_our_redis_keeps_to_itself(home: Home) -> None:
    before = modes(home)
    server = servers.redis(home)
    assert server.process is not None
    try:
        assert modes(home) == before
        assert addresses(server.process.pid) == {LOOPBACK}
        with redis.Redis.from_url(server.url) as client:
            assert client.ping()
        bare = f"redis://{server.url.rpartition('@')[2]}"
        with redis.Redis.from_url(bare) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
    finally:
        server.stop()
    assert modes(home) == before


def test_a_set_is_held_by_one_at_a_time(home: Home) -> None:
    with pytest.raises(Trouble, match="is running already"):
        with hold(home.name):
            pass


def test_a_clone_where_a_deleted_one_lay_does_not_come_upon_its_servers(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    clone.mkdir()
    first = name_of(clone / ".local")
    moved = clone.rename(tmp_path / "moved")
    assert name_of(moved / ".local") == first, "nor does one that was moved lose its own"
    clone.mkdir()
    assert name_of(clone / ".local") not in ("", first)
    if os.geteuid() == 0:
        assert Home("run").base.name == f"aryk-{name_of(LOCAL)}"


def test_a_clone_has_one_name_for_all_who_ask_first_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as asking:
        names = set(asking.map(name_of, [tmp_path / ".local"] * 64))
    assert names == {(tmp_path / ".local" / "clone").read_text()}


def test_what_a_killed_start_left_behind_is_ended_and_nothing_else(home: Home) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours = subprocess.Popen(sleep, start_new_session=True)
    stranger = subprocess.Popen(sleep, start_new_session=True)
    try:
        home.remember(ours.pid, signal.SIGTERM)
        with (home.folder / "processes").open("a") as file:
            file.write(f"{stranger.pid} another-boot:1 15\n")
        assert home.end_left_over() == 1
        assert ours.wait(5) == -signal.SIGTERM
        time.sleep(0.2)
        assert stranger.poll() is None
    finally:
        for process in (ours, stranger):
            process.kill()
            process.wait()


def test_programs_from_a_wheel_can_be_run_whatever_the_umask_was(home: Home, tmp_path: Path) -> None:
    program = tmp_path / "install" / "bin" / "program"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nexit 0\n")
    for path, mode in ((program, 0o700), (program.parent, 0o700), (program.parent.parent, 0o700)):
        path.chmod(mode)
    home.run([str(servers.reachable(home, program.parent.parent) / "bin" / "program")], what="the program")
