"""Photos on slow links: while each thread for them waits for its chunk, reports are taken, and the database has a place for all."""

import json
import socket
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from reporting.media.models import Medium
from reporting.sync.models import Operation
from tests import valley as the_valley
from tests.deploy.test_compose import options, services, told
from tests.media.test_uploads import CONTENT, announcement
from tests.phones import Phone, b64
from tests.processes import environment, until, web
from tests.workers.test_web_log import ask

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]
THREADS = int(options("uploads")["--threads"])


@contextmanager
def shipped(name: str, folder: Path, **more: str) -> Iterator[str]:
    """One of docker-compose.yml's web servers, told what it is told there."""
    env = environment("redis://127.0.0.1:1/0", folder / "data", PGAPPNAME=name, **more)
    with web(env, folder / f"{name}.log", options=told(name)) as address:
        yield address


def connections(name: str) -> int:
    """To the database, of a server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
        (count,) = cursor.fetchone() or (0,)
    return int(count)


def begun(address: str, medium_id: uuid.UUID, phone: Phone) -> socket.socket:
    """A chunk of which one byte has come."""
    where = urlsplit(address)
    link = socket.create_connection((where.hostname, where.port), timeout=20)
    head = (
        f"PATCH /api/v1/media/{medium_id} HTTP/1.1\r\nHost: {where.netloc}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
        f"Authorization: {phone.bearer}\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: 200000\r\n\r\n"
    )
    link.sendall(head.encode() + CONTENT[:1])
    return link


def test_a_report_is_taken_while_every_thread_for_photos_waits(tmp_path: Path) -> None:
    the_valley.lay_out()
    phone, medium_id = Phone(), uuid.uuid4()
    phone.sync()
    kept = services()["uploads"]["environment"]["DATABASE_CONN_SECONDS"]
    with (
        shipped("web", tmp_path) as server,
        shipped("uploads", tmp_path, DATABASE_CONN_SECONDS=kept) as photos,
    ):
        request = urllib.request.Request(f"{server}/api/v1/media", b"", announcement(medium_id, CONTENT))
        assert urllib.request.urlopen(request, timeout=20).status == 201
        with ExitStack() as links:
            for _ in range(THREADS):
                links.enter_context(begun(photos, medium_id, phone))
            with pytest.raises(TimeoutError):
                urllib.request.urlopen(f"{photos}/api/v1/reference", timeout=3)
            assert connections("uploads") == 0
            filed = {"proto": 1, "cursor": None, "envelopes": [b64(phone.envelope(phone.filed()))]}
            headers = {"Authorization": phone.bearer, "Content-Type": "application/json"}
            assert ask(f"{server}/api/v1/sync", json.dumps(filed).encode(), **headers) == 200
            assert Operation.objects.get().status == "applied"
        until(lambda: Medium.objects.get().offset == 1)
        until(lambda: connections("uploads") == 0)
