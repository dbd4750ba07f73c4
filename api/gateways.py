"""The door for SMS gateways. See docs/sync.md."""

import json
from datetime import datetime
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.parsing import BytesParser
from reporting.errors import NotAllowed
from reporting.gateways import parts, signing
from reporting.gateways.replies import reply_to
from reporting.sync import partials


class Refused(APIException):
    """Not signed by a gateway that this server knows."""

    status_code = 401
    default_code = "gateway_refused"


class SignedParser(BytesParser):
    """The body as it was signed."""

    media_type = "application/json"
    most = 4096
    too_large = "An SMS is shorter than this."


class SmsShape(serializers.Serializer[Any]):
    """One SMS, or one part of it."""

    number = serializers.RegexField(r"^\+?[0-9]{3,15}$")
    text = serializers.CharField(max_length=320, trim_whitespace=False)
    ref = serializers.IntegerField(min_value=0, max_value=65_535, required=False)
    part = serializers.IntegerField(min_value=1, max_value=parts.MOST_PARTS, default=1)
    parts = serializers.IntegerField(min_value=1, max_value=parts.MOST_PARTS, default=1)

    def validate_number(self, number: str) -> str:
        """One sender is one, with the plus or without."""
        return number.removeprefix("+")

    def validate(self, sms: dict[str, Any]) -> dict[str, Any]:
        """A part says which message it is a part of."""
        if sms["part"] > sms["parts"] or (sms["parts"] > 1 and "ref" not in sms):
            raise serializers.ValidationError({"part": "must be one of parts, with a ref"})
        return sms


class Replied(serializers.Serializer[Any]):
    """What the gateway is to send back, if anything."""

    reply = serializers.CharField(allow_null=True)


class Sms(APIView):
    """An SMS that came to the number of this server."""

    authentication_classes = ()
    parser_classes = (SignedParser,)

    @extend_schema(request=SmsShape, responses=Replied, operation_id="sms")
    def post(self, request: Request) -> Response:
        """Take it in; the answer is one neutral line for the sender, or none."""
        body: Any = request.data
        body = body if isinstance(body, bytes) else b""
        at = timezone.now()
        gateway = _gateway(request, body)
        sms = _sms(body)
        if sms["parts"] == 1:
            return Response({"reply": _take(sms, sms["text"], at)})
        whole = parts.put_together(_piece(sms, gateway), at=at)
        reply = None
        if whole is not None:
            reply = _take(sms, whole.text, at)
            parts.dealt_with(whole, at=at)
        return Response({"reply": reply})


def _take(sms: dict[str, Any], text: str, at: datetime) -> str | None:
    taken = partials.accept(text, at=at)
    return reply_to(number=sms["number"], taken=taken, at=at)


def _piece(sms: dict[str, Any], gateway: str) -> parts.Piece:
    place = {"ref": sms["ref"], "number": sms["part"], "of": sms["parts"]}
    return parts.Piece(gateway=gateway, sender=sms["number"], text=sms["text"], **place)


def _gateway(request: Request, body: bytes) -> str:
    said = {name: request.headers.get(f"Aryk-{name}", "") for name in ("Gateway", "Timestamp", "Nonce", "Signature")}
    try:
        signing.check(**{name.lower(): value for name, value in said.items()}, body=body, at=timezone.now())
    except NotAllowed as refusal:
        raise Refused(str(refusal)) from None
    return said["Gateway"]


def _sms(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ParseError("The body is not JSON.") from None
    if not isinstance(value, dict):
        raise ParseError("The body must be an object.")
    asked = SmsShape(data=value)
    asked.is_valid(raise_exception=True)
    sms: dict[str, Any] = asked.validated_data
    return sms
