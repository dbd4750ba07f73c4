"""Starts of the project's programs that find it loaded: forked from a process that has loaded it, in the same environment, and no more.

It opens nothing that two processes must not share: gunicorn forks from the same (`--preload`). Each new environment loads the project
anew, so what is to start quickly is started in the same one again: on the same database, broker, folder and port.
"""

import json
import os
import select
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn, TypeAlias

from deploy.local.saying import ROOT
from tests.processes import Start

PROGRAMS = {"gunicorn": ("gunicorn.app.wsgiapp", "run"), "celery": ("celery.__main__", "main")}
LOADED = (
    "deploy.wsgi",
    "deploy.celery",
    "av",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "kombu.transport.redis",
    "pillow_heif",
)
"""The project, and what it or its programs would load later."""

Parent: TypeAlias = "subprocess.Popen[str]"


@dataclass(frozen=True)
class Forked:
    """A program that another process began."""

    pid: int
    _end: int

    def poll(self) -> object:
        """None while it runs."""
        return True if select.select([self._end], [], [], 0)[0] else None

    def wait(self, timeout: float) -> object:
        """Return when it has ended. Nothing can be asked about it afterwards."""
        assert select.select([self._end], [], [], timeout)[0], "it did not end"
        os.close(self._end)
        return True


@contextmanager
def starter() -> Iterator[Start]:
    """How programs are started from here on, each the first of a group of its own. What they are forked from ends with us."""
    with ExitStack() as ended:
        parents: dict[frozenset[tuple[str, str]], Parent] = {}

        def start(command: list[str], env: dict[str, str], log: Path) -> Forked:
            same = frozenset(env.items())
            if same not in parents:
                parents[same] = ended.enter_context(_parent(env))
            return _forked(parents[same], command, log)

        yield start


def _parent(env: dict[str, str]) -> Parent:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.warm"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _forked(parent: Parent, command: list[str], log: Path) -> Forked:
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write(json.dumps([command, str(log)]) + "\n")
    parent.stdin.flush()
    pid = int(parent.stdout.readline())
    return Forked(pid, os.pidfd_open(pid))  # the number is still its own: an ended one is buried at the next start


def _serve() -> None:
    for module in LOADED:
        import_module(module)
    for line in sys.stdin:
        _bury()
        command, log = json.loads(line)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        pid = os.fork()
        os.setpgid(pid, pid)  # whoever comes first: from now on it can be killed with its children
        if pid == 0:
            _become(command, output)
        os.close(output)
        print(pid, flush=True)


def _bury() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _become(command: list[str], output: int) -> NoReturn:
    for handle, stream in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(handle, stream)
    sys.argv = command
    module, function = PROGRAMS[command[0]]
    code: object = 1
    try:
        code = getattr(import_module(module), function)()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


if __name__ == "__main__":
    _serve()
