"""`make test`: every check there is, each stage with its seconds, the runners' own counts at the end.

`make test ONLY="tests/sync -k twice"` runs that part of the back end alone, on the same servers.
"""

import os
import shlex
import shutil
import time
from contextlib import ExitStack
from pathlib import Path

from deploy.local import chaos, servers, setting_up
from deploy.local.home import hold
from deploy.local.saying import LOCAL, say
from deploy.local.setting_up import FRONTEND, PYTHON, VENV
from deploy.local.stages import chromium, environment, stage

TOOLS = VENV / "bin"
PYTEST = [str(PYTHON), "-m", "pytest", "-q"]
AT_ONCE = min(os.cpu_count() or 1, 8)
"""More would be more connections than one PostgreSQL takes."""


def lint() -> int:
    """Style, types and the ladder of imports; of the front end too."""
    setting_up.everything()
    env = _without_servers()
    for command in _lint_commands():
        stage(" ".join(Path(part).name for part in command[:2]), command, env)
    _front_end("lint", "types")
    return 0


def format_code() -> int:
    """Put the code into the house's form."""
    setting_up.everything()
    for command in (["ruff", "format", "."], ["ruff", "check", "--fix", "."]):
        stage(" ".join(command), [str(TOOLS / command[0]), *command[1:]], dict(os.environ))
    _front_end("format")
    return 0


def test() -> int:
    """Lint, types, ladder, back end, workers, front end, browser, chaos. Stops at the first stage that fails."""
    began = time.monotonic()
    browser = chromium()
    with hold("test") as home:
        setting_up.everything()
        with ExitStack() as ended:
            database = servers.postgres(home, settings=servers.TEST_POSTGRES)
            ended.callback(database.stop)
            broker = servers.redis(home)
            ended.callback(broker.stop)
            counts = _stages({**environment(database.url, broker.url), "CHROMIUM": browser})
            if not os.environ.get("ONLY"):
                say("── chaos")
                counts.append(("chaos", chaos.bounded(home, database.url, broker.url)))
    print(f"\nAll stages passed in {time.monotonic() - began:.0f} s:")
    for name, count in counts:
        print(f"  {name:<12} {count}")
    return 0


def gallery() -> int:
    """A picture of every screen of the phone app in every language and size, on one page."""
    folder = LOCAL / "gallery"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ.update(GALLERY=str(folder), ONLY="tests/e2e/test_screens.py")
    try:
        return test()
    finally:
        say(f"The pictures: {folder / 'index.html'}")


def _stages(env: dict[str, str]) -> list[tuple[str, str]]:
    if only := os.environ.get("ONLY"):
        return [("a part", stage("a part", [*PYTEST, *shlex.split(only)], env))]
    for command in _lint_commands():
        stage(" ".join(Path(part).name for part in command[:2]), command, env)
    counts = [("back end", stage("back end", _side_by_side("not workers and not e2e"), env))]
    # Whole files: no two tests of one look at the same machine at once.
    counts.append(("workers", stage("workers", _side_by_side("workers", share="loadfile"), env)))
    counts += _front_end("lint", "types", "test")
    return [*counts, ("browser", stage("browser", _side_by_side("e2e"), env))]


def _side_by_side(which: str, *, share: str = "worksteal") -> list[str]:
    """The tests with these marks, as many at once as there are processors."""
    return [*PYTEST, "-n", str(AT_ONCE), "--dist", share, "-m", which]


def _lint_commands() -> list[list[str]]:
    return [
        [str(TOOLS / "ruff"), "check", "."],
        [str(TOOLS / "ruff"), "format", "--check", "."],
        [str(TOOLS / "lint-imports")],
        [str(TOOLS / "mypy")],
    ]


def _front_end(*scripts: str) -> list[tuple[str, str]]:
    if not setting_up.BUILDABLE.exists():
        return []
    command, added = setting_up.npm_command()
    env = {**os.environ, **added, "NO_COLOR": "1"}
    return [
        (f"phone {script}", stage(f"phone {script}", [*command, "run", "-s", script], env, cwd=FRONTEND))
        for script in scripts
    ]


def _without_servers() -> dict[str, str]:
    """mypy's Django plug-in reads the settings; nothing is connected to."""
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return {**os.environ, **nowhere, "SECRET_KEY": "lint"}
