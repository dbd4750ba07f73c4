"""One neutral line back, and not without end: so many a number and day. The number itself is kept nowhere."""

import hmac
import os
from datetime import date, datetime

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext

from reporting import events
from reporting.cases.deadlines import BISHKEK
from reporting.gateways import signing
from reporting.gateways.models import DayKey, Replies
from reporting.sync.partials import Taken

NOT_READ = "ARYK: ?"


def reply_to(*, number: str, taken: Taken | None, at: datetime) -> str | None:
    """What to answer, at most 70 letters; None when the number has had its replies for today.

    What no office has got is not called good, in the language of the report: its sender must know that another road is needed.
    """
    if not _may_reply(number, day=at.astimezone(BISHKEK).date()):
        return None
    return NOT_READ if taken is None else f"ARYK {taken.receipt[-4:]}: {_state(taken)}"


def _state(taken: Taken) -> str:
    if not taken.aside:
        return "OK"
    with translation.override(taken.language):
        return gettext("not delivered")


def forget(*, at: datetime) -> None:
    """Drop what is not of today, the key that it was hashed with, and nonces that are of no use any more."""
    with events.unit_of_work():
        signing.forget(at=at)
        _forget_before(at.astimezone(BISHKEK).date())


def _forget_before(day: date) -> None:
    Replies.objects.filter(day__lt=day).delete()
    DayKey.objects.filter(day__lt=day).delete()


def _may_reply(number: str, *, day: date) -> bool:
    with events.unit_of_work(), connection.cursor() as cursor:
        _forget_before(day)
        cursor.execute(
            "INSERT INTO reporting_replies (number, day, count) VALUES (%s, %s, 1) ON CONFLICT (number) "
            "DO UPDATE SET count = reporting_replies.count + 1 WHERE reporting_replies.count < %s",
            [_hashed(number, day), day, settings.SMS_REPLIES_PER_DAY],
        )
        return bool(cursor.rowcount == 1)


def _hashed(number: str, day: date) -> bytes:
    """Nothing by day's end: SECRET_KEY alone does not give it."""
    of_the_day, _ = DayKey.objects.get_or_create(day=day, defaults={"key": os.urandom(32)})
    return hmac.digest(
        settings.SECRET_KEY.encode() + bytes(of_the_day.key), f"sms replies\n{number}".encode(), "sha256"
    )
