"""A stage of the tests, run in view, and what it needs: the settings of tests, and Chromium."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from deploy.local.saying import LOCAL, ROOT, Trouble, say

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


COUNTS = r"\d+ (passed|failed)|[Nn]o issues|Contracts:|All checks|already formatted|Checked \d+"


def stage(name: str, command: list[str], env: dict[str, str], *, cwd: Path = ROOT, counts: str = COUNTS) -> str:
    """Run one stage in view; returns its last line that counts something."""
    say(f"── {name}")
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    count = ""
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.search(counts, line):
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


def environment(database: str, broker: str) -> dict[str, str]:
    """The settings of tests, on these servers."""
    return {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": "only-for-tests",
        "DATA_DIR": str(LOCAL / "test-data"),
        "LOG_LEVEL": "CRITICAL",
    }
