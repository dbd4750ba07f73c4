"""A report names its photos and recordings, which may have arrived before it or will come later."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from reporting.media import incoming
from reporting.media.models import Medium
from reporting.people.models import Profile

TOO_LARGE = "too_large"


@dataclass(frozen=True)
class WantedMedium:
    """What an operation says of one medium: `size` and `sha256` are those of the bytes uploaded."""

    id: uuid.UUID
    key: bytes
    sha256: bytes
    size: int
    mime: str
    role: str


def bind(
    *,
    entity_id: uuid.UUID,
    profile: Profile,
    wanted: Sequence[WantedMedium],
    at: datetime,
    said_in: uuid.UUID | None = None,
) -> list[Medium]:
    """Tie media to a report, or to the operation after it that names them, in the open unit.

    The operation is the author's word: bytes that differ from it make room. A medium that another report, or another word of this one, has
    named stays there; this one then does without. Named twice, the first counts.
    """
    found = Medium.objects.select_for_update().in_bulk([item.id for item in wanted])
    bound: dict[uuid.UUID, Medium] = {}
    for position, item in enumerate(wanted):
        medium = found.get(item.id) or Medium(id=item.id, created_at=at)
        elsewhere = medium.entity_id is not None and (medium.entity_id, medium.said_in) != (entity_id, said_in)
        if elsewhere or item.id in bound:
            continue
        _agree(medium, item)
        medium.entity_id, medium.said_in = entity_id, said_in
        medium.profile, medium.position = profile, position
        medium.role, medium.mime, medium.key = item.role, item.mime, item.key
        medium.save()
        bound[item.id] = medium
    return list(bound.values())


def _agree(medium: Medium, item: WantedMedium) -> None:
    if (bytes(medium.sha256 or b""), medium.size) == (item.sha256, item.size):
        return
    if medium.offset or medium.others_offset:  # under the row's lock, before anything of the right bytes can be written
        incoming.forget(medium.id)
    medium.sha256, medium.size = item.sha256, item.size
    medium.offset, medium.others_offset = 0, None
    medium.received_at, medium.state = None, Medium.State.EXPECTED
    if item.size > settings.MEDIUM_MAX_BYTES:
        medium.state, medium.fault = Medium.State.UNUSABLE, TOO_LARGE
