"""Lives of the simulator side by side: each world has a database, a server, offices and phones of its own.

A world waits for its own answers half of the time, so there is one more of them than processors. Seeds are handed out in
order; what a life does is decided by its seed, whatever world it falls to.
"""

import json
import os
import subprocess
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from deploy.local import running, servers, setting_up
from deploy.local.home import Home
from deploy.local.saying import LOCAL, ROOT, Trouble
from deploy.local.setting_up import FRONTEND, PYTHON

SCRIPT = LOCAL / "chaos" / "chaos.mjs"
SIZES = {"phones": 8, "steps": 60}
WORLDS = (os.cpu_count() or 1) + 1


@dataclass(frozen=True)
class Wish:
    """How much to live through. Seeds follow one another from `first` on; whichever bound is reached first ends it."""

    first: int
    seeds: int | None = None
    operations: int | None = None
    minutes: int | None = None
    without: tuple[str, ...] = ()


@dataclass
class Lived:
    """What was lived through: lives that held, and those in which a promise was broken."""

    wish: Wish
    began: float = field(default_factory=time.monotonic)
    next: int = 0
    operations: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    kinds: frozenset[str] = frozenset()
    broken: dict[int, str] = field(default_factory=dict)
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)
    abandoned: bool = False
    _lock: Lock = field(default_factory=Lock)

    @property
    def last(self) -> int:
        """The highest seed that was begun; all from `wish.first` to here have ended once nothing runs any more."""
        return self.wish.first + self.next - 1

    @property
    def seconds(self) -> float:
        """Since the first life began."""
        return time.monotonic() - self.began

    @property
    def missed(self) -> list[str]:
        """Kinds of fault that never struck."""
        return sorted(self.kinds - set(self.faults) - set(self.wish.without))

    def take(self) -> int | None:
        """The next seed to live through; None when it is enough, or when a promise was broken."""
        with self._lock:
            if self.broken or self.abandoned or self._enough():
                return None
            self.next += 1
            return self.last

    def add(self, told: dict[str, Any]) -> None:
        """One life ended."""
        with self._lock:
            if "broken" in told:
                self.broken[told["seed"]] = told["broken"]
                return
            self.operations += told["operations"]
            self.faults.update(told["faults"])
            self.kinds |= frozenset(told["kinds"])
            pace = self.operations / self.seconds
            print(f"seed {told['seed']}: {self.operations} operations so far, {pace:.0f}/s", flush=True)

    def abandon(self) -> None:
        """End every life where it is."""
        self.abandoned = True
        for process in self.processes:
            process.terminate()

    def _enough(self) -> bool:
        """Goes on beyond the operations that were asked for while a kind of fault is missing, to four times as many at the most."""
        wish = self.wish
        if wish.seeds is not None and self.next >= wish.seeds:
            return True
        if wish.operations is not None and self.operations >= wish.operations * (4 if self.missed else 1):
            return True
        return wish.minutes is not None and self.seconds >= wish.minutes * 60


def simulate(home: Home, database: str, broker: str, wish: Wish) -> Lived:
    """Prepare, serve, live. Raises Trouble when the simulator itself fails; broken promises are in what it returns."""
    build()
    environment = _environment(database, broker)
    first = {**environment, "DATABASE_URL": _database(environment, "aryk_chaos")}
    running.manage(first, "migrate", "--no-input", what="Preparing the simulator's database")
    running.manage(first, "rotate_sync_key", what="Making the key that phones seal to")
    count = min(WORLDS, wish.seeds or WORLDS)
    worlds = [_world(first, number) for number in range(count)]
    lived = Lived(wish)
    with ThreadPoolExecutor(count) as side_by_side:
        living = [side_by_side.submit(_live, home, world, lived) for world in worlds]
        try:
            for ended in as_completed(living):
                ended.result()
        except BaseException:  # Ctrl-C too: no other world is waited for, which may live on for minutes
            lived.abandon()
            raise
    return lived


def build() -> None:
    """The simulator as one script."""
    setting_up.npm("exec", "--", "vite", "build", "--config", "vite.chaos.config.ts", what="Building the simulator")


def _environment(database: str, broker: str) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": "only-for-tests",
        "DATA_DIR": str(LOCAL / "chaos-data"),
        "KEY_FILE": str(LOCAL / "chaos-data" / "key" / "sync-key-file"),
        "DJANGO_SETTINGS_MODULE": "deploy.settings",
        "ARYK_ROOT": str(ROOT),
        "ARYK_PYTHON": str(PYTHON),
        "LOG_LEVEL": "ERROR",
        "DEBUG": "no",
        "SMS_NUMBER": "+996312000000",
        "SMS_GATEWAYS": "chaos:a-gateway-of-the-simulator-and-of-nobody-else",
        # A world is a year of a district in some seconds.
        "OPERATIONS_PER_HOUR": "10000000",
        "NEW_PROFILES_PER_HOUR": "10000000",
        "SMS_REPLIES_PER_DAY": "10000000",
    }


def _world(first: dict[str, str], number: int) -> dict[str, str]:
    """A database that begins like the first one, and a folder for its media."""
    name = f"aryk_chaos_{number}"
    return {**first, "DATABASE_URL": _database(first, name), "DATA_DIR": str(LOCAL / "chaos-data" / name)}


def _database(env: dict[str, str], name: str) -> str:
    """Make it anew, as a copy of `aryk_chaos` unless it is that; its address."""
    command = [str(PYTHON), "-m", "tests.chaos.database", name]
    made = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Trouble(f"The simulator's database could not be made: {made.stderr[-500:]}")
    return made.stdout.strip()


def _live(home: Home, env: dict[str, str], lived: Lived) -> None:
    port = servers.free_port()
    web = running.serve(home, env, port, log=Path(env["DATA_DIR"]).name)
    try:
        _hand_out_seeds(env, port, web.pid, lived)
    finally:
        running.stop({"web": web})


def _hand_out_seeds(env: dict[str, str], port: int, server: int, lived: Lived) -> None:
    """One line of JSON in for each life, one out."""
    node, added = setting_up.node_command()
    wanted = json.dumps({**SIZES, "without": lived.wish.without})
    command = [*node, "--enable-source-maps", str(SCRIPT), f"http://127.0.0.1:{port}", str(server), wanted]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=FRONTEND, env={**env, **added}, stdin=pipe, stdout=pipe, text=True) as process:
        lived.processes.append(process)
        assert process.stdin is not None
        assert process.stdout is not None
        while (seed := lived.take()) is not None:
            process.stdin.write(f"{seed}\n")
            process.stdin.flush()
            told = process.stdout.readline()
            if not told and lived.abandoned:
                return
            if not told:
                raise Trouble(f"chaos: the simulator failed at seed {seed}.\n  Again: make chaos SEED={seed}")
            lived.add(json.loads(told))
        process.stdin.close()
