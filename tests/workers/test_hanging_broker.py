"""Promise 1: a broker that answers nothing does not hold up a phone once for each of its operations."""

import json
import socket
import threading
import urllib.request
from pathlib import Path

import pytest

from reporting.cases.models import Report
from tests import valley as the_valley
from tests.phones import Phone, b64
from tests.processes import environment, web

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]


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
        envelopes = [b64(phone.envelope(phone.filed())) for _ in range(8)]
        body = json.dumps({"proto": 1, "cursor": None, "envelopes": envelopes}).encode()
        url = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        with web(environment(url, tmp_path / "data"), tmp_path / "web.log") as address:
            request = urllib.request.Request(
                f"{address}/api/v1/sync",
                body,
                {"Content-Type": "application/json", "Authorization": phone.bearer},
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                reply = json.load(response)
        tried = len(callers)
        for caller in callers:
            caller.close()
    assert [result["status"] for result in reply["results"]] == ["applied"] * 8
    assert Report.objects.count() == 8
    assert 1 <= tried <= 2, "one attempt, which redis-py may make twice"
