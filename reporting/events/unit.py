"""The unit of work: one durable transaction in which a change, its events and its feed entries stand or fall together.

Domain functions call `record` and `touch`; both only collect. As the unit closes, event rows are chained and written and
feed positions taken, in the order of the scopes' keys; nothing comes after. A position is taken under its scope's row lock,
which is held until commit, so that a reader who has seen position n has seen every lower one.

Lock order: case rows by id (the domain's part), then scopes by key (here).
"""

import hashlib
import os
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import structlog
from django.db import connection, transaction

from reporting.errors import NoUnitOfWork
from reporting.events import chain
from reporting.events.models import Event, FeedEntry

log = structlog.get_logger(__name__)

Change: TypeAlias = tuple[str, uuid.UUID]
"""Entity name and id."""


@dataclass(frozen=True)
class _Recorded:
    stream: uuid.UUID
    kind: str
    actor: str
    at: datetime
    data: Any
    opens: bool


@dataclass
class _Unit:
    events: list[_Recorded] = field(default_factory=list)
    touched: dict[str, dict[Change, tuple[int, bool]]] = field(default_factory=lambda: defaultdict(dict))


BEGINNING = (0, chain.GENESIS)
"""What the first event of a stream follows."""

_open: ContextVar[_Unit | None] = ContextVar("open_unit", default=None)
_noted: ContextVar[list[bool] | None] = ContextVar("noted_wakes", default=None)
wake_functions: list[Callable[[], None]] = []
"""Called after the commit of a unit that recorded events. `deploy` adds the one that wakes the worker."""


@contextmanager
def unit_of_work() -> Iterator[None]:
    """One transaction. Raises `NoUnitOfWork` inside another unit and Django's RuntimeError inside another `atomic`."""
    if _open.get() is not None:
        raise NoUnitOfWork("A unit of work cannot be opened inside another one.")
    with transaction.atomic(durable=True):
        unit = _Unit()
        token = _open.set(unit)
        try:
            yield
            _write_events(unit)
            _take_positions(unit)
        finally:
            _open.reset(token)
        if unit.events:
            transaction.on_commit(_wake_or_note)


@contextmanager
def one_wake() -> Iterator[None]:
    """Units that close in here wake the workers once for all of them, as it ends. Should it not come to that, they are swept."""
    if _noted.get() is not None:
        yield
        return
    noted: list[bool] = []
    token = _noted.set(noted)
    try:
        yield
    finally:
        _noted.reset(token)
        if noted:
            _wake()


@contextmanager
def no_wake() -> Iterator[None]:
    """Units that close in here wake nobody: for a worker that looks at the tables until there is nothing left to do."""
    token = _noted.set([])
    try:
        yield
    finally:
        _noted.reset(token)


@contextmanager
def savepoint() -> Iterator[None]:
    """Inside a unit: what is written, recorded and touched here is undone together when an error leaves the block."""
    unit = _current()
    events, touched = len(unit.events), {scope: dict(changes) for scope, changes in unit.touched.items()}
    try:
        with transaction.atomic():
            yield
    except BaseException:
        del unit.events[events:]
        unit.touched = defaultdict(dict, touched)
        raise


def alone(key: bytes) -> None:
    """Wait until no other open unit works on what this key names; held until this unit closes. Entities before SMS links."""
    _current()
    number = int.from_bytes(hashlib.sha256(key).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def record(
    *,
    stream: uuid.UUID,
    kind: str,
    actor: str,
    at: datetime,
    data: dict[str, Any] | None = None,
    opens: bool = False,
) -> None:
    """Add an event to the open unit. `data` holds ids and codes only: nothing that a person said, nobody's name.

    `opens`: what the stream is about was made in this unit, so nothing can be before it.
    """
    _current().events.append(_Recorded(stream, kind, actor, at, data or {}, opens))


def touch(*, scope: str, entity: str, entity_id: uuid.UUID, version: int, removed: bool = False) -> None:
    """Tell a scope that an entity changed (or, `removed`, that it left the scope)."""
    _current().touched[scope][entity, entity_id] = (version, removed)


def _current() -> _Unit:
    unit = _open.get()
    if unit is None:
        raise NoUnitOfWork("Writes to the domain need an open events.unit_of_work().")
    return unit


def _write_events(unit: _Unit) -> None:
    heads: dict[uuid.UUID, tuple[int, bytes]] = {}
    rows = []
    for recorded in unit.events:
        number, previous = heads.get(recorded.stream) or (BEGINNING if recorded.opens else _head(recorded.stream))
        row = _chained(recorded, number=number + 1, previous=previous)
        heads[recorded.stream] = (row.number, bytes(row.hash))
        rows.append(row)
    Event.objects.bulk_create(rows)


def _head(stream: uuid.UUID) -> tuple[int, bytes]:
    last = Event.objects.filter(stream=stream).order_by("-number").values_list("number", "hash").first()
    return (last[0], bytes(last[1])) if last else BEGINNING


def _chained(recorded: _Recorded, *, number: int, previous: bytes) -> Event:
    salt = os.urandom(16)
    digest = chain.digest(salt=salt, data=recorded.data)
    linked = chain.link(
        previous=previous,
        stream=recorded.stream,
        number=number,
        kind=recorded.kind,
        actor=recorded.actor,
        at=recorded.at,
        digest=digest,
    )
    return Event(
        stream=recorded.stream,
        number=number,
        kind=recorded.kind,
        actor=recorded.actor,
        at=recorded.at,
        data=recorded.data,
        salt=salt,
        digest=digest,
        previous=previous,
        hash=linked,
    )


def _take_positions(unit: _Unit) -> None:
    heads = _advance({key: len(changes) for key, changes in sorted(unit.touched.items())})
    present: list[Any] = []
    for key, (scope_id, head) in heads.items():
        changes = unit.touched[key]
        for position, ((entity, entity_id), (version, removed)) in enumerate(changes.items(), head - len(changes) + 1):
            if removed:
                there = FeedEntry.objects.filter(scope=scope_id, entity=entity, entity_id=entity_id, removed=False)
                there.update(position=position, version=version, removed=True)
            else:
                present += [scope_id, entity, entity_id, position, position, version]
    if present:
        _write_entries(present)


def _write_entries(values: list[Any]) -> None:
    """Each moves to its new position, or comes into its scope; what left it before is an entry of its own."""
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s, false)"] * (len(values) // 6))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reporting_feedentry (scope_id, entity, entity_id, position, first, version, removed) "  # noqa: S608
            f"VALUES {rows} ON CONFLICT (scope_id, entity, entity_id) WHERE NOT removed "
            "DO UPDATE SET position = EXCLUDED.position, version = EXCLUDED.version",
            values,
        )


def _advance(by: dict[str, int]) -> dict[str, tuple[int, int]]:
    """Lock the scopes' rows in the order given (making each at first use) and move their heads. Returns ids and new heads by key."""
    if not by:
        return {}
    rows = ", ".join(["(%s, %s)"] * len(by))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reporting_scope (key, head) VALUES {rows} "  # noqa: S608 - placeholders only
            "ON CONFLICT (key) DO UPDATE SET head = reporting_scope.head + EXCLUDED.head RETURNING key, id, head",
            [value for row in by.items() for value in row],
        )
        return {key: (scope_id, head) for key, scope_id, head in cursor.fetchall()}


def _wake_or_note() -> None:
    noted = _noted.get()
    if noted is None:
        _wake()
    else:
        noted.append(True)


def _wake() -> None:
    for wake in wake_functions:
        try:
            wake()
        except Exception as error:  # the commit stands; what is not woken now is swept later
            log.warning("wake_failed", error=type(error).__name__)
