"""`make run`: the phone app, the admin, a worker and the clock, with the Batken demo loaded. Ctrl-C stops all of it."""

import os
import secrets
import signal
import socket
import subprocess
import time
from pathlib import Path

from deploy.local import interrupting, servers, setting_up
from deploy.local.home import Home, hold
from deploy.local.saying import LOCAL, ROOT, Trouble, say
from deploy.local.saying import run as run_command
from deploy.local.setting_up import PYTHON, VENV

LOGS = LOCAL / "log"


def run() -> int:
    """Set up, start, wait for Ctrl-C or for something to die, stop."""
    port = int(os.environ.get("PORT", "8000"))
    _refuse_somebody_s_database()
    with hold("run") as home:
        _refuse_taken_port(port)
        setting_up.everything(development=False)
        return _serve(home, port)


def _serve(home: Home, port: int) -> int:
    servers_up: list[servers.Server] = []
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        servers_up.append(database := servers.postgres(home))
        servers_up.append(broker := servers.redis(home))
        env = environment(database.url, broker.url, port=port)
        manage(env, "migrate", "--no-input", what="Preparing the database")
        manage(env, "rotate_sync_key", "--if-none", what="Making the key that phones seal to")
        manage(env, "collectstatic", "--no-input", "--clear", what="Collecting static files")
        print(_output(env, "load_demo"), flush=True)
        start(home, env, port, processes)
        wait_until_served(port, processes)
        say("Ready. Ctrl-C stops everything.")
        _say_addresses(port)
        return _watch(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        interrupting.ignore()
        say("Stopping")
        stop(processes)
        for server in reversed(servers_up):
            server.stop()


def _say_addresses(port: int) -> None:
    print()
    if (setting_up.FRONTEND / "dist").is_dir():
        print(f"  Phone app       http://localhost:{port}/")
    print(f"  Officers' admin http://localhost:{port}/admin/\n", flush=True)


def environment(database: str, broker: str, *, port: int) -> dict[str, str]:
    """The settings of a demo on this machine."""
    return {
        **os.environ,
        "DATABASE_URL": database,
        "REDIS_URL": broker,
        "SECRET_KEY": _secret(),
        "DEBUG": "yes",
        "DATA_DIR": str(LOCAL / "data"),
        "PUBLIC_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost,127.0.0.1",
        "REFERENCE_DEFAULT_RAYON": os.environ.get("REFERENCE_DEFAULT_RAYON", "41705214000000"),
        "LOG_LEVEL": "WARNING",
    }


def start(home: Home, env: dict[str, str], port: int, processes: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Web, worker and beat as real processes, each in a session of its own, each with its log."""
    celery = [str(VENV / "bin" / "celery"), "-A", "deploy.celery", "-q"]
    commands = {
        "web": [
            str(VENV / "bin" / "gunicorn"),
            "deploy.wsgi",
            f"--bind=127.0.0.1:{port}",
            "--workers=2",
            "--threads=4",
            "--preload",
            "--no-control-socket",
        ],
        "worker": [*celery, "worker", "--concurrency=2", "--without-gossip", "--without-mingle", "-l", "WARNING"],
        "beat": [*celery, "beat", "-l", "WARNING"],
    }
    for name, command in commands.items():
        processes[name] = _start(name, command, env)
        home.remember(processes[name].pid, signal.SIGTERM)


def serve(home: Home, env: dict[str, str], port: int, *, log: str) -> "subprocess.Popen[bytes]":
    """gunicorn as docker-compose.yml starts it; it keeps connections open as Caddy does, which stands before it there. `log` names it."""
    bound = f"--bind=127.0.0.1:{port}"
    options = [bound, "--workers=2", "--threads=4", "--keep-alive=60", "--preload", "--no-control-socket"]
    web = _start(log, [str(VENV / "bin" / "gunicorn"), "deploy.wsgi", *options], env)
    home.remember(web.pid, signal.SIGTERM)
    wait_until_served(port, {log: web})
    return web


def stop(processes: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """End each by its main process, and what does not listen by force."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    for process in processes.values():
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def manage(env: dict[str, str], *arguments: str, what: str) -> None:
    """One of the project's own commands."""
    run_command([PYTHON, ROOT / "manage.py", *arguments], what=what, env=env)


def _output(env: dict[str, str], *arguments: str) -> str:
    say("Loading the Batken demo")
    command = [str(PYTHON), str(ROOT / "manage.py"), *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{' '.join(arguments)} failed: {done.stderr[-800:]}")
    return done.stdout


def _start(name: str, command: list[str], env: dict[str, str]) -> "subprocess.Popen[bytes]":
    LOGS.mkdir(parents=True, exist_ok=True)
    with (LOGS / f"{name}.log").open("wb") as log:
        return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log, start_new_session=True)


def wait_until_served(port: int, processes: dict[str, "subprocess.Popen[bytes]"]) -> None:
    """Return once something listens there. Raises Trouble when a process has ended or a minute is over."""
    deadline = time.monotonic() + 60
    while not _listens(port):
        _refuse_dead(processes)
        if time.monotonic() > deadline:
            raise Trouble(f"The web server does not answer. Its log is in {LOGS}")
        time.sleep(0.1)


def _watch(processes: dict[str, "subprocess.Popen[bytes]"]) -> int:
    while True:
        _refuse_dead(processes)
        time.sleep(0.5)


def _refuse_dead(processes: dict[str, "subprocess.Popen[bytes]"]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            tail = "\n".join((LOGS / f"{name}.log").read_text(errors="replace").splitlines()[-15:])
            raise Trouble(f"The {name} process ended ({process.returncode}). Its last lines:\n{tail}")


def _secret() -> str:
    path = LOCAL / "secret-key"
    if not path.exists():
        LOCAL.mkdir(exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _refuse_somebody_s_database() -> None:
    if os.environ.get("DATABASE_URL") and os.environ.get("ARYK_DEMO_DATABASE") != "yes":
        raise Trouble(
            "DATABASE_URL is set, and make run would put demo accounts with a known password into that database. "
            "Unset it, or set ARYK_DEMO_DATABASE=yes if that database is for the demo."
        )


def _refuse_taken_port(port: int) -> None:
    if _listens(port):
        raise Trouble(f"Port {port} is taken by {_holder(port)}. Stop it, or choose another: make run PORT={port + 1}")


def _holder(port: int) -> str:
    """Which process listens on a port, from /proc."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rsplit(":", 1)[1], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if inodes & {str(link.readlink()) for link in (folder / "fd").iterdir()}:
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                return f"process {folder.name}: {command[:120]}"
        except OSError:
            continue
    return "another user's process"
