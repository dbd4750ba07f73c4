"""The composed server: what it sets exists, only Caddy is reached from outside, and no log holds who asked for what."""

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from deploy.local.saying import ROOT
from tests.deploy.test_settings import FOR_COMPOSE, documented, read_by_the_settings

COMPOSE = ROOT / "docker-compose.yml"


def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(COMPOSE.read_text())["services"]
    return found


def test_what_compose_asks_the_operator_for_is_documented() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+)", COMPOSE.read_text()))
    assert asked - read_by_the_settings() == set(documented(FOR_COMPOSE))


@pytest.mark.parametrize("name", ["prepare", "web", "uploads", "worker", "beat", "backup", "restore"])
def test_what_compose_sets_is_a_setting(name: str) -> None:
    assert set(services()[name]["environment"]) <= read_by_the_settings()


def test_only_caddy_is_reached_from_outside() -> None:
    found = services()
    assert [name for name, service in found.items() if "ports" in service] == ["caddy"]
    assert [name for name, service in found.items() if "outside" in service["networks"]] == ["caddy"]


def test_the_database_logs_no_values() -> None:
    assert {"log_min_error_statement=panic", "log_error_verbosity=terse"} <= set(services()["db"]["command"])


def test_caddy_writes_no_access_log_and_passes_no_address_on() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"^\s*log\b.*", caddy, re.MULTILINE) == ["\tlog default {"]
    assert "exclude http.log http.handlers" in caddy
    assert "header_up -X-Forwarded-For" in caddy


def told(name: str) -> list[str]:
    """What gunicorn is told in one of the services, but for where it listens."""
    program, application, *said = services()[name]["command"]
    assert (program, application) == ("gunicorn", "deploy.wsgi")
    return [one for one in said if not one.startswith("--bind=")]


def options(name: str) -> dict[str, str]:
    """The same, by name."""
    return {one.partition("=")[0]: one.partition("=")[2] for one in told(name)}


def test_who_sends_a_photo_slowly_holds_up_photos_alone() -> None:
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert re.findall(r"@chunk \{([^}]*)\}", caddy) == ["\n\t\tmethod PATCH POST\n\t\tpath /api/v1/media/*\n\t"]
    roads = {road: (to, said) for road, to, said in re.findall(r"reverse_proxy (@chunk )?(\S+) \{([^}]*)\}", caddy)}
    assert {road: to for road, (to, _) in roads.items()} == {"@chunk ": "uploads:8000", "": "web:8000"}
    whole = re.findall(r"request_buffers (\S+)", roads[""][1])
    assert whole == re.findall(r"max_size (\S+)", caddy), (
        "what is passed on before all of it came holds a thread of web"
    )
    assert "request_buffers" not in roads["@chunk "][1], "of a chunk that was cut nothing would count"
    assert {"web", "uploads"} <= set(services()["caddy"]["depends_on"])


def test_who_sends_a_photo_slowly_takes_nobody_s_place_at_the_database() -> None:
    assert services()["uploads"]["environment"]["DATABASE_CONN_SECONDS"] == "0"
    caddy = (ROOT / "deploy" / "Caddyfile").read_text()
    assert "header_up -Cookie" in caddy, "a session would be looked up before the chunk is read"
    threads = sum(int(options(name)["--workers"]) * int(options(name)["--threads"]) for name in ("web", "uploads"))
    most = re.findall(r"max_connections=(\d+)", " ".join(services()["db"]["command"]))
    assert threads + 20 <= int(most[0]), "and the worker, a backup and whoever looks need some too"


def test_the_image_is_built_by_hash_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    assert "--require-hashes -r requirements.txt" in dockerfile
    assert dockerfile.rpartition("FROM ")[2].count("\nUSER aryk\n") == 1
    copied = re.findall(r"^COPY (?!--from)(\S+)(?: \S+)+$", dockerfile, re.MULTILINE)
    for source in copied:
        assert source == "." or list(ROOT.glob(source)), source


def test_docker_understands_the_composition() -> None:
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("no docker compose here")
    env = {**os.environ, "DOMAIN": "aryk.example", "SECRET_KEY": "x", "POSTGRES_PASSWORD": "x"}
    done = subprocess.run(
        [docker, "compose", "-f", str(COMPOSE), "config", "-q"], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
