"""Parts of an SMS put together, in whatever order and however often they come; one whose others never come is shown to a person."""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from reporting import events
from reporting.errors import Later, Rejected
from reporting.gateways.models import Part
from reporting.sync import partials

MOST_PARTS = 4
MOST_WAITING = 10_000
WAITS_FOR = timedelta(days=3)


def message_of(*, gateway: str, number: str, ref: int) -> bytes:
    """What the parts of one message have in common; the number cannot be read from it."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"sms part\n{gateway}\n{number}\n{ref}".encode(), "sha256")


def put_together(*, message: bytes, number: int, of: int, text: str, at: datetime) -> str | None:
    """The whole message once its parts are here, until it is `dealt_with`; None while one is missing and for a late double.

    Raises Later when too many parts wait.
    """
    with events.unit_of_work():
        events.alone(message)
        kept = _kept(message)
        if any(part.of != of or (part.number == number and bytes(part.digest) != _digest(text)) for part in kept):
            # The phone counts its references anew after 256 messages: this is another one.
            kept = _set_aside(kept, at=at)
        if all(part.number != number for part in kept):
            kept.append(_keep(message, number=number, of=of, text=text, at=at))
        whole = len(kept) == of and kept[0].text
        return "".join(part.text for part in sorted(kept, key=lambda part: part.number)) if whole else None


def dealt_with(message: bytes) -> None:
    """The whole message is safe elsewhere: its words leave, its digests stay a while, so that a late double is known."""
    with events.unit_of_work():
        Part.objects.filter(message=message).update(text="")


def expire(*, at: datetime) -> None:
    """What waited in vain goes to quarantine; what was put together is forgotten."""
    while True:
        with events.unit_of_work():
            oldest = Part.objects.filter(at__lt=at - WAITS_FOR).order_by("at").first()
            if oldest is None:
                return
            events.alone(bytes(oldest.message))
            _set_aside(_kept(bytes(oldest.message)), at=at)


def _kept(message: bytes) -> list[Part]:
    return list(Part.objects.filter(message=message).order_by("number"))


def _keep(message: bytes, *, number: int, of: int, text: str, at: datetime) -> Part:
    if Part.objects.exclude(text="").count() >= MOST_WAITING:
        raise Later("Too many parts of SMS wait for their others.")
    return Part.objects.create(message=message, number=number, of=of, digest=_digest(text), text=text, at=at)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _set_aside(kept: list[Part], *, at: datetime) -> list[Part]:
    """In the open unit. Gives the parts that are left: none."""
    if kept and kept[0].text:
        detail = f"{len(kept)} of {kept[0].of} parts of an SMS came; the phone still has the whole report."
        raw = "\n".join(f"{part.number}/{part.of} {part.text}" for part in kept).encode()
        partials.keep_aside(raw, Rejected("incomplete", detail), at=at)
    Part.objects.filter(pk__in=[part.pk for part in kept]).delete()
    return []
