"""Promises 1 and 2 over real sockets: the stock tus client uploads here and goes on after a cut; half a chunk is not lost."""

import hashlib
import json
import os
import socket
import subprocess
import time
import urllib.request
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from deploy.local import setting_up
from deploy.local.saying import ROOT
from reporting.media import uploads
from reporting.media.models import Medium
from tests.media.test_uploads import announcement
from tests.processes import environment, until, web

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]
CONTENT = os.urandom(300_001)
DIGEST = hashlib.sha256(CONTENT).hexdigest()


def stock_client(address: str, file: Path, medium_id: uuid.UUID, chunk: int) -> dict[str, Any]:
    """What frontend's tus-js-client asked, first and after the cut."""
    _, added = setting_up.npm_command()
    command = ["node", str(ROOT / "tests/workers/tus_client.mjs"), f"{address}/api/v1/media"]
    done = subprocess.run(
        [*command, str(file), str(medium_id), DIGEST, str(chunk)],
        env={**os.environ, **added},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def test_the_stock_client_uploads_and_goes_on_after_a_cut(tmp_path: Path) -> None:
    file, medium_id, data = tmp_path / "photo", uuid.uuid4(), tmp_path / "data"
    file.write_bytes(CONTENT)
    with web(environment("redis://127.0.0.1:1/0", data), tmp_path / "web.log") as address:
        said = stock_client(address, file, medium_id, 100_000)
        assert said["address"] == said["same"] == f"{address}/api/v1/media/{medium_id}"
        assert said["first"] == ["POST", "PATCH 0"]
        assert said["second"] == ["HEAD", "PATCH 100000", "PATCH 200000", "PATCH 300000"]
    medium = Medium.objects.get(pk=medium_id)
    assert (medium.state, medium.offset) == ("received", len(CONTENT))
    assert (data / "incoming" / str(medium_id)).read_bytes() == CONTENT


def test_the_stock_client_may_begin_again_without_knowing_the_address(tmp_path: Path) -> None:
    file, medium_id, data = tmp_path / "photo", uuid.uuid4(), tmp_path / "data"
    file.write_bytes(CONTENT)
    with web(environment("redis://127.0.0.1:1/0", data), tmp_path / "web.log") as address:
        stock_client(address, file, medium_id, uploads.CHUNK_MAX_BYTES)
        again = stock_client(address, file, medium_id, uploads.CHUNK_MAX_BYTES)
    assert again["first"][0] == "POST"
    assert Medium.objects.get().state == "received"


def test_what_came_of_a_chunk_before_the_link_was_cut_is_kept(tmp_path: Path) -> None:
    medium_id = uuid.uuid4()
    with web(environment("redis://127.0.0.1:1/0", tmp_path / "data"), tmp_path / "web.log") as address:
        request = urllib.request.Request(f"{address}/api/v1/media", b"", announcement(medium_id, CONTENT))
        assert urllib.request.urlopen(request, timeout=20).status == 201
        _send_and_vanish(address, medium_id, promised=200_000, sent=120_000)
        until(lambda: Medium.objects.get().offset > 0)
    assert Medium.objects.get().offset == 120_000


def _send_and_vanish(address: str, medium_id: uuid.UUID, *, promised: int, sent: int) -> None:
    where = urlsplit(address)
    head = (
        f"PATCH /api/v1/media/{medium_id} HTTP/1.1\r\nHost: {where.netloc}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Content-Type: application/offset+octet-stream\r\nContent-Length: {promised}\r\n\r\n"
    )
    with socket.create_connection((where.hostname, where.port), timeout=20) as link:
        link.sendall(head.encode() + CONTENT[:sent])
        time.sleep(0.5)
