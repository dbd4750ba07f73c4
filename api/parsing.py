"""Reading a body of bounded size, plain or gzip, as JSON."""

import json
import zlib
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser


class TooLarge(APIException):
    """More bytes than this address takes."""

    status_code = 413
    default_code = "too_large"
    default_detail = "The body is too large. Send fewer operations at a time."


class BoundedJSONParser(BaseParser):
    """`application/json` of at most `SYNC_MAX_BYTES`, as sent and as inflated."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises ParseError (400), TooLarge (413), UnsupportedMediaType (415)."""
        headers = (parser_context or {})["request"].headers
        body = bounded(stream.read(settings.SYNC_MAX_BYTES + 1))
        encoding = headers.get("Content-Encoding", "identity").lower()
        if encoding == "gzip":
            body = _inflated(body)
        elif encoding != "identity":
            raise UnsupportedMediaType(encoding, "A body may be plain or gzip.")
        try:
            return json.loads(body.decode("utf-8"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise ParseError("The body is not JSON.") from None


class BytesParser(BaseParser):
    """A body of at most `most` bytes, as it came."""

    most: int
    too_large: str

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The bytes. Raises TooLarge."""
        body: bytes = stream.read(self.most + 1)
        if len(body) > self.most:
            raise TooLarge(self.too_large)
        return body


def bounded(body: bytes) -> bytes:
    """The body, unless it is longer than `SYNC_MAX_BYTES`."""
    if len(body) > settings.SYNC_MAX_BYTES:
        raise TooLarge
    return body


def _inflated(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        plain = bounded(inflater.decompress(body, settings.SYNC_MAX_BYTES + 1))
    except zlib.error:
        raise ParseError("The body is not gzip.") from None
    if not inflater.eof:
        raise ParseError("The body ends too early.")
    return plain


def _refuse(constant: str) -> None:
    raise ValueError(constant)
