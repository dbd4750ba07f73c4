"""Reading the feed: which entities of a viewer's scopes changed after a cursor.

A cursor says how far its reader has come in each scope. It is sealed for that reader: what somebody no longer sees is taken back by
walking down the positions that the cursor says were given, and an invented one would tell how many there are; one that can be read
tells by its gaps how often something changed that is hidden from its reader. So it stands at the newest change that its reader may know
of. What is hidden behind that is passed over anew at each reading, one entry a case, and changes neither what is told nor the cursor.
"""

import base64
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.db.models import Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac

from reporting.events.models import FeedEntry, Restore, Scope

Positions = dict[int, int]
"""Scope's id → a position in it."""
Ids: TypeAlias = QuerySet[Any, Any]
"""A query of the ids of entities."""
Offices: TypeAlias = frozenset[int]


@dataclass(frozen=True)
class Change:
    """One entity that changed. `removed`: it left the scope, or the scope is no longer the reader's."""

    entity: str
    entity_id: uuid.UUID
    version: int
    removed: bool


@dataclass(frozen=True)
class Page:
    """Changes in order, the cursor to come back with, whether more are waiting, and the epoch that the cursor belongs to."""

    changes: list[Change]
    cursor: str
    more: bool
    epoch: str


def _nothing(_offices: Collection[int]) -> Ids:
    return FeedEntry.objects.none().values_list("entity_id")


def read(
    *,
    reader: str,
    scopes: Iterable[str],
    cursor: str | None,
    limit: int,
    at_start: int | None = None,
    offices: Offices = frozenset(),
    hidden_from: Callable[[Collection[int]], Ids] = _nothing,
) -> Page:
    """Changes of `scopes` after `cursor`, at most `limit`; first, as removed, what was given of scopes that are not among them now.

    A reader without a cursor begins: it has nothing, and `at_start` is its limit where that is another. Nobody is told that something left
    which they do not have; only for a cursor that is unreadable, another reader's, or of another epoch, which reads everything, nobody
    knows that.

    What is hidden from the reader's `offices` is not told of at all, neither that it changed nor that it left. Who works in another office
    than the cursor says is told once, beyond the limit, of what they were given and is hidden now, and of what is hidden no longer.
    """
    present = list(Scope.objects.filter(key__in=set(scopes)).annotate(restored=Subquery(_newest()[:1])).order_by("key"))
    now_epoch = _shortened(present[0].restored) if present else epoch()
    decoded = _decode(cursor, reader=reader, wanted=now_epoch) if cursor is not None else _NOTHING
    seen, gone, then, before = decoded or _NOTHING
    lost = sorted(set(seen) - {scope.pk for scope in present})
    walk = _Walk(limit if seen or at_start is None else at_start, gone, sure=decoded is not None)
    # While something is still to be taken back, it is still to be known what of it was never given, or is gone already.
    before |= then
    hidden, was_hidden = hidden_from(offices), hidden_from(then)
    if then != offices:
        for scope_id in lost:
            walk.beyond(scope_id, seen[scope_id], of=hidden, but=hidden_from(before), removed=True)
        for scope in present:
            walk.beyond(scope.pk, seen.get(scope.pk, 0), of=hidden, but=was_hidden, removed=True)
            walk.beyond(scope.pk, seen.get(scope.pk, 0), of=was_hidden, but=hidden, removed=False)
    unsaid = hidden_from(before | offices)
    positions = {scope_id: walk.down(scope_id, seen[scope_id], hidden=unsaid) for scope_id in lost}
    positions |= {scope.pk: walk.up(scope, seen.get(scope.pk, 0), hidden=hidden) for scope in present}
    kept = {scope_id: position for scope_id, position in positions.items() if position > 0}
    still_gone = {scope_id: walk.gone[scope_id] for scope_id in kept if kept[scope_id] < walk.gone.get(scope_id, 0)}
    still = before - offices if any(scope_id in kept for scope_id in lost) else Offices()
    told = _encode(kept, still_gone, reader=reader, epoch=now_epoch, offices=offices, before=still)
    return Page(walk.changes, told, walk.more, now_epoch)


def epoch() -> str:
    """Another one after every restore, when positions are given anew: cursors of before then mean a snapshot."""
    return _shortened(_newest().first())


def _newest() -> Ids:
    return Restore.objects.order_by("-pk").values_list("epoch", flat=True)


def _shortened(restored: uuid.UUID | None) -> str:
    return restored.hex[:8] if restored else ""


class _Walk:
    """Collects changes over scopes until the limit."""

    def __init__(self, limit: int, gone: Positions, *, sure: bool) -> None:
        self.limit = limit
        self.gone = gone.copy()
        self.sure = sure
        self.changes: list[Change] = []
        self.more = False

    def up(self, scope: Scope, after: int, *, hidden: Ids) -> int:
        """What came after a position. Returns how far it got."""
        sure = self.sure and after <= scope.head
        if not sure:
            after = 0
            self.gone.pop(scope.pk, None)
        if after == scope.head:
            return after
        entries = FeedEntry.objects.filter(scope=scope, position__gt=after).exclude(entity_id__in=hidden)
        if sure and after == 0:
            self.gone[scope.pk] = self._newest(entries, scope)
        gone = self.gone.get(scope.pk, 0)
        # Of what came and left since, or had left before its reader began, they have nothing.
        without = Q(removed=True) & (Q(first__gt=after) | Q(position__lte=gone))
        rows, complete = self._take((entries.exclude(without) if sure else entries).order_by("position"))
        self.changes += [Change(row.entity, row.entity_id, row.version, row.removed) for row in rows]
        last = rows[-1].position if rows else after
        return max(last, gone) if complete else last

    def _newest(self, entries: QuerySet[FeedEntry], scope: Scope) -> int:
        """Whoever saw the head sees every position below it."""
        there = entries.filter(position__lte=scope.head).order_by("-position")
        return there.values_list("position", flat=True).first() or 0

    def down(self, scope_id: int, given: int, *, hidden: Ids) -> int:
        """Takes back what was given, the newest first. Returns what is still to be taken back: 0 when nothing is.

        By `first`: an entity that changed again since stands at a later position, and the reader has it all the same.
        """
        rows, complete = self._take(self._given(scope_id, given).exclude(entity_id__in=hidden).order_by("-first"))
        self.changes += [Change(row.entity, row.entity_id, row.version, removed=True) for row in rows]
        if complete:
            return 0
        self.gone[scope_id] = max(given, self.gone.get(scope_id, 0))
        return rows[-1].first - 1 if rows else given

    def beyond(self, scope_id: int, given: int, *, of: Ids, but: Ids, removed: bool) -> None:
        """Beyond the limit, of what was read past: what is among `of` and not among `but` leaves, or comes where it is there."""
        past = self._given(scope_id, given).filter(entity_id__in=of).exclude(entity_id__in=but)
        for row in past if removed else past.filter(removed=False):
            self.changes.append(Change(row.entity, row.entity_id, row.version, removed))

    def _given(self, scope_id: int, position: int) -> QuerySet[FeedEntry]:
        """What a reader has who came so far: not what had left by then, nor what came back later."""
        left = max(position, self.gone.get(scope_id, 0))
        return FeedEntry.objects.filter(scope=scope_id, first__lte=position).exclude(removed=True, position__lte=left)

    def _take(self, entries: QuerySet[FeedEntry]) -> tuple[list[FeedEntry], bool]:
        room = max(0, self.limit - len(self.changes))
        rows = list(entries[: room + 1])
        complete = len(rows) <= room
        self.more = self.more or not complete
        return rows[:room], complete


def _encode(
    positions: Positions,
    gone: Positions | None = None,
    *,
    reader: str,
    epoch: str,
    offices: Offices = frozenset(),
    before: Offices = frozenset(),
) -> str:
    """AES-SIV: the same positions are the same cursor, so that it changes with what its reader is told and with nothing else.

    `gone`: of scopes that its reader is still beginning with, or giving back, a position further on: what had left by then they have not.
    """
    pairs = [*sorted(positions.items()), *sorted((gone or {}).items())]
    content = bytes([len(pairs)]) + _packed(chain.from_iterable(pairs))
    if offices or before:
        content += bytes([len(offices)]) + _packed([*sorted(offices), *sorted(before)])
    return base64.urlsafe_b64encode(_cipher().encrypt(content, _tied_to(reader, epoch))).decode()


_Decoded: TypeAlias = tuple[Positions, Positions, Offices, Offices]
_NOTHING: _Decoded = ({}, {}, frozenset(), frozenset())


def _decode(cursor: str, *, reader: str, wanted: str) -> _Decoded | None:
    """None where it is no cursor of this reader and epoch: then nobody knows what they have."""
    try:
        content = _cipher().decrypt(base64.urlsafe_b64decode(cursor.encode()), _tied_to(reader, wanted))
    except (ValueError, InvalidTag):
        return None
    end = 1 + content[0] * 2 * _NUMBER
    scopes, offices, how_many = _unpacked(content[1:end]), _unpacked(content[end + 1 :]), sum(content[end : end + 1])
    positions: Positions = {}
    gone: Positions = {}
    for scope_id, position in zip(scopes[::2], scopes[1::2], strict=True):
        (gone if scope_id in positions else positions)[scope_id] = position
    return positions, gone, frozenset(offices[:how_many]), frozenset(offices[how_many:])


_NUMBER = 5
"""Bytes of each number, whatever it is: a length tells nothing of how much changed."""


def _packed(numbers: Iterable[int]) -> bytes:
    return b"".join(number.to_bytes(_NUMBER, "big") for number in numbers)


def _unpacked(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + _NUMBER], "big") for at in range(0, len(packed), _NUMBER)]


def _cipher() -> AESSIV:
    return AESSIV(salted_hmac("aryk cursor", b"", algorithm="sha512").digest())


def _tied_to(reader: str, epoch: str) -> list[bytes]:
    return [reader.encode(), epoch.encode()]
