"""Every error as one shape: RFC 9457 problem details."""

import traceback
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, JsonResponse
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from reporting.errors import BadUpload, Later, NotAllowed, Unavailable

log = structlog.get_logger(__name__)

CODES = {
    400: "malformed",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    429: "later",
    503: "unavailable",
}

PROBLEM = "application/problem+json"
CHECKSUM_MISMATCH = 460
"""tus's own."""
UPLOADS = {
    BadUpload.Why.UNKNOWN: HTTPStatus.NOT_FOUND,
    BadUpload.Why.ELSEWHERE: HTTPStatus.CONFLICT,
    BadUpload.Why.OTHER_VERSION: HTTPStatus.PRECONDITION_FAILED,
    BadUpload.Why.TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadUpload.Why.FLOOD: HTTPStatus.TOO_MANY_REQUESTS,
    BadUpload.Why.CHANGED: CHECKSUM_MISMATCH,
}


def render(error: Exception, _context: dict[str, Any]) -> Response:
    """The answer to an error raised in a view. What nobody foresaw is 500, logged by type and place, never by content."""
    if isinstance(error, APIException):
        return _refused(error)
    if isinstance(error, BadUpload):
        return _bad_upload(error)
    if isinstance(error, Later):
        return problem(status=429, detail=str(error), code="later", headers={"Retry-After": str(error.seconds)})
    if isinstance(error, Http404):
        return problem(status=404, detail="There is nothing here.", code="not_found")
    if isinstance(error, NotAllowed | PermissionDenied):
        return problem(status=403, detail=str(error) or "This is not allowed.", code="not_allowed")
    _log(error)
    if isinstance(error, DatabaseError | Unavailable):
        detail = "The server cannot keep anything at this moment. Try again later."
        return problem(status=503, detail=detail, code="unavailable", headers={"Retry-After": "30"})
    return problem(status=500, detail="Something went wrong on the server. Nothing on the phone is lost.", code="fault")


def _refused(error: APIException) -> Response:
    headers = {"WWW-Authenticate": "Bearer"} if error.status_code == HTTPStatus.UNAUTHORIZED else {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return problem(status=error.status_code, detail=_sentence(error), code=_code(error), headers=headers)


def _bad_upload(error: BadUpload) -> Response:
    headers = {} if error.offset is None else {"Upload-Offset": str(error.offset)}
    status = int(UPLOADS[error.why])
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        headers["Retry-After"] = "60"
    return problem(status=status, detail=str(error), code=CODES.get(status, "upload"), headers=headers)


def problem(*, status: int, detail: str, code: str, headers: dict[str, str] | None = None) -> Response:
    """One problem-details answer."""
    body = {"type": "about:blank", "title": _title(status), "status": status, "detail": detail, "code": code}
    return Response(body, status=status, headers=headers, content_type=PROBLEM)


def answer_to(error: Exception) -> JsonResponse:
    """As `render`, where no view answers."""
    said = render(error, {})
    return JsonResponse(said.data, status=said.status_code, content_type=PROBLEM)


class Nothing(APIView):
    """Any other address under the API."""

    schema = None

    def dispatch(self, request: Any, *_args: Any, **_kwargs: Any) -> Any:
        """404, whatever the method and body."""
        self.headers: dict[str, str] = {}
        wrapped: Request = self.initialize_request(request)
        response = render(NotFound("There is nothing here."), {})
        return self.finalize_response(wrapped, response)


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Checksum mismatch" if status == CHECKSUM_MISMATCH else "Error"


def _code(error: APIException) -> str:
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        codes = error.get_codes()
        return codes if isinstance(codes, str) else "bearer_malformed"
    return CODES.get(error.status_code, error.default_code)


def _sentence(error: APIException) -> str:
    if isinstance(error, ValidationError) and isinstance(error.detail, dict):
        if "non_field_errors" in error.detail:
            return "The body must be an object."
        return "Wrong or missing: " + ", ".join(sorted(str(name) for name in error.detail)) + "."
    return str(error.detail)


def _log(error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    log.error("request_failed", error=type(error).__name__, where=where)
