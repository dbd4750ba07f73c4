"""Turning received bytes into pictures, in the worker. Claimed by lease: a dead worker's claim lapses, two never decode the same."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q

from reporting import events
from reporting.media import erasing, incoming
from reporting.media.decoding import Fault, Picture, decode
from reporting.media.models import Medium

LEASE = timedelta(minutes=5)
ATTEMPTS = 3
PICTURES = ("photo", "preview")
"""Recordings stay `received`: they are heard, not decoded."""


def drain(*, at: datetime, limit: int = 50) -> int:
    """Decode what has arrived and belongs to a report. Returns how many."""
    done = 0
    while done < limit and (medium := claim_next(at=at)):
        process(medium, at=at)
        done += 1
    return done


def claim_next(*, at: datetime) -> Medium | None:
    """The oldest picture nobody is decoding, claimed until `LEASE` from now."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    waiting = Medium.objects.filter(free, state=Medium.State.RECEIVED, entity_id__isnull=False, role__in=PICTURES)
    with transaction.atomic():
        medium = waiting.select_for_update(skip_locked=True).order_by("received_at").first()
        if medium is not None:
            Medium.objects.filter(pk=medium.pk).update(claimed_until=at + LEASE, attempts=F("attempts") + 1)
            medium.attempts += 1
    return medium


def process(medium: Medium, *, at: datetime) -> None:
    """Decode outside any transaction, then write the outcome; the bytes as sent go once the clean picture is kept."""
    content = incoming.read(medium.pk, size=medium.size)
    outcome = _outcome(medium, content)
    if isinstance(outcome, Picture):
        medium.image.save(f"{medium.pk}.jpg", ContentFile(outcome.jpeg), save=False)
        _settle(medium, Medium.State.READY, "", size=(outcome.width, outcome.height), at=at)
    else:
        if content is not None:
            medium.original.save(str(medium.pk), ContentFile(content), save=False)
        _settle(medium, Medium.State.UNUSABLE, outcome.code, size=(None, None), at=at)
    incoming.forget(medium.pk)


def _outcome(medium: Medium, content: bytes | None) -> Picture | Fault:
    if content is None:
        return Fault("lost")
    if medium.attempts > ATTEMPTS:  # whoever tried before was killed by it
        return Fault("broken")
    return decode(content)


def _settle(
    medium: Medium, state: Medium.State, fault: str, *, size: tuple[int, int] | tuple[None, None], at: datetime
) -> None:
    medium.state, medium.fault = state, fault
    medium.width, medium.height = size
    with events.unit_of_work():
        if Medium.objects.select_for_update().get(pk=medium.pk).state == Medium.State.ERASED:
            erasing.forget_files(medium)  # withdrawn while it was decoded
            return
        medium.save(update_fields=["state", "fault", "width", "height", "image", "original"])
        events.record(stream=medium.pk, kind=f"medium.{state.value}", actor="system", at=at, data={"fault": fault})
