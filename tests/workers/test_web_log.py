"""Promise 5: the web server's log names nobody: no address, no query, no receipt, no words, no token."""

import base64
import json
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests import valley as the_valley
from tests.deploy.test_compose import told
from tests.phones import Phone, b64
from tests.processes import environment, web

pytestmark = [pytest.mark.workers, pytest.mark.django_db(transaction=True)]


def ask(address: str, body: bytes = b"", **headers: str) -> int:
    request = urllib.request.Request(address, body or None, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


def test_nothing_that_could_point_at_somebody_is_logged(tmp_path: Path) -> None:
    the_valley.lay_out()
    phone, log = Phone(), tmp_path / "web.log"
    operation = phone.filed({"text": "Words that nobody may find in a log."})
    receipt = operation["body"]["receipt"]
    good = json.dumps({"proto": 1, "cursor": None, "envelopes": [b64(phone.envelope(operation))]}).encode()
    with web(environment("redis://127.0.0.1:1/0", tmp_path / "data"), log, options=told("web")) as address:
        sync, plain = f"{address}/api/v1/sync", {"Content-Type": "application/json"}
        assert ask(sync, good, Authorization=phone.bearer, **plain) == 200
        assert ask(f"{sync}?receipt={receipt}", b"{", Authorization=phone.bearer, **plain) == 400
        assert ask(sync, good, Authorization="Bearer short-secret", **plain) == 401
        assert ask(f"{address}/admin/login/?next={receipt}", b"username=bakyt&password=guess") == 403
        assert ask(f"{address}/no-such-place?receipt={receipt}") == 404
        assert ask(f"{address}/api/v1/reference?rayon={receipt}") == 200
    said = log.read_text()
    assert "wake_failed" in said, "the log was not written at all"
    secrets = [receipt, "Words that nobody", "short-secret", b64(phone.read), b64(phone.write), "guess", "bakyt"]
    assert not [text for text in [*secrets, "127.0.0.1 -", base64.b64encode(good).decode()] if text in said]
