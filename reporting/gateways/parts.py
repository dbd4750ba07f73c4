"""Parts of an SMS put together, in whatever order and however often they come; one whose others never come is shown to a person."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db.models import QuerySet

from reporting import events
from reporting.cases.deadlines import BISHKEK
from reporting.errors import Later, Rejected
from reporting.gateways.models import Part, Seen
from reporting.sync import partials
from reporting.sync.limits import refuse_rubbish

log = structlog.get_logger(__name__)

MOST_PARTS = 4
MOST_WAITING = 10_000
"""Parts whose others may still come. Above it the oldest message is set aside: who sends many that never become whole keeps nobody out."""
WAITS_FOR = timedelta(days=3)


@dataclass(frozen=True)
class Piece:
    """One part as it came: the `number`-th `of` so many, of the sender's message `ref`."""

    gateway: str
    sender: str
    ref: int
    number: int
    of: int
    text: str

    @property
    def message(self) -> bytes:
        """What the parts of one message have in common; the sender's number cannot be read from it."""
        named = f"sms part\n{self.gateway}\n{self.sender}\n{self.ref}".encode()
        return hmac.digest(settings.SECRET_KEY.encode(), named, "sha256")

    @property
    def digest(self) -> bytes:
        """What a double of it has too, whoever sends it: two phones do not seal to the same text."""
        return hashlib.sha256(f"{self.gateway}\n{self.ref}\n{self.number}\n{self.of}\n{self.text}".encode()).digest()


@dataclass(frozen=True)
class Whole:
    """A message whose parts are all here."""

    text: str
    parts: tuple[Part, ...]


def put_together(piece: Piece, *, at: datetime) -> Whole | None:
    """The whole message once its parts are here, until it is `dealt_with`; None while one is missing and for a late double."""
    whole = _add(piece, at=at)
    if whole is None and Part.objects.count() > MOST_WAITING:
        _set_oldest_aside(Part.objects.all(), at=at)
    return whole


def _add(piece: Piece, *, at: datetime) -> Whole | None:
    with events.unit_of_work():
        events.alone(piece.message)
        if Seen.objects.filter(digest=piece.digest).exists():
            return None
        kept = _kept(piece.message)
        if any(part.of != piece.of or (part.number == piece.number and part.text != piece.text) for part in kept):
            # The phone counts its references anew after 256 messages: this is another one.
            kept = _set_aside(kept, at=at)
        if all(part.number != piece.number for part in kept):
            kept.append(_keep(piece, at=at))
        kept.sort(key=lambda part: part.number)
        return Whole("".join(part.text for part in kept), tuple(kept)) if len(kept) == piece.of else None


def dealt_with(whole: Whole, *, at: datetime) -> None:
    """The whole message is safe elsewhere. Its words and whatever its number could be found out by leave, before it is answered."""
    with events.unit_of_work():
        seen = [Seen(digest=part.digest, day=at.astimezone(BISHKEK).date()) for part in whole.parts]
        Seen.objects.bulk_create(seen, ignore_conflicts=True)
        Part.objects.filter(pk__in=[part.pk for part in whole.parts]).delete()


def expire(*, at: datetime) -> None:
    """What waited in vain goes to quarantine; what was put together is forgotten."""
    with events.unit_of_work():
        Seen.objects.filter(day__lt=(at - WAITS_FOR).astimezone(BISHKEK).date()).delete()
    while _set_oldest_aside(Part.objects.filter(at__lt=at - WAITS_FOR), at=at):
        pass


def _set_oldest_aside(which: QuerySet[Part], *, at: datetime) -> bool:
    """The message of the oldest of these parts, in a unit of its own: two that each hold one message must not wait for the other's."""
    with events.unit_of_work():
        oldest = which.order_by("at").first()
        if oldest is not None:
            events.alone(bytes(oldest.message))
            _set_aside(_kept(bytes(oldest.message)), at=at)
    return oldest is not None


def _kept(message: bytes) -> list[Part]:
    return list(Part.objects.filter(message=message).order_by("number"))


def _keep(piece: Piece, *, at: datetime) -> Part:
    return Part.objects.create(
        message=piece.message, number=piece.number, of=piece.of, digest=piece.digest, text=piece.text, at=at
    )


def _set_aside(kept: list[Part], *, at: datetime) -> list[Part]:
    """In the open unit. Gives the parts that are left: none.

    That they came stays, and no word: a part says of no report whose it is, so a withdrawal would not find it, and whoever has the server's
    key can read the first one.
    """
    if kept:
        _say_that_they_came(kept, at=at)
    Part.objects.filter(pk__in=[part.pk for part in kept]).delete()
    return []


def _say_that_they_came(kept: list[Part], *, at: datetime) -> None:
    """Where too much waits for a person already nothing says so, and nothing is lost: the phone still has the whole report."""
    try:
        refuse_rubbish()
    except Later:
        log.warning("sms_parts_dropped", count=len(kept))
        return
    detail = f"{len(kept)} of {kept[0].of} parts of an SMS came; the phone still has the whole report."
    raw = "\n".join(f"{part.number}/{part.of} {part.text}" for part in kept).encode()
    partials.keep_aside(raw, Rejected("incomplete", detail), content={"parts": len(kept), "of": kept[0].of}, at=at)
