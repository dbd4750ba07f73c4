"""Photos and recordings in resumable chunks: tus 1.0.0, core, creation and checksum. See docs/sync.md."""

import base64
import binascii
import hashlib
import hmac
import re
import uuid
from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import MethodNotAllowed, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.bearer import profile_of
from api.parsing import BytesParser
from reporting import events
from reporting.errors import BadUpload
from reporting.media import uploads
from reporting.media.models import Medium

VERSION = "1.0.0"
OURS = ("id", "sha256", "mime")
MOST_METADATA = 8_000
"""What a web server lets through of one header."""


def _header(name: str, kind: Any, *, required: bool = True, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=required, **more)


TUS = _header("Tus-Resumable", OpenApiTypes.STR, enum=[VERSION])
CHECKSUMS = {"sha1": hashlib.sha1, "sha256": hashlib.sha256}


class ChunkParser(BytesParser):
    """At most one chunk."""

    media_type = "application/offset+octet-stream"
    most = uploads.CHUNK_MAX_BYTES
    too_large = f"Send at most {uploads.CHUNK_MAX_BYTES} bytes at a time."


class AnyParser(BaseParser):
    """A body that is not looked at."""

    media_type = "*/*"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Nothing."""
        return {}


class TusView(APIView):
    """Adds the headers every tus answer has."""

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The version, and never a cached answer."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Tus-Resumable"], final["Cache-Control"] = VERSION, "no-store"
        if request.method == "HEAD":  # a refusal too says what it says in its headers
            final.data = None
        return final

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Another version of tus is refused as the protocol says."""
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise BadUpload("Tus-Resumable must be 1.0.0.", why=BadUpload.Why.OTHER_VERSION)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """What is spoken here."""
        headers = {
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,checksum",
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
            "Tus-Max-Size": str(settings.MEDIUM_MAX_BYTES),
        }
        return Response(status=204, headers=headers)


class Uploads(TusView):
    """Announcing a medium."""

    parser_classes = (AnyParser,)

    @extend_schema(
        parameters=[TUS, _header("Upload-Length", OpenApiTypes.INT), _header("Upload-Metadata", OpenApiTypes.STR)],
        request=None,
        responses={201: None, 200: None},
        operation_id="announce_medium",
    )
    def post(self, request: Request) -> Response:
        """Twice is one upload: 201 the first time, then 200 with the offset."""
        metadata = _metadata(request.headers.get("Upload-Metadata", ""))
        with events.unit_of_work():
            medium, is_new = uploads.create(
                medium_id=_uuid(metadata.get("id", "")),
                size=_number(request, "Upload-Length", least=1),
                sha256=_digest(metadata.get("sha256", "")),
                mime=metadata.get("mime", ""),
                profile=profile_of(request),
                at=timezone.now(),
            )
        headers = {"Location": f"/api/v1/media/{medium.pk}", **_standing(medium, request)}
        return Response(status=201 if is_new else 200, headers=headers)


class Upload(TusView):
    """One medium's bytes."""

    parser_classes = (ChunkParser,)

    def perform_authentication(self, request: Request) -> None:
        """After a chunk is here: who sends it slowly holds no connection to the database meanwhile."""
        if _is_chunk(request):
            _ = request.data
        super().perform_authentication(request)

    @extend_schema(parameters=[TUS], responses={200: None}, operation_id="medium_offset")
    def head(self, request: Request, medium_id: uuid.UUID) -> Response:
        """Where the upload stands."""
        return Response(status=200, headers=_standing(uploads.find(medium_id), request))

    @extend_schema(
        parameters=[
            TUS,
            _header("Upload-Offset", OpenApiTypes.INT),
            _header("Upload-Checksum", OpenApiTypes.STR, required=False),
        ],
        request={"application/offset+octet-stream": OpenApiTypes.BINARY},
        responses={204: None},
        operation_id="append_to_medium",
    )
    def patch(self, request: Request, medium_id: uuid.UUID) -> Response:
        """Add bytes at `Upload-Offset`."""
        offset = _number(request, "Upload-Offset", least=0)
        if request.content_type != ChunkParser.media_type:
            raise UnsupportedMediaType(request.content_type or "nothing")
        body: Any = request.data
        chunk = body if isinstance(body, bytes) else b""
        _check(request.headers.get("Upload-Checksum"), chunk)
        with events.unit_of_work():
            medium, intact = uploads.append(
                medium_id=medium_id, offset=offset, chunk=chunk, profile=profile_of(request), at=timezone.now()
            )
        if not intact:
            raise BadUpload("The bytes are not those announced; start again.", why=BadUpload.Why.CHANGED, offset=0)
        return Response(status=204, headers=_standing(medium, request))

    @extend_schema(exclude=True)
    def post(self, request: Request, medium_id: uuid.UUID) -> Response:
        """A PATCH, for whoever stands behind something that lets no PATCH through: the protocol asks for it."""
        if not _is_chunk(request):
            raise MethodNotAllowed("POST")
        return self.patch(request, medium_id)


def _is_chunk(request: Request) -> bool:
    return "PATCH" in (request.method, request.headers.get("X-HTTP-Method-Override"))


def _check(checksum: str | None, chunk: bytes) -> None:
    """`algorithm base64` of this chunk; a chunk that differs is not taken. Raises ParseError, BadUpload."""
    if checksum is None:
        return
    algorithm, _, text = checksum.partition(" ")
    if algorithm not in CHECKSUMS:
        raise ParseError(f"Upload-Checksum may be one of: {', '.join(CHECKSUMS)}.")
    try:
        said = base64.b64decode(text, validate=True)
    except ValueError:
        raise ParseError("Upload-Checksum must be an algorithm and a base64 value.") from None
    if not hmac.compare_digest(said, CHECKSUMS[algorithm](chunk).digest()):
        raise BadUpload("The chunk was changed on its way; send it again.", why=BadUpload.Why.CHANGED)


def _standing(medium: Medium, request: Request) -> dict[str, str]:
    return {
        "Upload-Offset": str(uploads.offset_for(medium, profile_of(request))),
        "Upload-Length": str(medium.size),
        "Aryk-Medium-State": uploads.standing(medium),
    }


def _metadata(header: str) -> dict[str, str]:
    """Ours of `name base64,name base64`, wherever they stand among others'; raises ParseError."""
    pairs = {}
    for item in header[:MOST_METADATA].split(","):
        name, _, value = item.strip().partition(" ")
        if name in OURS:
            try:
                pairs[name] = base64.b64decode(value, validate=True).decode("utf-8")
            except (binascii.Error, UnicodeDecodeError):
                raise ParseError("Upload-Metadata must be names with base64 values.") from None
            if not re.fullmatch(r"[ -~]*", pairs[name]):
                raise ParseError(f"Upload-Metadata's {name} must be printable ASCII.")
    return pairs


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise ParseError("Upload-Metadata must hold an id (a UUID).") from None


def _digest(text: str) -> bytes:
    if not re.fullmatch(r"[0-9a-f]{64}", text):
        raise ParseError("Upload-Metadata must hold the SHA-256 in hex.")
    return bytes.fromhex(text)


def _number(request: Request, header: str, *, least: int) -> int:
    text = request.headers.get(header, "")
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) < least:
        raise ParseError(f"{header} must be a whole number of at least {least}.")
    return int(text)
