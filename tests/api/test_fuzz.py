"""Whatever is sent to the API, in the shapes that its own description names or not: never a 5xx, and every refusal one problem."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode, SerializationContext
from schemathesis.core.result import Ok

from deploy.wsgi import application
from tests.phones import Phone


@schemathesis.serializer("application/offset+octet-stream")
def _chunk(_context: SerializationContext, value: Any) -> bytes:
    """A chunk's bytes, or whatever else was made up instead of them."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


API = schemathesis.openapi.from_wsgi("/api/v1/schema", application)
OPERATIONS = {one.ok().label: one.ok() for one in API.get_all_operations() if isinstance(one, Ok)}
"""By method and path, asked in this process as a web server would."""


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """A web server looks after its connections between requests; a test's is in a transaction, and would be taken for a broken one."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("label", OPERATIONS)
def test_nothing_that_is_sent_makes_the_server_fail(label: str, aijan: Phone) -> None:
    described, wrong = (OPERATIONS[label].as_strategy(mode) for mode in GenerationMode)

    @settings(
        max_examples=60,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(case=described | wrong, known=st.booleans())
    def send(case: "Case[Any]", known: bool) -> None:
        check(case, case.call(headers={"Authorization": aijan.bearer} if known else {}))

    send()


def check(case: "Case[Any]", response: Any) -> None:
    said = f"{case.method} {case.formatted_path}: {response.status_code} {response.content[:300]!r}"
    assert response.status_code < 500, said
    if response.status_code >= 400:
        assert response.headers["content-type"] == ["application/problem+json"], said
        if case.method != "HEAD":
            assert set(response.json()) == {"type", "title", "status", "detail", "code"}, said
