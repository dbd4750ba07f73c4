"""The folder of one set of servers: what lies in it, who holds it, and which processes were started for it.

One starter at a time holds a set, by a lock that ends with its process. What it started is written down, so that the next holder
can end what a killed one left behind, and nothing else.
"""

import fcntl
import os
import pwd
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import interrupting
from deploy.local.saying import LOCAL, ROOT, Trouble, say


def _base() -> Path:
    """Root's project may lie where the unprivileged user cannot go, so root's servers live apart."""
    if os.geteuid() != 0:
        return LOCAL / "servers"
    return Path("/var/lib") / f"aryk-{name_of(LOCAL)}"


def name_of(local: Path) -> str:
    """What a clone is called, wherever it lies: the key to what its servers hold is in its `.local` too, and goes with it.

    Where a clone lay that was deleted, another one may come to lie.
    """
    local.mkdir(exist_ok=True)
    with (local / "clone").open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        name = file.read()
        if not name:
            name = secrets.token_hex(5)
            file.write(name)
    return name


def _unprivileged() -> str | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody", "daemon") if name in names), None)


@dataclass
class Home:
    """The folder of one set of servers (`run`, `test` …), and the user they run as."""

    name: str
    base: Path = field(default_factory=_base)
    user: str | None = field(default_factory=_unprivileged)

    @property
    def folder(self) -> Path:
        """Where this set's files lie."""
        return self.base / self.name

    def make(self, *parts: str) -> Path:
        """A folder inside, mode 0700, belonging to the user the servers run as."""
        path = self.base
        for part in ("", self.name, *parts):
            path = path / part
            if not path.exists():
                path.mkdir(mode=0o700, parents=True)
                self._give(path)
        return path

    def write(self, name: str, content: str) -> Path:
        """A file inside, mode 0600."""
        path = self.make() / name
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(content)
        self._give(path)
        return path

    def _give(self, path: Path) -> None:
        if self.user is not None:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def start(self, command: list[str], *, log: str, given: bytes = b"") -> "subprocess.Popen[bytes]":
        """A server process as the unprivileged user, in a session of its own so that Ctrl-C is ours to pass on."""
        uid, gid = self._ids
        path = self.make() / f"{log}.log"
        with path.open("ab") as output:
            process = subprocess.Popen(
                command,
                cwd=self.make(),
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                env=_plain_environment(),
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=None if uid is None else [],
            )
        self.remember(process.pid, signal.SIGINT if log == "postgres" else signal.SIGTERM)
        assert process.stdin is not None
        process.stdin.write(given)
        process.stdin.close()
        return process

    def remember(self, pid: int, sign: signal.Signals) -> None:
        """Write down a process of this set, and the signal that ends it in good order."""
        with (self.make() / "processes").open("a") as file:
            file.write(f"{pid} {_born(pid)} {int(sign)}\n")

    def end_left_over(self) -> int:
        """End what is written down and still runs, the last one first; how many. Only for whoever holds the set."""
        path = self.folder / "processes"
        lines = path.read_text().splitlines() if path.exists() else []
        ended = 0
        for line in reversed(lines):
            pid, born, sign = line.split()
            if born != GONE and _born(int(pid)) == born:
                _end(int(pid), born, signal.Signals(int(sign)))
                ended += 1
        path.unlink(missing_ok=True)
        return ended

    def run(self, command: list[str], *, what: str) -> None:
        """A command as the unprivileged user, to its end."""
        uid, gid = self._ids
        done = subprocess.run(
            command,
            cwd=self.make(),
            env=_plain_environment(),
            capture_output=True,
            text=True,
            check=False,
            user=uid,
            group=gid,
            extra_groups=None if uid is None else [],
        )
        if done.returncode != 0:
            raise Trouble(f"{what} failed: {(done.stderr or done.stdout).strip()[-600:]}")

    @property
    def _ids(self) -> tuple[int, int] | tuple[None, None]:
        if self.user is None:
            return None, None
        entry = pwd.getpwnam(self.user)
        return entry.pw_uid, entry.pw_gid


def _plain_environment() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextmanager
def hold(name: str) -> Iterator[Home]:
    """A set of servers for this process alone, left-overs of a killed one ended. What still runs at the end is ended too."""
    home = Home(name)
    with (home.make() / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Trouble(f"`make {name}` of {ROOT} is running already. Stop that one first (Ctrl-C).") from None
        if home.end_left_over():
            say("Ended what an earlier start had left behind")
        try:
            yield home
        finally:
            interrupting.ignore()
            home.end_left_over()


GONE = "-"


def _born(pid: int) -> str:
    """What tells this process from a later one with the same number: this boot and the tick it began at."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return GONE
    return GONE if after_name[0] in "ZX" else f"{boot}:{after_name[19]}"


def _end(pid: int, born: str, sign: signal.Signals) -> None:
    os.kill(pid, sign)
    deadline = time.monotonic() + 15
    while _born(pid) == born and time.monotonic() < deadline:
        time.sleep(0.05)
    if _born(pid) == born:
        os.killpg(pid, signal.SIGKILL)  # each is the first of a session of its own
