"""Opening, decoding and encoding anew what has arrived, in the worker.

Claimed by lease: a dead worker's claim lapses, two never decode the same.
"""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q

from reporting import events
from reporting.media import erasing, incoming
from reporting.media.decoding import Fault, Picture, decode
from reporting.media.models import Medium
from reporting.media.recordings import Recording, listen
from reporting.media.sealing import NotOpened, unseal

LEASE = timedelta(minutes=5)
ATTEMPTS = 3


def drain(*, at: datetime, limit: int = 50) -> int:
    """Decode what has arrived and belongs to a report. Returns how many."""
    done = 0
    while done < limit and (medium := claim_next(at=at)):
        process(medium, at=at)
        done += 1
    return done


def claim_next(*, at: datetime) -> Medium | None:
    """The oldest medium nobody is decoding, claimed until `LEASE` from now."""
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    waiting = Medium.objects.filter(free, state=Medium.State.RECEIVED, entity_id__isnull=False)
    with transaction.atomic():
        medium = waiting.select_for_update(skip_locked=True).order_by("received_at").first()
        if medium is not None:
            Medium.objects.filter(pk=medium.pk).update(claimed_until=at + LEASE, attempts=F("attempts") + 1)
            medium.attempts += 1
    return medium


def process(medium: Medium, *, at: datetime) -> None:
    """Decode outside any transaction, then write the outcome.

    The bytes as sent, and the key to them, go once the clean picture or sound is kept; what failed is kept as it came, sealed.
    """
    content = incoming.read(medium.pk, size=medium.size)
    outcome = _outcome(medium, content)
    if isinstance(outcome, Fault):
        if content is not None:
            medium.original.save(str(medium.pk), ContentFile(content), save=False)
        medium.state, medium.fault = Medium.State.UNUSABLE, outcome.code
    else:
        _keep(medium, outcome)
        medium.state, medium.fault, medium.key = Medium.State.READY, "", None
    _settle(medium, at=at)
    incoming.forget(medium.pk)


def _outcome(medium: Medium, content: bytes | None) -> Picture | Recording | Fault:
    if content is None:
        return Fault("lost")
    if medium.attempts > ATTEMPTS:  # whoever tried before was killed by it
        return Fault("broken")
    try:
        opened = unseal(content, key=bytes(medium.key or b""), medium_id=medium.pk)
    except NotOpened:
        return Fault("not_opened")
    return listen(opened) if medium.role == "voice" else decode(opened)


def _keep(medium: Medium, outcome: Picture | Recording) -> None:
    if isinstance(outcome, Picture):
        medium.image.save(f"{medium.pk}.jpg", ContentFile(outcome.jpeg), save=False)
        medium.width, medium.height = outcome.width, outcome.height
    else:
        medium.sound.save(f"{medium.pk}.mp4", ContentFile(outcome.mp4), save=False)
        medium.duration_ms = outcome.duration_ms


OUTCOME = ["state", "fault", "key", "width", "height", "duration_ms", "image", "sound", "original"]


def _settle(medium: Medium, *, at: datetime) -> None:
    with events.unit_of_work():
        if Medium.objects.select_for_update().get(pk=medium.pk).state == Medium.State.ERASED:
            erasing.forget_files(medium)  # withdrawn while it was decoded
            return
        medium.save(update_fields=OUTCOME)
        kind = f"medium.{medium.state}"
        events.record(stream=medium.pk, kind=kind, actor="system", at=at, data={"fault": medium.fault})
