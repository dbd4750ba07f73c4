"""What the set-up says while it works, and how it runs commands."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
_began = time.monotonic()


class Trouble(Exception):
    """Something a person must do first. The text is one clear line."""


def say(text: str) -> None:
    """One line with the seconds since the start."""
    print(f"[{time.monotonic() - _began:5.1f} s] {text}", flush=True)


def commit() -> str:
    """The one that is checked out, as git shortens it; “?” where there is none."""
    git = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip() or "?"


def run(command: Sequence[str | Path], *, what: str, env: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """Run to the end, quietly; raises Trouble with the last lines when it fails."""
    say(what)
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Trouble(f"{what}: failed.\n" + "\n".join(done.stdout.splitlines()[-25:]))
