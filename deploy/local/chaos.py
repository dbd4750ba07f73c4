"""`make chaos`: the phone's own code against the real server on real PostgreSQL, through every fault there is.

`OPERATIONS=` or `MINUTES=` say how long; the next run goes on with the next seed. `SEED=` lives through one seed again, and
`WITHOUT="fault fault"` leaves some faults out. When a run that goes on record is done, 50 real browsers die while they save, or
`KILLS=`. What was run is written down in docs/chaos.md.
"""

import os
import re
from datetime import UTC, datetime

from deploy.local import servers, setting_up, stages
from deploy.local.home import Home, hold
from deploy.local.saying import ROOT, Trouble, commit, say
from deploy.local.setting_up import PYTHON
from deploy.local.worlds import Lived, Wish, simulate

RECORD = ROOT / "docs" / "chaos.md"

TESTED = Wish(first=1, operations=5_000)
"""The seeds of `make test` are the same each time, so that a change that breaks one is seen at once."""


def chaos() -> int:
    """Run on from the last seed on record, and write down what was run."""
    with hold("chaos") as home:
        setting_up.everything()
        database = servers.postgres(home, settings=servers.TEST_POSTGRES)
        broker = servers.redis(home)
        try:
            _run_and_record(home, database.url, broker.url)
            if kills := _kills():
                _kill_browsers(database.url, broker.url, kills)
            return 0
        finally:
            broker.stop()
            database.stop()


def _run_and_record(home: Home, database: str, broker: str) -> None:
    seed, without = os.environ.get("SEED"), tuple(os.environ.get("WITHOUT", "").split())
    operations, minutes = _number("OPERATIONS"), _number("MINUTES")
    if seed:
        wish = Wish(int(seed), _number("SEEDS") or 1, operations, minutes, without)
    else:
        operations = operations if operations or minutes else 20_000
        wish = Wish(_next_seed(), None, operations, minutes, without)
    lived = simulate(home, database, broker, wish)
    if seed or without:
        say(f"{lived.operations:,} operations; {_faults(lived)}")
    else:
        _write_down(lived)
    _refuse_broken(lived)


def _kills() -> int:
    """How many browsers are to die: as many as were asked for, or 50 where the run goes on record."""
    if (asked := _number("KILLS")) is not None:
        return asked
    return 0 if os.environ.get("SEED") or os.environ.get("WITHOUT") else 50


def _kill_browsers(database: str, broker: str, kills: int) -> None:
    """Chromium's processes end while it saves, so often, at moments that `SEED` chooses; that none lost anything is written down."""
    environment = {**stages.environment(database, broker), "CHROMIUM": stages.chromium(), "KILLS": str(kills)}
    if not os.environ.get("SEED"):
        environment.pop("SEED", None)
    proof = "tests/e2e/test_kept.py::test_a_phone_that_dies_while_it_saves_has_all_of_a_report_or_none"
    command = [str(PYTHON), "-m", "pytest", "-q", "-s", "-m", "e2e", proof]
    outcome = stages.stage("browser", command, environment, counts=r"\d+ saved")
    text = RECORD.read_text()
    line = f"- {_day()}, commit {commit()}: ended {kills} times; {outcome}\n"
    RECORD.write_text(text.replace(KILLED, KILLED + line))


def bounded(home: Home, database: str, broker: str) -> str:
    """The part of `make test`: every kind of fault, and no fewer than 5,000 operations. Returns what was counted."""
    lived = simulate(home, database, broker, TESTED)
    _refuse_broken(lived)
    if lived.missed:
        raise Trouble(f"chaos: these faults never struck: {', '.join(lived.missed)}")
    faults = lived.faults.total()
    return f"{lived.operations} operations, {faults} faults: every promise held, {lived.seconds:.0f} s"


def _refuse_broken(lived: Lived) -> None:
    for seed, promise in lived.broken.items():
        raise Trouble(f"chaos: {promise}\n  Again: make chaos SEED={seed}")


HEAD = re.compile(r"^\*\*([\d,]+) operations\*\* on record", re.MULTILINE)
ROW = re.compile(r"^\| \d{4}-.*\| (\d+)–(\d+) \| ([\d,]+) \|", re.MULTILINE)
HEAD_OF_RECORD = "## On record"
KILLED = "<!-- made by make chaos KILLS=50 -->\n"


def _next_seed() -> int:
    rows = ROW.findall(RECORD.read_text())
    return max((int(last) for _, last, _ in rows), default=1_000) + 1


def _write_down(lived: Lived) -> None:
    """The lives that held are a row, which says how many did not; each of those is named with its promise, for a person to settle."""
    day, at = _day(), commit()
    seeds = f"{lived.wish.first}–{lived.last}"
    lost = f"{len(lived.broken)} broke | see above" if lived.broken else "0 | 0"
    row = f"| {day} | {at} | {seeds} | {lived.operations:,} | {lost} | {lived.seconds:.0f} s | {_faults(lived)} |\n"
    text = RECORD.read_text()
    for seed, promise in lived.broken.items():
        text = text.replace(HEAD_OF_RECORD, f"- {day}, commit {at}, seed {seed}: {promise}\n\n{HEAD_OF_RECORD}")
    text = text.rstrip("\n") + "\n" + row
    total = sum(int(count.replace(",", "")) for *_, count in ROW.findall(text))
    RECORD.write_text(HEAD.sub(f"**{total:,} operations** on record", text))
    say(f"{lived.operations:,} operations in lives that held; {total:,} on record in {RECORD.relative_to(ROOT)}")


def _day() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")


def _faults(lived: Lived) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in sorted(lived.faults.items()))


def _number(name: str) -> int | None:
    text = os.environ.get(name, "").strip()
    if text and not text.isdigit():
        raise Trouble(f"{name} must be a whole number, not “{text}”.")
    return int(text) if text else None
