"""A clean picture or recording on its way to a browser: kept by no cache, run by no browser."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models.fields.files import FieldFile

from reporting.media.models import Medium

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
}


@dataclass(frozen=True)
class Shown:
    """Bytes that this server made, and their type."""

    content: bytes
    content_type: str


def worth_showing(media: Iterable[Medium]) -> list[Medium]:
    """A report's media by position, without previews that say nothing: one stands in for the photo before it, until that is ready."""
    listed = list(media)
    return [
        medium
        for medium, before in zip(listed, [None, *listed], strict=False)
        if medium.role != "preview" or (_is_ready(medium) and not (before and _is_ready(before)))
    ]


def _is_ready(medium: Medium) -> bool:
    return medium.state == Medium.State.READY


def picture(medium: Medium) -> Shown | None:
    """The JPEG, at most 1280 pixels a side, so small enough to hold; None when this is no picture."""
    return Shown(_bytes(medium.image), "image/jpeg") if medium.image else None


def sound(medium: Medium) -> Shown | None:
    """The MP4, at most three minutes, so small enough to hold; None when this is no recording."""
    return Shown(_bytes(medium.sound), "audio/mp4") if medium.sound else None


def _bytes(kept: FieldFile) -> bytes:
    with kept.open() as file:
        content: bytes = file.read()
    return content
