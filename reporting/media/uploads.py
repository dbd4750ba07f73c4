"""Receiving bytes in chunks. The row's offset is the truth; the file follows it, so a crash between the two loses nothing.

Whoever knows a medium's id may bring its bytes, and all who do go on where the upload stands. Once what came together so was not what its
report says, what the author's own bearer brings is kept apart from what all others bring, and whichever is whole first counts: nobody
can hinder the author any more, nor the author's unfinished bytes a carrier.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.db.models.functions import Greatest

from reporting import events
from reporting.errors import BadUpload
from reporting.media import incoming
from reporting.media.models import Medium
from reporting.people.models import Profile

CHUNK_MAX_BYTES = 262_144
ARRIVED = (Medium.State.RECEIVED, Medium.State.READY, Medium.State.UNUSABLE, Medium.State.ERASED)
"""Nothing more is wanted."""
MOST_ANNOUNCED = 10_000
"""Announcements without a byte that no report has named: more than all phones of an oblast make at once. The oldest makes room."""
LEAST_ROOM = 16_384
"""What was begun counts as this many bytes at least: a row and a file for each byte would be more than the bytes."""


def create(
    *, medium_id: uuid.UUID, size: int, sha256: bytes, mime: str, profile: Profile | None, at: datetime
) -> tuple[Medium, bool]:
    """Announce a medium, in the open unit; twice is once. Returns it and whether it is new. Nobody is refused for how many there are.

    Raises BadUpload over `MEDIUM_MAX_BYTES`, and when the id stands for other bytes.
    """
    if size > settings.MEDIUM_MAX_BYTES:
        raise BadUpload(_too_large(), why=BadUpload.Why.TOO_LARGE)
    announced = {"size": size, "sha256": sha256, "mime": mime[:60], "profile": profile, "created_at": at}
    known, is_new = Medium.objects.get_or_create(pk=medium_id, defaults=announced)
    if (known.size, bytes(known.sha256)) != (size, sha256):
        raise BadUpload(
            "This id stands for other bytes.", why=BadUpload.Why.ELSEWHERE, offset=offset_for(known, profile)
        )
    if is_new:
        _make_room()
    return known, is_new


def find(medium_id: uuid.UUID) -> Medium:
    """Raises BadUpload when there is none."""
    medium = Medium.objects.filter(pk=medium_id).first()
    if medium is None:
        raise BadUpload("Nothing with this id was announced.", why=BadUpload.Why.UNKNOWN)
    return medium


def offset_for(medium: Medium, profile: Profile | None) -> int:
    """Where the upload stands for who asks."""
    return medium.stands(apart=medium.is_apart(profile))


def standing(medium: Medium) -> str:
    """What its phone is told: `expected`; `received` from then on, whatever became of it; `unusable` when no byte of it is taken."""
    if is_refused(medium):
        return "unusable"
    return "received" if medium.state in ARRIVED else "expected"


def is_refused(medium: Medium) -> bool:
    """A report named it with more bytes than one may have: what is kept aside later came whole."""
    return medium.state == Medium.State.UNUSABLE and medium.offset < medium.size


def append(
    *, medium_id: uuid.UUID, offset: int, chunk: bytes, profile: Profile | None, at: datetime
) -> tuple[Medium, bool]:
    """Add a chunk under the row's lock, in the open unit; `profile` brings it. Returns the medium and whether what is complete is intact:

    after a wrong checksum it starts again at 0. Raises BadUpload: it is unknown, stands elsewhere (with the right offset), the
    chunk or all of it is too large, or too much is unbound.
    """
    medium = Medium.objects.select_for_update().filter(pk=medium_id).first() or find(medium_id)
    apart = medium.is_apart(profile)
    stands = medium.stands(apart=apart)
    if is_refused(medium):
        raise BadUpload(_too_large(), why=BadUpload.Why.TOO_LARGE, offset=stands)
    if medium.state in ARRIVED:
        raise BadUpload("This medium was received already.", why=BadUpload.Why.ELSEWHERE, offset=stands)
    if stands != offset:
        raise BadUpload("The upload stands elsewhere.", why=BadUpload.Why.ELSEWHERE, offset=stands)
    if len(chunk) > CHUNK_MAX_BYTES or offset + len(chunk) > medium.size:
        raise BadUpload("The chunk is too long.", why=BadUpload.Why.TOO_LARGE, offset=stands)
    if medium.entity_id is None:
        _refuse_flood(len(chunk))
    incoming.write(medium_id, offset=offset, chunk=chunk, apart=apart)
    _stand(medium, offset + len(chunk), apart=apart)
    medium.state = Medium.State.UPLOADING
    intact = _finish(medium, at, apart=apart) if offset + len(chunk) == medium.size else True
    medium.save(update_fields=["offset", "others_offset", "state", "received_at"])
    return medium, intact


def drop_unnamed(*, at: datetime, limit: int = 200) -> int:
    """Drop what no report has named for `MEDIA_UNBOUND_DAYS`; its phone still has the bytes. Returns how many."""
    old = Medium.objects.filter(entity_id=None, created_at__lt=at - timedelta(days=settings.MEDIA_UNBOUND_DAYS))
    with transaction.atomic():
        return _drop(old, most=limit)


def _make_room() -> None:
    """Its phone loses nothing by it: told that nothing was announced, it does so again, and what a report has named stands without it."""
    empty = Medium.objects.filter(entity_id=None, offset=0)
    too_many = empty.count() - MOST_ANNOUNCED
    if too_many > 0:
        _drop(empty.order_by("created_at"), most=min(too_many, 200))


def _drop(media: QuerySet[Medium], *, most: int) -> int:
    """The first `most` of them that nobody is at, in the open transaction. Returns how many."""
    dropped = list(media.select_for_update(skip_locked=True)[:most])
    for medium in dropped:  # the file first: a crash in between leaves a row, which is dropped later
        incoming.forget(medium.pk)
    Medium.objects.filter(pk__in=[medium.pk for medium in dropped]).delete()
    return len(dropped)


def _too_large() -> str:
    return f"A photo or recording may have {settings.MEDIUM_MAX_BYTES} bytes."


def _stand(medium: Medium, offset: int, *, apart: bool) -> None:
    if apart:
        medium.others_offset = offset
    else:
        medium.offset = offset


def _finish(medium: Medium, at: datetime, *, apart: bool) -> bool:
    if not incoming.matches(medium.pk, size=medium.size, sha256=bytes(medium.sha256), apart=apart):
        incoming.drop(medium.pk, apart=apart)  # no row counts these bytes any more
        _stand(medium, 0, apart=apart)
        if medium.entity_id is not None and medium.others_offset is None:
            medium.others_offset = 0
        return False
    if apart:
        incoming.adopt(medium.pk)
    else:
        incoming.drop(medium.pk, apart=True)
    medium.offset, medium.others_offset = medium.size, None
    medium.state, medium.received_at = Medium.State.RECEIVED, at
    events.record(stream=medium.pk, kind="medium.received", actor="reporter", at=at)
    return True


def _refuse_flood(more: int) -> None:
    """What only was announced takes no room, so that nobody fills it up with announcements."""
    begun = Medium.objects.filter(entity_id=None, offset__gt=0)
    unbound = begun.aggregate(total=Sum(Greatest("offset", LEAST_ROOM)))["total"] or 0
    if unbound + more > settings.MEDIA_UNBOUND_MAX_BYTES:
        raise BadUpload("Too many photos whose report has not arrived are waiting here.", why=BadUpload.Why.FLOOD)
