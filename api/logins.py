"""What is sent to allauth's addresses is looked at before allauth, which takes any JSON that Python can read and falls over some."""

import json
from collections.abc import Callable

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.exceptions import APIException, ParseError

from api.parsing import TooLarge
from api.problems import answer_to

PREFIX = "/_allauth/"
MOST_BYTES = 16_384
MOST_OF_A_NAME = 150
"""The most that an account's may have, and less than what the counters of wrong logins take."""


def refuse_what_fits_no_form(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Before anything is asked of a table, counted or compared."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        fault = _fault(request) if request.path.startswith(PREFIX) else None
        return get_response(request) if fault is None else answer_to(fault)

    return answer


def _fault(request: HttpRequest) -> APIException | None:
    try:
        body = request.body
    except RequestDataTooBig:
        return TooLarge("The body is too large.")
    if len(body) > MOST_BYTES:
        return TooLarge("The body is too large.")
    if body and not _is_a_form(body):
        detail = (
            f"Send a JSON object of texts, numbers, true and false; a username of at most {MOST_OF_A_NAME} characters."
        )
        return ParseError(detail)
    return None


def _is_a_form(body: bytes) -> bool:
    try:
        said = json.loads(body.decode("utf-8"))
        json.dumps(said, ensure_ascii=False).encode("utf-8")  # half a letter: no table and no hash takes it
    except (ValueError, RecursionError):
        return False
    if not isinstance(said, dict) or any(isinstance(value, dict | list) for value in said.values()):
        return False
    return len(str(said.get("username", ""))) <= MOST_OF_A_NAME
