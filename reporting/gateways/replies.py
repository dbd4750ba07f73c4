"""One neutral line back, and not without end: so many a number and day. The number itself is kept nowhere."""

import hmac
from datetime import date, datetime

from django.conf import settings
from django.db import connection

from reporting import events
from reporting.cases.deadlines import BISHKEK
from reporting.gateways.models import Replies

NOT_READ = "ARYK: ?"


def reply_to(*, number: str, receipt: str | None, at: datetime) -> str | None:
    """What to answer, the same in every language; None when the number has had its replies for today."""
    if not _may_reply(number, day=at.astimezone(BISHKEK).date()):
        return None
    return NOT_READ if receipt is None else f"ARYK {receipt[-4:]}: OK"


def forget(*, at: datetime) -> None:
    """Drop what is not of today."""
    with events.unit_of_work():
        Replies.objects.filter(day__lt=at.astimezone(BISHKEK).date()).delete()


def _may_reply(number: str, *, day: date) -> bool:
    hashed = hmac.digest(settings.SECRET_KEY.encode(), f"sms replies\n{day}\n{number}".encode(), "sha256")
    with events.unit_of_work(), connection.cursor() as cursor:
        Replies.objects.filter(day__lt=day).delete()
        cursor.execute(
            "INSERT INTO reporting_replies (day, number, count) VALUES (%s, %s, 1) ON CONFLICT (day, number) "
            "DO UPDATE SET count = reporting_replies.count + 1 WHERE reporting_replies.count < %s",
            [day, hashed, settings.SMS_REPLIES_PER_DAY],
        )
        return bool(cursor.rowcount == 1)
