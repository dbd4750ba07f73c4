"""Bytes on their way in: one file a medium, its length decided by the row, never by the file; and one of what others bring `apart`."""

import hashlib
import heapq
import os
import random
import uuid
from datetime import datetime
from pathlib import Path

from django.conf import settings

from reporting.media.durable import hold

OTHERS = ".others"


def write(medium_id: uuid.UUID, *, offset: int, chunk: bytes, apart: bool = False) -> None:
    """Put a chunk at `offset`, dropping whatever a crash left behind it, and wait until the disk has it."""
    path = _path(medium_id, apart=apart)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "r+b") as file:
        file.truncate(offset)
        file.seek(offset)
        file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if offset == 0:
        hold(path.parent)


def read(medium_id: uuid.UUID, *, size: int, apart: bool = False) -> bytes | None:
    """The first `size` bytes; None when they are not all there."""
    try:
        with _path(medium_id, apart=apart).open("rb") as file:
            content = file.read(size)
    except FileNotFoundError:
        return None
    return content if len(content) == size else None


def matches(medium_id: uuid.UUID, *, size: int, sha256: bytes, apart: bool = False) -> bool:
    """Whether the file holds exactly what was announced."""
    content = read(medium_id, size=size, apart=apart)
    return content is not None and hashlib.sha256(content).digest() == sha256


def adopt(medium_id: uuid.UUID) -> None:
    """What others brought apart is the medium's file from now on."""
    path = _path(medium_id)
    _path(medium_id, apart=True).replace(path)
    hold(path.parent)


def drop(medium_id: uuid.UUID, *, apart: bool) -> None:
    """Remove one of its files."""
    _path(medium_id, apart=apart).unlink(missing_ok=True)


def forget(medium_id: uuid.UUID) -> None:
    """Remove its files."""
    for apart in (False, True):
        drop(medium_id, apart=apart)


def some_left(since: datetime, *, most: int) -> set[uuid.UUID]:
    """Media of which there is a file that nobody has written to since then: at most so many, in no order, so that none stands before all
    others.
    """
    try:
        with os.scandir(settings.MEDIA_INCOMING_ROOT) as files:
            some = heapq.nlargest(most, files, key=lambda _: random.random())  # noqa: S311 - a choice, not a secret
    except FileNotFoundError:  # nothing came yet
        return set()
    return {medium_id for file in some if (medium_id := _id_of(file.name)) and _is_older(file, since)}


def _is_older(file: "os.DirEntry[str]", since: datetime) -> bool:
    try:
        return file.stat().st_mtime < since.timestamp()
    except FileNotFoundError:
        return False


def _id_of(name: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(name.removesuffix(OTHERS))
    except ValueError:
        return None


def _path(medium_id: uuid.UUID, *, apart: bool = False) -> Path:
    return Path(settings.MEDIA_INCOMING_ROOT) / f"{medium_id}{OTHERS if apart else ''}"
