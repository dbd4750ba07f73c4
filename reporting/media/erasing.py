"""Erasing media: their row says so at once, in the unit of work; the files follow, swept until they are gone."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet

from reporting.media import incoming
from reporting.media.models import HAS_FILES, Medium

log = structlog.get_logger(__name__)

DONE = (Medium.State.READY, Medium.State.UNUSABLE, Medium.State.ERASED)
"""Nothing reads the bytes as they came any more."""
LEFT_FOR = timedelta(hours=1)
"""Longer than anybody writes a chunk or decodes."""


def erase(medium_ids: Iterable[uuid.UUID]) -> None:
    """Nobody is shown these media from now on. In the open unit."""
    _mark(Medium.objects.filter(pk__in=list(medium_ids)))


def erase_all(*, entity_id: uuid.UUID) -> None:
    """As `erase`, for all media of a report."""
    _mark(Medium.objects.filter(entity_id=entity_id))


def drain(*, limit: int = 200) -> int:
    """Remove the files of erased media; a crash in between only means once more. Returns how many are gone.

    What cannot be removed now is tried again later; in no order, so that it never stands before all others. The row stays, so that a
    carrier who brings the same bytes again is told that they are not needed.
    """
    erased = Medium.objects.filter(HAS_FILES, state=Medium.State.ERASED).order_by("?")[:limit]
    return sum(_is_forgotten(medium) for medium in erased)


def sweep_incoming(*, at: datetime, limit: int = 500) -> int:
    """Remove files on their way in that nothing wants: of media that are erased, done with, or in no table. Returns how many.

    A file is written before its row counts it and goes after its row is done with it, and who writes may die in between.
    """
    left = incoming.some_left(at - LEFT_FOR, most=limit)
    wanted = Medium.objects.filter(pk__in=left).exclude(state__in=DONE).values_list("pk", flat=True)
    return sum(_is_let_go(medium_id, at=at) for medium_id in left.difference(wanted))


def _is_let_go(medium_id: uuid.UUID, *, at: datetime) -> bool:
    """Under its row's lock. Where there is none one is held until the file is gone: who announces it now waits, and loses nothing."""
    nothing = {"size": 0, "sha256": b"", "created_at": at}
    try:
        with transaction.atomic():
            medium, is_new = Medium.objects.select_for_update().get_or_create(pk=medium_id, defaults=nothing)
            if not is_new and medium.state not in DONE:
                return False
            incoming.forget(medium_id)
            if is_new:
                medium.delete()
    except OSError as trouble:  # one that stays keeps no other one here
        log.error("medium_not_erased", medium=str(medium_id), error=type(trouble).__name__)
        return False
    return True


def forget_late(medium: Medium) -> None:
    """What a worker kept of a medium that was erased meanwhile. Its row says again that there is something, until there is not."""
    Medium.objects.filter(pk=medium.pk).update(original=medium.called(""))
    _is_forgotten(medium)


def _is_forgotten(medium: Medium) -> bool:
    try:
        incoming.forget(medium.pk)
        forget_kept(medium)
    except Exception as trouble:  # whatever a storage raises: one that stays keeps no other one here
        log.error("medium_not_erased", medium=str(medium.pk), error=type(trouble).__name__)
        return False
    Medium.objects.filter(pk=medium.pk).update(image="", sound="", original="", offset=0, others_offset=None)
    return True


def forget_kept(medium: Medium) -> None:
    """What was decoded, also what a worker left that died before the row named it."""
    for kept, ending in ((medium.image, ".jpg"), (medium.sound, ".mp4"), (medium.original, "")):
        kept.storage.delete(kept.field.generate_filename(medium, medium.called(ending)))
        kept.delete(save=False)


def _mark(media: QuerySet[Medium]) -> None:
    media.update(state=Medium.State.ERASED, key=None, fault="", width=None, height=None, duration_ms=None)
