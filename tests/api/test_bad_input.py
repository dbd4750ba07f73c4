"""Anything from outside is hostile: one problem-details shape, never a 500, and nothing is lost."""

import gzip
import json
import re
import uuid
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from reporting.people.models import Profile
from reporting.sync import ledger, operations
from reporting.sync.models import Quarantined
from tests.people import People
from tests.phones import Phone

GOOD: dict[str, Any] = {"proto": 1, "cursor": None, "envelopes": []}


def send(body: bytes, content_type: str = "application/json", **headers: str) -> Any:
    return Client(raise_request_exception=False).post("/api/v1/sync", body, content_type=content_type, headers=headers)


def is_problem(response: Any, status: int, code: str) -> None:
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"\xff",
        b"[" * 100_000,
        b"{}",
        b'{"proto": NaN, "cursor": null, "envelopes": []}',
        json.dumps(GOOD | {"proto": "2"}).encode(),
        json.dumps(GOOD | {"envelopes": "x"}).encode(),
        json.dumps(GOOD | {"envelopes": [1, {}]}).encode(),
        json.dumps(GOOD | {"envelopes": [""] * 101}).encode(),
        json.dumps(GOOD | {"cursor": {"a": 1}}).encode(),
        json.dumps(GOOD | {"cursor": "\0"}).encode(),
    ],
)
def test_malformed_json_is_one_clear_answer(db: None, body: bytes) -> None:
    is_problem(send(body), 400, "malformed")


@pytest.mark.parametrize("address", ["sync", "receipts"])
def test_a_body_that_is_no_object_is_called_that(db: None, address: str) -> None:
    response = Client().post(f"/api/v1/{address}", b"[]", content_type="application/json")
    is_problem(response, 400, "malformed")
    assert response.json()["detail"] == "The body must be an object."


@pytest.mark.parametrize("body", [GOOD | {"proto": 2}, {"proto": 0, "parcels": []}])
def test_another_version_of_the_protocol_is_named_before_its_fields_are_read(db: None, body: dict[str, Any]) -> None:
    is_problem(send(json.dumps(body).encode()), 400, "unknown_proto")


@pytest.mark.parametrize("content_type", ["text/plain", "multipart/form-data; boundary=x", "application/xml", "junk"])
def test_another_content_type_is_said_so(db: None, content_type: str) -> None:
    is_problem(send(json.dumps(GOOD).encode(), content_type), 415, "unsupported_media_type")


def test_more_than_a_megabyte_is_too_large(db: None) -> None:
    is_problem(send(b" " * 1_000_001), 413, "too_large")


def test_a_bomb_is_too_large_once_inflated(db: None) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    is_problem(send(bomb, **{"content-encoding": "gzip"}), 413, "too_large")


@pytest.mark.parametrize("body", [b"not gzip", gzip.compress(json.dumps(GOOD).encode())[:-10]], ids=["text", "cut"])
def test_what_is_not_gzip_is_malformed(db: None, body: bytes) -> None:
    is_problem(send(body, **{"content-encoding": "gzip"}), 400, "malformed")


def test_an_unknown_encoding_is_said_so(db: None) -> None:
    is_problem(send(b"x", **{"content-encoding": "br"}), 415, "unsupported_media_type")


def test_gzip_is_read(aijan: Phone) -> None:
    assert aijan.post(aijan.envelope(aijan.filed()), zipped=True).json()["results"][0]["status"] == "applied"


@pytest.mark.parametrize("bearer", ["x", "Bearer", "Bearer x", "Basic abc", "Bearer " + "a" * 44, "Bearer " + "ф" * 43])
def test_a_malformed_bearer_is_401(db: None, bearer: str) -> None:
    response = send(json.dumps(GOOD).encode(), authorization=bearer)
    is_problem(response, 401, "bearer_malformed")
    assert not Profile.objects.exists()


def test_a_revoked_bearer_is_401(aijan: Phone) -> None:
    aijan.sync()
    Profile.objects.update(revoked_at="2026-11-01T00:00:00Z")
    is_problem(aijan.post(), 401, "bearer_revoked")


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/", "/api/v1/sync/", "/api/v1/media/not-an-id/image"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_address_is_a_problem_too(db: None, path: str, method: str) -> None:
    is_problem(getattr(Client(), method)(path), 404, "not_found")


def test_another_method_is_a_problem_too(db: None) -> None:
    is_problem(Client().get("/api/v1/sync"), 405, "method_not_allowed")


def test_text_that_is_not_base64_is_kept_and_answered(aijan: Phone) -> None:
    body = json.dumps(GOOD | {"envelopes": ["!!!"]}).encode()
    response = send(body, authorization=aijan.bearer)
    assert response.json()["results"][0]["status"] == "rejected"
    assert bytes(Quarantined.objects.get().raw or b"") == b"!!!"


def test_when_the_database_is_away_the_phone_comes_again_later(aijan: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(ledger, "_accept_opened", away)
    response = aijan.post(aijan.envelope(aijan.filed()))
    is_problem(response, 503, "unavailable")
    assert response["Retry-After"]


def test_a_fault_of_ours_leaves_the_envelope_unacknowledged_and_the_rest_goes_on(
    aijan: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = operations.carry_out
    bad = aijan.filed({"text": "bad"})

    def faulty(content: dict[str, Any], author: Any) -> None:
        if content["op_id"] == bad["op_id"]:
            raise ZeroDivisionError
        real(content, author)

    monkeypatch.setattr(ledger, "carry_out", faulty)
    reply = aijan.sync(bad, aijan.filed())
    assert [result["status"] for result in reply["results"]] == ["applied"]
    monkeypatch.undo()
    assert aijan.sync(bad)["results"][0]["status"] == "applied"


ANSWERED = ("text/plain", "application/problem+json", "image/jpeg", "audio/mp4", "text/html;q=0.9, */*;q=0", "rubbish")


@pytest.mark.parametrize("accept", ANSWERED)
def test_every_address_answers_in_its_own_way_whatever_is_wished_for(aijan: Phone, accept: str) -> None:
    described = Client().get("/api/v1/schema", headers={"accept": accept})
    assert described.status_code == 200
    asked = [(path, method) for path, methods in described.json()["paths"].items() for method in methods]
    assert len(asked) > 10
    for path, method in [*asked, ("/api/v1/nothing", "get"), ("/api/v1/schema?format=xml", "get")]:
        address = re.sub(r"\{\w+\}", str(uuid.uuid4()), path)
        plain = aijan.client.generic(method.upper(), address, headers={"authorization": aijan.bearer})
        wished = aijan.client.generic(
            method.upper(), address, headers={"authorization": aijan.bearer, "accept": accept}
        )
        assert wished.status_code == plain.status_code != 406, address
        assert wished.headers.get("Content-Type") == plain.headers.get("Content-Type"), address


LOGIN = {"username": "dilnoza", "password": "a guess"}


@pytest.mark.parametrize(
    "body",
    [
        b'{"username": "\\ud800", "password": "a guess"}',
        b'{"username": "dilnoza", "password": "\\ud800"}',
        b'{"username": "dilnoza", "password": "a guess", "\\udfff": 1}',
        b"[" * 5000,
        b'{"username":' * 1300,
        b'{"username": ' + b"[" * 960 + b"]" * 960 + b"}",
        b'{"username": ' + b"1" * 5000 + b"}",
        b'{"username": ' + b"1" * 4000 + b"}",
        json.dumps(LOGIN | {"username": "a" * 151}).encode(),
        json.dumps(LOGIN | {"username": {"a": "a" * 300}}).encode(),
        json.dumps(LOGIN | {"password": ["a guess"]}).encode(),
        json.dumps([LOGIN]).encode(),
        json.dumps(LOGIN).encode("utf-16"),
        b"null",
        b"\xff",
        b"{",
    ],
)
@pytest.mark.parametrize("address", ["auth/login", "auth/2fa/authenticate", "auth/session"])
def test_what_allauth_would_fall_over_is_one_clear_answer(cast: People, address: str, body: bytes) -> None:
    client = Client(raise_request_exception=False)
    is_problem(client.post(f"/_allauth/app/v1/{address}", body, content_type="application/json"), 400, "malformed")


@pytest.mark.parametrize("size", [16_385, 3_000_000])
def test_more_than_a_login_needs_is_too_large(db: None, size: int) -> None:
    client = Client(raise_request_exception=False)
    is_problem(
        client.post("/_allauth/app/v1/auth/login", b" " * size, content_type="application/json"), 413, "too_large"
    )


@pytest.mark.parametrize("username", ["a" * 150, "Дилноза", "half a 😀 is two"])
def test_a_wrong_name_is_still_allauth_s_to_refuse(cast: People, username: str) -> None:
    body = json.dumps(LOGIN | {"username": username}).encode()
    response = Client().post("/_allauth/app/v1/auth/login", body, content_type="application/json")
    assert response.status_code == 400
    assert response.json()["errors"]
