"""Starts of the project's programs that find Django, Celery and their like loaded: forked from a process that has loaded only those.

What reads settings is loaded after the fork, and reads them from the program's own environment; no two programs share anything that
lives. For tests that are not about starting.
"""

import json
import os
import select
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from deploy.local.saying import ROOT
from reporting.places import borders
from tests.processes import Start

PROGRAMS = {"gunicorn": ("gunicorn.app.wsgiapp", "run"), "celery": ("celery.__main__", "main")}
LIBRARIES = (
    "av",
    "celery.apps.beat",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.fixups.django",
    "cryptography.x509",
    "django.contrib.admin.sites",
    "django.core.management",
    "django.core.wsgi",
    "django.db.backends.postgresql.base",
    "drf_spectacular.utils",
    "fido2.webauthn",
    "gunicorn.app.wsgiapp",
    "gunicorn.workers.gthread",
    "holidays",
    "jinja2",
    "jsonschema",
    "kombu.transport.redis",
    "pillow_heif",
    "rest_framework.serializers",
    "structlog",
    "whitenoise.middleware",
)
"""None of them asks for a setting when it is loaded; one that did would fail here, where there are none."""


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
    env = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.warm"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as parent:
        yield partial(_start, parent)


def _start(parent: "subprocess.Popen[str]", command: list[str], env: dict[str, str], log: Path) -> Forked:
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.write(json.dumps([command, env, str(log)]) + "\n")
    parent.stdin.flush()
    pid = int(parent.stdout.readline())
    return Forked(pid, os.pidfd_open(pid))  # the number is still its own: an ended one is buried at the next start


def _serve() -> None:
    for library in LIBRARIES:
        import_module(library)
    borders.load()
    ours = {name.partition(".")[0] for name in sys.modules} & {"api", "frontend"}
    assert not ours and "deploy.settings" not in sys.modules, "settings were read before there were any"
    for line in sys.stdin:
        _bury()
        command, env, log = json.loads(line)
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        pid = os.fork()
        os.setpgid(pid, pid)  # whoever comes first: from now on it can be killed with its children
        if pid == 0:
            _become(command, env, output)
        os.close(output)
        print(pid, flush=True)


def _bury() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _become(command: list[str], env: dict[str, str], output: int) -> NoReturn:
    for handle, stream in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (output, 2)):
        os.dup2(handle, stream)
    os.environ.clear()
    os.environ.update(env)
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
