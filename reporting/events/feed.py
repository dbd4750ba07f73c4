"""Reading the feed: which entities of a viewer's scopes changed after a cursor."""

import base64
import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from reporting.events.models import FeedEntry, Restore, Scope


@dataclass(frozen=True)
class Change:
    """One entity that changed; `scope` is where it was seen."""

    scope: str
    entity: str
    entity_id: uuid.UUID
    version: int
    removed: bool


@dataclass(frozen=True)
class Page:
    """Changes in order, the cursor to come back with, and whether more are waiting."""

    changes: list[Change]
    cursor: str
    more: bool


def read(*, scopes: Iterable[str], cursor: str | None, limit: int) -> Page:
    """Changes of `scopes` after `cursor`, at most `limit`. An unreadable, unknown or older-epoch cursor reads everything."""
    epoch = _epoch()
    seen = _decode(cursor, epoch)
    positions: dict[str, int] = {}
    changes: list[Change] = []
    more = False
    for scope in Scope.objects.filter(key__in=set(scopes)).order_by("key"):
        after = seen.get(scope.key, 0)
        after = after if after <= scope.head else 0
        rows = list(scope.entries.filter(position__gt=after).order_by("position")[: limit - len(changes) + 1])
        room = limit - len(changes)
        more = more or len(rows) > room
        rows = rows[:room]
        changes += [_change(scope.key, row) for row in rows]
        positions[scope.key] = rows[-1].position if rows else after
    return Page(changes, _encode(positions, epoch), more)


def _change(key: str, row: FeedEntry) -> Change:
    return Change(key, row.entity, row.entity_id, row.version, row.removed)


def _epoch() -> str:
    """Another one after every restore, when positions are given anew: cursors of before then mean a snapshot."""
    newest = Restore.objects.order_by("-pk").values_list("epoch", flat=True).first()
    return newest.hex[:8] if newest else ""


def _encode(positions: dict[str, int], epoch: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([epoch, positions], separators=(",", ":")).encode()).decode()


def _decode(cursor: str | None, wanted: str) -> dict[str, int]:
    try:
        epoch, positions = json.loads(base64.urlsafe_b64decode((cursor or "").encode()))
        valid = all(isinstance(key, str) and type(value) is int and value >= 0 for key, value in positions.items())
    except (ValueError, TypeError, AttributeError):
        return {}
    return positions if valid and epoch == wanted else {}
