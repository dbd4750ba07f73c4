"""Promise 1: waking the workers costs a phone next to nothing, and a broker that answers nothing holds it up once."""

import json
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from reporting.cases.models import Report
from tests import valley as the_valley
from tests.phones import Phone, b64
from tests.processes import Broker, environment, web

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]


def send(address: str, phone: Phone, reports: int) -> list[str]:
    """What became of so many reports in one request."""
    envelopes = [b64(phone.envelope(phone.filed())) for _ in range(reports)]
    body = json.dumps({"proto": 1, "cursor": None, "envelopes": envelopes}).encode()
    headers = {"Content-Type": "application/json", "Authorization": phone.bearer}
    with urllib.request.urlopen(urllib.request.Request(f"{address}/api/v1/sync", body, headers), timeout=60) as reply:
        return [result["status"] for result in json.load(reply)["results"]]


def test_while_nobody_has_taken_the_first_wake_no_other_is_sent(tmp_path: Path) -> None:
    the_valley.lay_out()
    phone, broker = Phone(), Broker()
    broker.start()
    try:
        with web(environment(broker.url, tmp_path / "data"), tmp_path / "web.log") as address:
            assert [send(address, phone, 1) for _ in range(3)] == [["applied"]] * 3
            assert broker.waiting() == 1
            broker.flush()  # as when a worker has taken it
            send(address, phone, 1)
            assert broker.waiting() == 1
    finally:
        broker.close()


def test_a_batch_tries_a_hanging_broker_once(tmp_path: Path) -> None:
    the_valley.lay_out()
    phone, callers = Phone(), []
    with socket.create_server(("127.0.0.1", 0)) as silent:

        def answer_nothing() -> None:
            while True:
                try:
                    callers.append(silent.accept()[0])
                except OSError:
                    return

        threading.Thread(target=answer_nothing, daemon=True).start()
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with web(environment(url, tmp_path / "data"), tmp_path / "web.log") as address:
            results = send(address, phone, 8)
        tried = len(callers)
        for caller in callers:
            caller.close()
    assert results == ["applied"] * 8
    assert Report.objects.count() == 8
    assert 1 <= tried <= 2, "one attempt, which redis-py may make twice"
