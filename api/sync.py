"""The one endpoint phones talk to: operations in, results and changes out, in one round trip. See docs/sync.md."""

from typing import Any

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.bearer import profile_of
from api.problems import problem
from reporting.events import feed
from reporting.people.models import Profile
from reporting.people.tokens import from_base64url
from reporting.sync import ledger
from reporting.sync.opening import digest_of
from reporting.sync.pull import Pulled, pull

PROTO = 1
MAX_ENVELOPES = 100
OUTDATED = f"This server speaks version {PROTO} of the protocol. Update the app; nothing on the phone is lost."


class SyncRequest(serializers.Serializer[Any]):
    """What a phone sends."""

    proto = serializers.ChoiceField(choices=[PROTO])
    cursor = serializers.CharField(allow_null=True, max_length=20_000)
    most = serializers.IntegerField(min_value=1, max_value=1000, required=False)
    envelopes = serializers.ListField(
        child=serializers.CharField(trim_whitespace=False, allow_blank=True), max_length=MAX_ENVELOPES
    )


class ResultShape(serializers.Serializer[Any]):
    """What became of one envelope."""

    digest = serializers.CharField()
    status = serializers.ChoiceField(
        choices=["applied", "duplicate", "waiting", "conflict", "rejected", "accepted", "try_again"]
    )
    op_id = serializers.UUIDField(required=False)
    code = serializers.CharField(required=False, allow_null=True)
    detail = serializers.CharField(required=False, allow_null=True)


class ChangeShape(serializers.Serializer[Any]):
    """One entity as the profile may see it now."""

    entity = serializers.ChoiceField(choices=["report", "case"])
    id = serializers.UUIDField()
    version = serializers.IntegerField()
    data = serializers.DictField(allow_null=True)  # type: ignore[assignment]


class SyncReply(serializers.Serializer[Any]):
    """What the server answers."""

    proto = serializers.IntegerField()
    server_time_ms = serializers.IntegerField()
    epoch = serializers.CharField()
    cursor = serializers.CharField(allow_null=True)
    more = serializers.BooleanField()
    results = ResultShape(many=True)
    changes = ChangeShape(many=True)


@method_decorator(gzip_page, name="dispatch")
class Sync(APIView):
    """Push and pull."""

    @extend_schema(request=SyncRequest, responses=SyncReply, operation_id="sync")
    def post(self, request: Request) -> Response:
        """Take envelopes in, then give what changed."""
        asked = SyncRequest(data=request.data)
        if _other_proto(request.data):
            return problem(status=400, detail=OUTDATED, code="unknown_proto")
        asked.is_valid(raise_exception=True)
        profile = profile_of(request)
        at = timezone.now()
        envelopes = [_envelope(text) for text in asked.validated_data["envelopes"]]
        taken = zip(envelopes, ledger.accept_all(envelopes, reader=profile, at=at), strict=True)
        shown = [_shown(result, envelope, profile) for envelope, result in taken]
        if profile:
            cursor, most = asked.validated_data["cursor"], asked.validated_data.get("most")
            pulled = pull(profile=profile, cursor=cursor, most=most, at=at)
        else:
            pulled = Pulled([], None, more=False, epoch=feed.epoch())
        return Response(
            {
                "proto": PROTO,
                "server_time_ms": int(timezone.now().timestamp() * 1000),
                "epoch": pulled.epoch,
                "cursor": pulled.cursor,
                "more": pulled.more,
                "results": [result for result in shown if result],
                "changes": pulled.changes,
            }
        )


def _other_proto(data: Any) -> bool:
    """Decided before anything else of it is read: another version may have other fields."""
    proto = data.get("proto") if isinstance(data, dict) else None
    return type(proto) is int and proto != PROTO


def _envelope(text: str) -> bytes:
    """What is not base64url is kept as it came: it will be found unreadable and put in quarantine."""
    envelope = from_base64url(text)
    return text.encode("utf-8", "surrogatepass") if envelope is None else envelope


def _shown(result: ledger.Result | None, envelope: bytes, profile: Profile | None) -> dict[str, Any] | None:
    """Everything to the profile whose it is; to a carrier *accepted* or *try again*. None: missing, that is unacknowledged."""
    if result is None or (profile is None and not result.kept):
        return None if profile else {"digest": digest_of(envelope).hex(), "status": "try_again"}
    if profile is None or result.read_hash not in (b"", bytes(profile.read_hash)):
        return {"digest": result.digest.hex(), "status": "accepted"}
    return {
        "digest": result.digest.hex(),
        "status": result.status,
        "op_id": str(result.op_id) if result.op_id else None,
        "code": result.code or None,
        "detail": result.detail or None,
    }
