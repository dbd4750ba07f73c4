"""What an office says by voice: decoded and encoded anew like every recording, before anything of it is kept."""

import hashlib
import uuid
from datetime import datetime

from django.core.files.base import ContentFile

from reporting.media.decoding import Fault
from reporting.media.models import Medium
from reporting.media.recordings import ANY_RECORDER, listen


def spoken(content: bytes, *, at: datetime) -> Medium | Fault:
    """A recording that is ready, its sound kept and its row not written yet, or why there is none. Slow: outside any transaction."""
    recording = listen(content, by=ANY_RECORDER)
    if isinstance(recording, Fault):
        return recording
    medium = Medium(
        role="voice",
        state=Medium.State.READY,
        mime="audio/mp4",
        size=len(recording.mp4),
        sha256=hashlib.sha256(recording.mp4).digest(),
        duration_ms=recording.duration_ms,
        created_at=at,
        received_at=at,
    )
    medium.sound.save(medium.called(".mp4"), ContentFile(recording.mp4), save=False)
    return medium


def attach(medium: Medium | None, *, to: uuid.UUID) -> None:
    """It belongs to a question or an answer from now on. In the open unit."""
    if medium is not None:
        medium.entity_id = to
        medium.save()


def drop(medium: Medium | None) -> None:
    """What it belongs to was not written after all."""
    if medium is not None:
        medium.sound.delete(save=False)
