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


@pytest.mark.parametrize("name", ["prepare", "web", "worker", "beat", "backup", "restore"])
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
