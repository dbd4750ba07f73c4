"""Receiving bytes in chunks. The row's offset is the truth; the file follows it, so a crash between the two loses nothing."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from reporting import events
from reporting.errors import BadUpload
from reporting.media import incoming
from reporting.media.models import Medium
from reporting.people.models import Profile

CHUNK_MAX_BYTES = 262_144
ARRIVED = (Medium.State.RECEIVED, Medium.State.READY, Medium.State.UNUSABLE, Medium.State.ERASED)
"""Nothing more is wanted."""


def create(
    *, medium_id: uuid.UUID, size: int, sha256: bytes, mime: str, profile: Profile | None, at: datetime
) -> tuple[Medium, bool]:
    """Announce a medium, in the open unit; twice is once. Returns it and whether it is new.

    Raises BadUpload: 413 over `MEDIUM_MAX_BYTES`, 409 when the id stands for other bytes.
    """
    if size > settings.MEDIUM_MAX_BYTES:
        raise BadUpload(_too_large(), status=413)
    announced = {"size": size, "sha256": sha256, "mime": mime[:60], "profile": profile, "created_at": at}
    known, is_new = Medium.objects.get_or_create(pk=medium_id, defaults=announced)
    if (known.size, bytes(known.sha256)) != (size, sha256):
        raise BadUpload("This id stands for other bytes.", status=409, offset=known.offset)
    return known, is_new


def find(medium_id: uuid.UUID) -> Medium:
    """Raises BadUpload 404."""
    medium = Medium.objects.filter(pk=medium_id).first()
    if medium is None:
        raise BadUpload("Nothing with this id was announced.", status=404)
    return medium


def standing(medium: Medium) -> str:
    """What its phone is told: `expected`; `received` from then on, whatever became of it; `unusable` when no byte of it is taken."""
    if is_refused(medium):
        return "unusable"
    return "received" if medium.state in ARRIVED else "expected"


def is_refused(medium: Medium) -> bool:
    """A report named it with more bytes than one may have: what is kept aside later came whole."""
    return medium.state == Medium.State.UNUSABLE and medium.offset < medium.size


def append(*, medium_id: uuid.UUID, offset: int, chunk: bytes, at: datetime) -> tuple[Medium, bool]:
    """Add a chunk under the row's lock, in the open unit. Returns the medium and whether what is complete is intact:

    after a wrong checksum it starts again at 0. Raises BadUpload: 404, 409 with the right offset, 413 (the chunk, or all of it, is too
    large), 429 when too much is unbound.
    """
    medium = Medium.objects.select_for_update().filter(pk=medium_id).first() or find(medium_id)
    if is_refused(medium):
        raise BadUpload(_too_large(), status=413, offset=medium.offset)
    if medium.state in ARRIVED:
        raise BadUpload("This medium was received already.", status=409, offset=medium.offset)
    if medium.offset != offset:
        raise BadUpload("The upload stands elsewhere.", status=409, offset=medium.offset)
    if len(chunk) > CHUNK_MAX_BYTES or offset + len(chunk) > medium.size:
        raise BadUpload("The chunk is too long.", status=413, offset=medium.offset)
    if medium.entity_id is None:
        _refuse_flood(len(chunk))
    incoming.write(medium_id, offset=offset, chunk=chunk)
    medium.offset, medium.state = offset + len(chunk), Medium.State.UPLOADING
    intact = _finish(medium, at) if medium.offset == medium.size else True
    medium.save(update_fields=["offset", "state", "received_at"])
    return medium, intact


def drop_unnamed(*, at: datetime, limit: int = 200) -> int:
    """Drop what no report has named for `MEDIA_UNBOUND_DAYS`; its phone still has the bytes. Returns how many."""
    old = Medium.objects.filter(entity_id=None, created_at__lt=at - timedelta(days=settings.MEDIA_UNBOUND_DAYS))
    with transaction.atomic():
        unnamed = list(old.select_for_update(skip_locked=True)[:limit])
        for medium in unnamed:  # the file first: a crash in between leaves a row, which is swept again
            incoming.forget(medium.pk)
        Medium.objects.filter(pk__in=[medium.pk for medium in unnamed]).delete()
    return len(unnamed)


def _too_large() -> str:
    return f"A photo or recording may have {settings.MEDIUM_MAX_BYTES} bytes."


def _finish(medium: Medium, at: datetime) -> bool:
    if not incoming.matches(medium.pk, size=medium.size, sha256=bytes(medium.sha256)):
        medium.offset, medium.state = 0, Medium.State.EXPECTED
        return False
    medium.state, medium.received_at = Medium.State.RECEIVED, at
    events.record(stream=medium.pk, kind="medium.received", actor="reporter", at=at)
    return True


def _refuse_flood(more: int) -> None:
    """What only was announced takes no room, so that nobody fills it up with announcements."""
    unbound = Medium.objects.filter(entity_id=None).aggregate(total=Sum("offset"))["total"] or 0
    if unbound + more > settings.MEDIA_UNBOUND_MAX_BYTES:
        raise BadUpload("Too many photos whose report has not arrived are waiting here.", status=429)
