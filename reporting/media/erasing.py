"""Erasing media: their row says so at once, in the unit of work; the files follow, swept until they are gone."""

import uuid
from collections.abc import Iterable

from django.db.models import QuerySet

from reporting.media import incoming
from reporting.media.models import HAS_FILES, Medium


def erase(medium_ids: Iterable[uuid.UUID]) -> None:
    """Nobody is shown these media from now on. In the open unit."""
    _mark(Medium.objects.filter(pk__in=list(medium_ids)))


def erase_all(*, entity_id: uuid.UUID) -> None:
    """As `erase`, for all media of a report."""
    _mark(Medium.objects.filter(entity_id=entity_id))


def drain(*, limit: int = 200) -> int:
    """Remove the files of erased media; a crash in between only means once more. Returns how many.

    The row stays, so that a carrier who brings the same bytes again is told that they are not needed.
    """
    erased = list(Medium.objects.filter(HAS_FILES, state=Medium.State.ERASED)[:limit])
    for medium in erased:
        forget_files(medium)
        Medium.objects.filter(pk=medium.pk).update(image="", sound="", original="", offset=0)
    return len(erased)


def forget_files(medium: Medium) -> None:
    """Remove what lies on the disk or in the store for it."""
    incoming.forget(medium.pk)
    forget_kept(medium)


def forget_kept(medium: Medium) -> None:
    """What was decoded, also what a worker left that died before the row named it."""
    for kept, ending in ((medium.image, ".jpg"), (medium.sound, ".mp4"), (medium.original, "")):
        kept.storage.delete(kept.field.generate_filename(medium, medium.called(ending)))
        kept.delete(save=False)


def _mark(media: QuerySet[Medium]) -> None:
    media.update(state=Medium.State.ERASED, key=None, fault="", width=None, height=None, duration_ms=None)
