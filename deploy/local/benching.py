"""`make bench`: figures on an empty database of its own, with durable settings, written to docs/benchmarks.md.

`BENCH="pull route"` measures those parts alone; their rows are replaced, the others stay. It asserts nothing: whoever reads the figures
decides. A machine that does something else besides gives worse ones, and so does a host that gives it less: the load average and how long a
loop of Python takes are written down with them.
"""

import json
import os
import platform
import re
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from deploy.local import running, servers, setting_up
from deploy.local.home import Home, hold
from deploy.local.saying import LOCAL, ROOT, Trouble, commit, say
from deploy.local.setting_up import PYTHON
from deploy.local.stages import chromium

PAGE = ROOT / "docs" / "benchmarks.md"
PARTS = ("bytes", "link", "ready", "start", "audits", "save", "scroll", "pull", "lives", "accept", "route")
DATABASE = "aryk_bench"
COMMIT_TIMES = ("track_commit_timestamp=on",)
"""How long a report waited for its office is told from the two commits themselves."""
BEGIN, END = "<!-- figures: made by make bench -->\n", "<!-- end of figures -->"

Figure = dict[str, Any]


def bench() -> int:
    """Measure, and write down what was measured."""
    parts = _wanted()
    if os.environ.get("DATABASE_URL"):
        raise Trouble(
            "make bench measures a PostgreSQL that it starts itself, with its default settings: unset DATABASE_URL."
        )
    with hold("bench") as home:
        setting_up.everything()
        build()
        database = servers.postgres(home, settings=COMMIT_TIMES)
        broker = servers.redis(home)
        try:
            _measure(home, _environment(home, database.url, broker.url), parts)
        finally:
            broker.stop()
            database.stop()
    return 0


def build() -> None:
    """The phone as one script for Node."""
    command = ("exec", "--", "vite", "build", "--config", "vite.bench.config.ts")
    setting_up.npm(*command, what="Building the phone for Node")


def _wanted() -> tuple[str, ...]:
    asked = os.environ.get("BENCH", "").split()
    if unknown := [part for part in asked if part not in PARTS]:
        raise Trouble(f"There is no part “{unknown[0]}”. BENCH may hold: {' '.join(PARTS)}")
    return tuple(part for part in PARTS if not asked or part in asked)


def _environment(home: Home, database: str, broker: str) -> dict[str, str]:
    port = servers.free_port()
    env = running.environment(_empty(database), broker, port=port)
    more = {
        "DEBUG": "no",
        "DATA_DIR": str(LOCAL / "bench-data"),
        "LOG_LEVEL": "ERROR",
        "SWEEP_SECONDS": "3600",
        "DJANGO_SETTINGS_MODULE": "deploy.settings",
        "BENCH_SERVER": f"http://localhost:{port}",
        "CHROMIUM": chromium(),
    }
    return {**env, **more}


def _empty(database: str) -> str:
    """The address of a new database beside the one that is always there."""
    command = "import os, psycopg; c = psycopg.connect(os.environ['AT'], autocommit=True); " + "; ".join(
        f"c.execute('{statement}')"
        for statement in (f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)", f"CREATE DATABASE {DATABASE}")
    )
    made = subprocess.run(
        [str(PYTHON), "-c", command], env={**os.environ, "AT": database}, capture_output=True, text=True, check=False
    )
    if made.returncode != 0:
        raise Trouble(f"The database to measure on could not be made: {made.stderr[-500:]}")
    return urlunsplit(urlsplit(database)._replace(path=f"/{DATABASE}"))


def _measure(home: Home, env: dict[str, str], parts: tuple[str, ...]) -> None:
    """Each part is written down once it is measured: one that fails costs no other."""
    running.manage(env, "migrate", "--no-input", what="Preparing the database")
    running.manage(env, "rotate_sync_key", "--if-none", what="Making the key that phones seal to")
    running.manage(env, "collectstatic", "--no-input", "--clear", what="Collecting static files")
    running.manage(env, "load_demo", "--yes-this-is-a-demo", what="Loading the Batken demo")
    web = running.serve(home, env, urlsplit(env["BENCH_SERVER"]).port or 0, log="bench")
    try:
        for part in parts:
            write_down(part, _part(part, env))
    finally:
        running.stop({"web": web})


def _part(part: str, env: dict[str, str]) -> list[Figure]:
    say(f"── {part}")
    load, pace = os.getloadavg()[0], _pace()
    began = time.monotonic()
    command = [str(PYTHON), "-m", "tests.bench", part]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    figures: list[Figure] = []
    assert process.stdout is not None
    for line in process.stdout:
        figures.append({**json.loads(line), "load": load, "pace": pace})
        print(f"  {figures[-1]['what']}: {figures[-1]['measured']}", flush=True)
    if process.wait() != 0:
        raise Trouble(f"bench: {part} failed after {time.monotonic() - began:.0f} s")
    return figures


def _pace() -> float:
    """Seconds in which this machine counts to ten million: what its host gives a processor at this moment."""
    began = time.perf_counter()
    for _ in range(10_000_000):
        pass
    return time.perf_counter() - began


def write_down(part: str, figures: list[Figure]) -> None:
    """Replace the rows of the part that was measured; the others stay as they were."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    old, _, after = rest.partition(END)
    kept = [row for row in old.splitlines() if (found := re.match(r"\| `(\w+)` \|", row)) and found[1] != part]
    rows = sorted([*kept, *map(_row, figures)], key=lambda row: PARTS.index(row.split("`")[1]))
    head = "| part | what | measured | target | | commit, day, load and pace before |\n|---|---|---|---|---|---|"
    table = "\n".join([_machine(), "", head, *rows, ""])
    PAGE.write_text(before + BEGIN + table + END + after)
    say(f"{len(figures)} figures written to {PAGE.relative_to(ROOT)}")


def _row(figure: Figure) -> str:
    met = {True: "met", False: "**missed**", None: ""}[figure["met"]]
    when = f"{commit()}, {datetime.now(UTC):%Y-%m-%d}, {figure['load']:.1f}, {figure['pace']:.2f} s"
    return f"| `{figure['part']}` | {figure['what']} | {figure['measured']} | {figure['target']} | {met} | {when} |"


def _machine() -> str:
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = model[1] if model else platform.machine()
    return f"{os.cpu_count()} × {processor}, {memory:.0f} GB, {platform.system()} {platform.release()}, Python {platform.python_version()}."
