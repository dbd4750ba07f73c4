"""`make test`: every check there is, each stage with its seconds, the runners' own counts at the end.

`make test ONLY="tests/sync -k twice"` runs that part of the back end alone, on the same servers.
"""

import os
import re
import shlex
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from deploy.local import chaos, servers, setting_up
from deploy.local.home import hold
from deploy.local.saying import LOCAL, ROOT, Trouble, say
from deploy.local.setting_up import FRONTEND, PYTHON, VENV

TOOLS = VENV / "bin"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def lint() -> int:
    """Style, types and the ladder of imports; of the front end too."""
    setting_up.everything()
    env = _without_servers()
    for command in _lint_commands():
        _stage(" ".join(Path(part).name for part in command[:2]), command, env)
    _front_end("lint", "types")
    return 0


def format_code() -> int:
    """Put the code into the house's form."""
    setting_up.everything()
    for command in (["ruff", "format", "."], ["ruff", "check", "--fix", "."]):
        _stage(" ".join(command), [str(TOOLS / command[0]), *command[1:]], dict(os.environ))
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
            counts = _stages({**_environment(database, broker), "CHROMIUM": browser})
            if not os.environ.get("ONLY"):
                say("── chaos")
                counts.append(("chaos", chaos.bounded(home, database.url, broker.url)))
    print(f"\nAll stages passed in {time.monotonic() - began:.0f} s:")
    for name, count in counts:
        print(f"  {name:<12} {count}")
    return 0


def _stages(env: dict[str, str]) -> list[tuple[str, str]]:
    pytest = [str(PYTHON), "-m", "pytest", "-q"]
    if only := os.environ.get("ONLY"):
        return [("a part", _stage("a part", [*pytest, *shlex.split(only)], env))]
    for command in _lint_commands():
        _stage(" ".join(Path(part).name for part in command[:2]), command, env)
    counts = [("back end", _stage("back end", [*pytest, "-n", "2", "-m", "not workers and not e2e"], env))]
    counts.append(("workers", _stage("workers", [*pytest, "-m", "workers"], env)))
    counts += _front_end("lint", "types", "test")
    return [*counts, ("browser", _stage("browser", [*pytest, "-n", "2", "-m", "e2e"], env))]


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
        (f"phone {script}", _stage(f"phone {script}", [*command, "run", "-s", script], env, cwd=FRONTEND))
        for script in scripts
    ]


def _stage(name: str, command: list[str], env: dict[str, str], *, cwd: Path = ROOT) -> str:
    """Run one stage in view; returns its last line that counts something."""
    say(f"── {name}")
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    count = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.search(r"\d+ (passed|failed)|[Nn]o issues|Contracts:|All checks|already formatted|Checked \d+", line):
            count = line.strip()
    if process.wait() != 0:
        raise Trouble(f"{name}: failed after {time.monotonic() - began:.0f} s (exit {process.returncode})")
    return count or "passed"


def chromium() -> str:
    """Chromium; installed where we may, else one line saying how."""
    if found := next((path for name in BROWSERS if (path := shutil.which(name))), None):
        return found
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("No Chromium here: installing Debian's")
        for command in ("apt-get update -q", "apt-get install -y -q --no-install-recommends chromium fonts-noto-core"):
            subprocess.run(command.split(), check=False, capture_output=True, env=_quiet_apt())
    found = shutil.which("chromium")
    if found is None:
        raise Trouble("The browser tests need Chromium. Run: sudo apt-get install -y chromium")
    return found


def _quiet_apt() -> dict[str, str]:
    return {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def _without_servers() -> dict[str, str]:
    """mypy's Django plug-in reads the settings; nothing is connected to."""
    nowhere = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
    return {**os.environ, **nowhere, "SECRET_KEY": "lint"}


def _environment(database: servers.Server, broker: servers.Server) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": database.url,
        "REDIS_URL": broker.url,
        "SECRET_KEY": "only-for-tests",
        "DATA_DIR": str(LOCAL / "test-data"),
        "LOG_LEVEL": "CRITICAL",
    }
