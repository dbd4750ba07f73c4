"""Real processes for tests: Redis, workers, the web server. When a test is over nobody waits for one to end in good order."""

import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import redis
from django.conf import settings
from django.db import connection

from deploy.local import servers
from deploy.local.home import Home
from deploy.local.saying import ROOT

BIN = ROOT / ".venv" / "bin"
OPTIONS = ("--threads=4", "--preload", "--no-control-socket")


class Broker:
    """A Redis of the test's own that can be stopped, started again on the same port, flushed and killed."""

    def __init__(self) -> None:
        self.home = Home(f"broker-{os.getpid()}")
        self.port = servers.free_port()
        self.password = "a-test-password"
        self.server: servers.Server | None = None
        self.url = f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Up, empty."""
        self.server = servers.own_redis(self.home, port=self.port, password=self.password)

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> None:
        """Down."""
        if self.server is not None:
            self.server.stop(sign)
            self.server = None

    def close(self) -> None:
        """Down, and its folder gone."""
        self.stop()
        shutil.rmtree(self.home.folder)

    def flush(self) -> None:
        """Everything in it gone."""
        with redis.Redis.from_url(self.url) as client:
            client.flushall()

    def waiting(self) -> int:
        """Messages that no worker has taken."""
        with redis.Redis.from_url(self.url) as client:
            return int(client.llen("celery"))


@dataclass(frozen=True)
class Ground:
    """A broker, a folder and a port: the same for each test of a session, so that what stands on them is loaded once (`tests.warm`)."""

    broker: Broker
    folder: Path
    port: int

    def clear(self) -> None:
        """Nothing of the test before."""
        self.broker.flush()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()

    def environment(self, **more: str) -> dict[str, str]:
        """Of whatever stands here."""
        return environment(self.broker.url, self.folder / "data", PUBLIC_URL=_address(self.port), **more)


@contextmanager
def standing(folder: Path) -> Iterator[Ground]:
    """A ground for servers, one after another."""
    broker = Broker()
    broker.start()
    try:
        yield Ground(broker, folder, servers.free_port())
    finally:
        broker.close()


def environment(broker_url: str, data: Path, **more: str) -> dict[str, str]:
    """The settings of processes that work on the test's own database."""
    database = connection.settings_dict
    url = (
        f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    )
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return {
        **inherited,
        "DATABASE_URL": url,
        "REDIS_URL": broker_url,
        "SECRET_KEY": "only-for-tests",
        "DATA_DIR": str(data),
        "KEY_FILE": settings.KEY_FILE,
        "LOG_LEVEL": "INFO",
        "DEBUG": "no",
        **more,
    }


class Running(Protocol):
    """A process, the first of its group."""

    @property
    def pid(self) -> int:
        """Its number, and its group's."""

    def poll(self) -> object:
        """None while it runs."""

    def wait(self, timeout: float) -> object:
        """Return when it has ended."""


Start = Callable[[list[str], dict[str, str], Path], Running]


def cold(command: list[str], env: dict[str, str], log: Path) -> Running:
    """As in production, where every program loads all that it needs."""
    command = [str(BIN / command[0]), *command[1:]]
    with log.open("ab") as output:
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=output, stderr=output, start_new_session=True)


@contextmanager
def process(command: list[str], env: dict[str, str], log: Path, *, start: Start = cold) -> Iterator[Running]:
    """A program of the project, until the test is over with it."""
    running = start(command, env, log)
    try:
        yield running
    finally:
        if running.poll() is None:
            kill(running)


def kill(running: Running) -> None:
    """As a power cut would, children too."""
    os.killpg(running.pid, signal.SIGKILL)
    running.wait(10)


@contextmanager
def worker(env: dict[str, str], log: Path, *, start: Start = cold) -> Iterator[Running]:
    """A real Celery worker with its own clock; yields at once, it may still be starting."""
    options = ["--concurrency=1", "--without-gossip", "--without-mingle", "-B", "-s", str(log) + ".beat", "-l", "INFO"]
    with process(["celery", "-A", "deploy.celery", "worker", *options], env, log, start=start) as running:
        yield running


@contextmanager
def web(
    env: dict[str, str], log: Path, *, start: Start = cold, options: Sequence[str] = OPTIONS, port: int | None = None
) -> Iterator[str]:
    """The web server as in production; yields its address once it answers."""
    port = port or servers.free_port()
    address = _address(port)
    command = ["gunicorn", "deploy.wsgi", f"--bind=127.0.0.1:{port}", *options]
    with process(command, {**env, "PUBLIC_URL": address}, log, start=start) as running:
        until(lambda: running.poll() is not None or _answers(address), seconds=30)
        assert running.poll() is None, log.read_text()
        yield address


def _address(port: int) -> str:
    return f"http://localhost:{port}"


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/api/v1/reference", timeout=5) as response:
            return bool(response.status == 200)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def until(condition: Callable[[], bool], *, seconds: float = 30) -> None:
    """Wait for something that another process does; fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
