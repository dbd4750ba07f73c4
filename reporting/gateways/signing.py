"""Who speaks for an SMS gateway: HMAC-SHA256 over its name, the time, a nonce and the body, with the gateway's secret."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from reporting import events
from reporting.errors import NotAllowed
from reporting.gateways.models import Nonce

WINDOW = timedelta(minutes=5)


def sign(secret: str, *, gateway: str, timestamp: str, nonce: str, body: bytes) -> str:
    """Lower-case hex of the signature."""
    head = f"{gateway}\n{timestamp}\n{nonce}\n".encode()
    return hmac.new(secret.encode(), head + body, hashlib.sha256).hexdigest()


def check(*, gateway: str, timestamp: str, nonce: str, signature: str, body: bytes, at: datetime) -> None:
    """Raises NotAllowed when the request is not a known gateway's, not of now, or was answered before."""
    secret = settings.SMS_GATEWAYS.get(gateway, "")
    wanted = sign(secret, gateway=gateway, timestamp=timestamp, nonce=nonce, body=body)
    if not secret or not hmac.compare_digest(wanted.encode(), signature.encode("utf-8", "replace")):
        raise NotAllowed("The signature is not that of a gateway known here.")
    if not re.fullmatch(r"[0-9]{1,11}", timestamp) or abs(at.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise NotAllowed("The time of the request is more than five minutes away.")
    if not re.fullmatch(r"[A-Za-z0-9_-]{16,64}", nonce) or not _is_new(gateway, nonce, at):
        raise NotAllowed("The nonce is malformed or was used before.")


def forget(*, at: datetime) -> None:
    """Drop the nonces of requests that could not come again, in the open unit: they say when SMS came."""
    Nonce.objects.filter(at__lt=at - 2 * WINDOW).delete()


def _is_new(gateway: str, nonce: str, at: datetime) -> bool:
    with events.unit_of_work(), connection.cursor() as cursor:
        forget(at=at)
        cursor.execute(
            "INSERT INTO reporting_nonce (gateway, nonce, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [gateway, nonce, at],
        )
        return bool(cursor.rowcount == 1)
