"""Opening, decoding and encoding anew what has arrived, in the worker.

Claimed by lease: a dead worker's claim lapses, two never decode the same.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.core.files.base import ContentFile
from django.db.models import Count, Q, QuerySet, Window

from reporting import events
from reporting.media import erasing, incoming
from reporting.media.decoding import Fault, Picture, decode
from reporting.media.models import Medium
from reporting.media.recordings import Recording, listen
from reporting.media.sealing import NotOpened, unseal

log = structlog.get_logger(__name__)

LEASE = timedelta(minutes=5)
ATTEMPTS = 3


def drain(*, now: Callable[[], datetime], limit: int = 50) -> int:
    """Decode what has arrived and belongs to a report, each claimed when its turn comes. Returns how many.

    Stops where the storage is away: whoever waits for something else must not wait for that.
    """
    done = 0
    while done < limit and (medium := claim_next(at=now())) and process(medium, at=now()):
        done += 1
    return done


def claim_next(*, at: datetime) -> Medium | None:
    """A medium nobody is decoding, claimed until `LEASE` from now: the oldest of whoever has the fewest waiting, so that nobody waits for
    what one phone sent a thousand of.
    """
    free = Q(claimed_until=None) | Q(claimed_until__lt=at)
    waiting = Medium.objects.filter(free, state=Medium.State.RECEIVED, entity_id__isnull=False)
    fewest = Window(Count("pk"), partition_by="profile")
    while (medium := waiting.order_by(fewest, "received_at").first()) is not None:
        medium.claimed_until, medium.attempts = at + LEASE, medium.attempts + 1
        if waiting.filter(pk=medium.pk).update(claimed_until=medium.claimed_until, attempts=medium.attempts):
            break
    return medium


def process(medium: Medium, *, at: datetime) -> bool:
    """Decode outside any transaction, then write the outcome. False: it could not be read or kept; it is tried again once its claim lapses.

    The bytes as sent, and the key to them, go once the clean picture or sound is kept; what failed is kept as it came, sealed. Bytes that
    are gone, after a restore say, are asked for again.
    """
    try:
        content = incoming.read(medium.pk, size=medium.size)
    except OSError as trouble:  # the folder is away, or its disk fails: no fault of the medium's own
        log.error("medium_not_read", error=type(trouble).__name__)
        _held(medium).update(attempts=0)
        return False
    if content is None:
        _ask_again(medium, at=at)
        return True
    outcome = _outcome(medium, content)
    # Nobody was killed by it: what fails from here on is no fault of its own.
    if not _held(medium).update(attempts=0):
        return True
    try:
        _keep(medium, outcome, content)
    except Exception as trouble:  # whatever a storage raises
        log.error("medium_not_kept", error=type(trouble).__name__)
        return False
    if _settle(medium, at=at):
        incoming.forget(medium.pk)
    return True


def _outcome(medium: Medium, content: bytes) -> Picture | Recording | Fault:
    if medium.attempts > ATTEMPTS:  # whoever tried before was killed by it
        return Fault("broken")
    try:
        opened = unseal(content, key=bytes(medium.key or b""), medium_id=medium.pk)
    except NotOpened:
        return Fault("not_opened")
    return listen(opened) if medium.role == "voice" else decode(opened)


def _keep(medium: Medium, outcome: Picture | Recording | Fault, content: bytes) -> None:
    """What a dead worker left under its name goes first: it would be nobody's otherwise."""
    erasing.forget_kept(medium)
    if isinstance(outcome, Fault):
        medium.original.save(medium.called(""), ContentFile(content), save=False)
        medium.state, medium.fault = Medium.State.UNUSABLE, outcome.code
        return
    if isinstance(outcome, Picture):
        medium.image.save(medium.called(".jpg"), ContentFile(outcome.jpeg), save=False)
        medium.width, medium.height = outcome.width, outcome.height
    else:
        medium.sound.save(medium.called(".mp4"), ContentFile(outcome.mp4), save=False)
        medium.duration_ms = outcome.duration_ms
    medium.state, medium.fault, medium.key = Medium.State.READY, "", None


OUTCOME = ["state", "fault", "key", "width", "height", "duration_ms", "image", "sound", "original"]


def _settle(medium: Medium, *, at: datetime) -> bool:
    """False: it was withdrawn meanwhile, or another worker has it."""
    with events.unit_of_work():
        if not _is_held(medium):
            return False
        medium.save(update_fields=OUTCOME)
        kind = f"medium.{medium.state}"
        events.record(stream=medium.pk, kind=kind, actor="system", at=at, data={"fault": medium.fault})
    return True


def _ask_again(medium: Medium, *, at: datetime) -> None:
    """Its phone has the bytes until a day after it was told that they are here, and sends them again where it sees them expected."""
    with events.unit_of_work():
        if _is_held(medium):
            _held(medium).update(
                state=Medium.State.EXPECTED, offset=0, received_at=None, claimed_until=None, attempts=0
            )
            events.record(stream=medium.pk, kind="medium.lost", actor="system", at=at)


def _held(medium: Medium) -> QuerySet[Medium]:
    """It, while the claim on it is this worker's: a slow one's lapses."""
    return Medium.objects.filter(pk=medium.pk, state=Medium.State.RECEIVED, claimed_until=medium.claimed_until)


def _is_held(medium: Medium) -> bool:
    """As `_held`, its row locked in the open unit."""
    state = Medium.objects.select_for_update().get(pk=medium.pk).state
    if state == Medium.State.ERASED:
        erasing.forget_late(medium)  # withdrawn while it was decoded
    return _held(medium).exists()
