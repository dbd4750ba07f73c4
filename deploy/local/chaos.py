"""`make chaos`: the phone's own code against the real server on real PostgreSQL, through every fault there is.

`OPERATIONS=` or `MINUTES=` say how long; the next run goes on with the next seed. `SEED=` lives through one seed again, and
`WITHOUT="fault fault"` leaves some faults out. What was run is written down in docs/chaos.md.
"""

import json
import os
import re
import signal
import subprocess
import time
from datetime import UTC, datetime
from typing import Any

from deploy.local import running, servers, setting_up
from deploy.local.home import Home, hold
from deploy.local.saying import LOCAL, ROOT, Trouble, say
from deploy.local.setting_up import FRONTEND, PYTHON, VENV

RECORD = ROOT / "docs" / "chaos.md"
SCRIPT = LOCAL / "chaos" / "chaos.mjs"

TESTED_OPERATIONS = 5_000
TESTED_FROM = 1
"""The seeds of `make test` are the same each time, so that a change that breaks one is seen at once."""

Told = dict[str, Any]


def chaos() -> int:
    """Run on from the last seed on record, and write down what was run."""
    with hold("chaos") as home:
        setting_up.everything()
        database = servers.postgres(home, settings=servers.TEST_POSTGRES)
        broker = servers.redis(home)
        try:
            return _run_and_record(home, database.url, broker.url)
        finally:
            broker.stop()
            database.stop()


def _run_and_record(home: Home, database: str, broker: str) -> int:
    seed = os.environ.get("SEED")
    wish = _wish(from_=int(seed or _next_seed()), operations=_number("OPERATIONS"), minutes=_number("MINUTES"))
    if seed:
        wish |= {"seeds": _number("SEEDS") or 1}
    elif not wish["operations"] and not wish["minutes"]:
        wish["operations"] = 20_000
    began = time.monotonic()
    told = simulate(home, database, broker, wish)
    if not seed and not wish["without"]:
        _write_down(told, seconds=time.monotonic() - began)
    return 0


def bounded(home: Home, database: str, broker: str) -> str:
    """The part of `make test`: every kind of fault, and no fewer than 5,000 operations. Returns what was counted."""
    began = time.monotonic()
    told = simulate(home, database, broker, _wish(from_=TESTED_FROM, operations=TESTED_OPERATIONS, minutes=None))
    if told["missed"]:
        raise Trouble(f"chaos: these faults never struck: {', '.join(told['missed'])}")
    faults, seconds = sum(told["faults"].values()), time.monotonic() - began
    return f"{told['operations']} operations, {faults} faults: 0 lost, 0 doubled, {seconds:.0f} s"


def _wish(*, from_: int, operations: int | None, minutes: int | None) -> Told:
    without = os.environ.get("WITHOUT", "").split()
    sizes = {"phones": 8, "steps": 60}
    return {"from": from_, "seeds": None, "operations": operations, "minutes": minutes, "without": without, **sizes}


def simulate(home: Home, database: str, broker: str, wish: Told) -> Told:
    """Prepare, serve, run; what the simulator said last. Raises Trouble where a promise was broken."""
    build()
    environment = _environment(database, broker)
    running.manage(environment, "migrate", "--no-input", what="Preparing the simulator's database")
    running.manage(environment, "rotate_sync_key", what="Making the key that phones seal to")
    port = servers.free_port()
    web = _serve(home, environment, port)
    try:
        return _live(environment, port, web.pid, wish)
    finally:
        running.stop({"web": web})


def build() -> None:
    """The simulator as one script."""
    setting_up.npm("exec", "--", "vite", "build", "--config", "vite.chaos.config.ts", what="Building the simulator")


def _environment(database: str, broker: str) -> dict[str, str]:
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": "only-for-tests",
        "DATA_DIR": str(LOCAL / "chaos-data"),
        "DJANGO_SETTINGS_MODULE": "deploy.settings",
        "ARYK_ROOT": str(ROOT),
        "ARYK_PYTHON": str(PYTHON),
        "LOG_LEVEL": "ERROR",
        "DEBUG": "no",
        # A world is a year of a district in some seconds.
        "OPERATIONS_PER_HOUR": "10000000",
        "NEW_PROFILES_PER_HOUR": "10000000",
    }
    command = [str(PYTHON), "-m", "tests.chaos.database"]
    made = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise Trouble(f"The simulator's database could not be made: {made.stderr[-500:]}")
    return {**env, "DATABASE_URL": made.stdout.strip()}


def _serve(home: Home, env: dict[str, str], port: int) -> "subprocess.Popen[bytes]":
    options = [f"--bind=127.0.0.1:{port}", "--workers=2", "--threads=4", "--keep-alive=60", "--no-control-socket"]
    log = LOCAL / "log" / "chaos.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        command = [str(VENV / "bin" / "gunicorn"), "deploy.wsgi", *options]
        web = subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True)
    home.remember(web.pid, signal.SIGTERM)
    running.wait_until_served(port, {"web": web})
    return web


def _live(env: dict[str, str], port: int, server: int, wish: Told) -> Told:
    node, added = setting_up.node_command()
    command = [*node, "--enable-source-maps", str(SCRIPT), f"http://127.0.0.1:{port}", str(server), json.dumps(wish)]
    process = subprocess.Popen(command, cwd=FRONTEND, env={**env, **added}, stdout=subprocess.PIPE, text=True)
    told: Told = {}
    assert process.stdout is not None
    for line in process.stdout:
        told = json.loads(line)
        if "seconds" in told:
            pace = told["operations"] / told["seconds"]
            print(f"seed {told['seed']}: {told['operations']} operations so far, {pace:.0f}/s", flush=True)
    if process.wait() == 0 and told.get("done"):
        return told
    seed = told.get("seed", wish["from"])
    raise Trouble(f"chaos: {told.get('broken', 'the simulator failed')}\n  Again: make chaos SEED={seed}")


HEAD = re.compile(r"^\*\*([\d,]+) operations\*\* on record", re.MULTILINE)
ROW = re.compile(r"^\| \d{4}-.*\| (\d+)–(\d+) \| ([\d,]+) \|", re.MULTILINE)


def _next_seed() -> int:
    rows = ROW.findall(RECORD.read_text())
    return max((int(last) for _, last, _ in rows), default=1_000) + 1


def _write_down(told: Told, *, seconds: float) -> None:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()
    faults = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in sorted(told["faults"].items()))
    seeds = f"{told['from']}–{told['to']}"
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    row = f"| {day} | {commit} | {seeds} | {told['operations']:,} | 0 | 0 | {seconds:.0f} s | {faults} |\n"
    text = RECORD.read_text().rstrip("\n") + "\n" + row
    total = sum(int(count.replace(",", "")) for *_, count in ROW.findall(text))
    RECORD.write_text(HEAD.sub(f"**{total:,} operations** on record", text))
    say(
        f"{told['operations']:,} operations, none lost, none doubled; {total:,} on record in {RECORD.relative_to(ROOT)}"
    )


def _number(name: str) -> int | None:
    text = os.environ.get(name, "").strip()
    if text and not text.isdigit():
        raise Trouble(f"{name} must be a whole number, not “{text}”.")
    return int(text) if text else None
