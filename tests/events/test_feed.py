"""Promise 2: no committed change is ever passed over, whatever order transactions commit in."""

import base64
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from reporting import events
from reporting.events import feed
from reporting.events.models import Scope

SCOPE = "profile:feed"


def change(number: int, *, removed: bool = False) -> None:
    events.touch(scope=SCOPE, entity="thing", entity_id=uuid.UUID(int=number), version=number, removed=removed)


def feed_of(scopes: list[str], cursor: str | None, limit: int) -> tuple[list[tuple[int, bool]], str, bool]:
    page = feed.read(reader="me", scopes=scopes, cursor=cursor, limit=limit)
    return [(item.entity_id.int, item.removed) for item in page.changes], page.cursor, page.more


def read(cursor: str | None = None, *, limit: int = 200) -> tuple[list[int], str, bool]:
    found, cursor, more = feed_of([SCOPE], cursor, limit)
    return [number for number, _ in found], cursor, more


def all_of(scopes: list[str], cursor: str | None, limit: int) -> tuple[list[tuple[int, bool]], str]:
    """Page after page until there is no more: what was told, and the cursor after it."""
    seen, cursor, more = feed_of(scopes, cursor, limit)
    while more:
        found, cursor, more = feed_of(scopes, cursor, limit)
        seen += found
    return seen, cursor


def test_a_cursor_gives_only_what_came_after(db: None) -> None:
    with events.unit_of_work():
        change(1)
    first, cursor, _ = read()
    with events.unit_of_work():
        change(2)
    second, cursor, _ = read(cursor)
    assert (first, second, read(cursor)[0]) == ([1], [2], [])


def test_pages_join_without_a_gap(db: None) -> None:
    with events.unit_of_work():
        for number in range(1, 8):
            change(number)
    seen: list[int] = []
    cursor, more = None, True
    while more:
        found, cursor, more = read(cursor, limit=3)
        seen += found
    assert seen == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("cursor", ["", "rubbish", "!!", "bnVsbA==", "WyIiLHsicHJvZmlsZTpmZWVkIjotNX1d", "W1tdLDFd"])
def test_an_unreadable_cursor_reads_everything(db: None, cursor: str) -> None:
    with events.unit_of_work():
        change(1)
    assert read(cursor)[0] == [1]


def test_a_cursor_from_the_future_reads_everything(db: None) -> None:
    """After a restore to an older state the phone is ahead of the server."""
    with events.unit_of_work():
        change(1)
    scope = Scope.objects.get().pk
    for ahead in ({}, {scope: 100}):
        seen, cursor, _ = read(feed._encode({scope: 99}, ahead, reader="me", epoch=""))
        assert (seen, read(cursor)[0]) == ([1], [])
        assert feed._decode(cursor, reader="me", wanted="") == ({scope: 1}, {}, frozenset(), frozenset())


def test_another_reader_s_cursor_reads_everything(db: None) -> None:
    with events.unit_of_work():
        change(1)
    _, cursor, _ = read()
    page = feed.read(reader="somebody else", scopes=[SCOPE], cursor=cursor, limit=200)
    assert [item.entity_id.int for item in page.changes] == [1]


def test_a_changed_cursor_reads_everything(db: None) -> None:
    with events.unit_of_work():
        change(1)
    _, cursor, _ = read()
    assert read(cursor[:-4] + "AAAA")[0] == [1]


def test_a_cursor_says_nothing_but_how_many_scopes_it_is_about(db: None) -> None:
    """Not how many changes there were in between, which the reader may not know of."""
    near = feed._encode({7: 5}, reader="me", epoch="")
    far = feed._encode({7: 5_000_000_000}, reader="me", epoch="")
    assert len(near) == len(far) < 40
    assert base64.urlsafe_b64decode(near)[-5:] != (5).to_bytes(5)
    assert near != feed._encode({7: 5}, reader="you", epoch="") != feed._encode({7: 5}, reader="you", epoch="a")


def test_who_begins_hears_of_nothing_that_left_before_not_even_later(db: None) -> None:
    with events.unit_of_work():
        change(1)
    with events.unit_of_work():
        change(1, removed=True)
    first, cursor, _ = read()
    assert (first, read(cursor)[0]) == ([], [])


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_nobody_hears_that_something_left_which_they_do_not_have(db: None, limit: int) -> None:
    """What left before they began with a scope, also if they read another before, and what came and left since."""
    for number, removed in [(1, False), (2, False), (3, False), (1, True), (4, False)]:
        with events.unit_of_work():
            change(number, removed=removed)
    _, cursor, _ = feed_of([], None, limit)
    seen, cursor = all_of([SCOPE], cursor, limit)
    assert seen == [(2, False), (3, False), (4, False)]
    for number, removed in [(5, False), (1, False), (1, True), (5, True), (2, True)]:
        with events.unit_of_work():
            change(number, removed=removed)
    seen, cursor = all_of([SCOPE], cursor, limit)
    assert seen == [(2, True)]
    assert all_of([], cursor, limit)[0] == [(4, True), (3, True)]


def test_who_has_something_hears_that_it_left_though_it_came_back_and_left_again(db: None) -> None:
    with events.unit_of_work():
        change(1)
    _, cursor, _ = read()
    for removed in (True, False, True):
        with events.unit_of_work():
            change(1, removed=removed)
    assert all_of([SCOPE], cursor, 200)[0] == [(1, True)]
    assert all_of([], cursor, 200)[0] == [(1, True)]
    with events.unit_of_work():
        change(1)
    assert all_of([SCOPE], cursor, 200)[0] == [(1, True), (1, False)]


@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_a_scope_that_is_lost_is_taken_back_whole_and_nothing_else_is(db: None, limit: int) -> None:
    """Also what changed again since, and not what came after the reader was last here."""
    for number in range(1, 6):
        with events.unit_of_work():
            change(number)
    _, cursor, _ = read()
    for number in (2, 9):
        with events.unit_of_work():
            change(number)
    with events.unit_of_work():
        events.touch(scope="profile:other", entity="thing", entity_id=uuid.UUID(int=50), version=1)
    taken, kept, more = [], [], True
    while more:
        page = feed.read(reader="me", scopes=["profile:other"], cursor=cursor, limit=limit)
        assert len(page.changes) <= limit
        taken += [item.entity_id.int for item in page.changes if item.removed]
        kept += [item.entity_id.int for item in page.changes if not item.removed]
        cursor, more = page.cursor, page.more
    assert sorted(taken) == [1, 2, 3, 4, 5]
    assert kept == [50]
    assert feed.read(reader="me", scopes=["profile:other"], cursor=cursor, limit=limit).changes == []


def test_a_scope_that_comes_back_is_read_anew(db: None) -> None:
    with events.unit_of_work():
        change(1)
    _, cursor, _ = read()
    gone = feed.read(reader="me", scopes=[], cursor=cursor, limit=200)
    assert [item.removed for item in gone.changes] == [True]
    assert read(gone.cursor)[0] == [1]


@contextmanager
def in_thread(work: "threading.Thread") -> Iterator[None]:
    work.start()
    try:
        yield
    finally:
        work.join(timeout=20)
        assert not work.is_alive()


def somebody_waits() -> bool:
    """Whether a transaction of this database stands behind another one's lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_reader_never_passes_a_position_that_commits_later() -> None:
    """A takes its position first and commits last; B begins meanwhile. Whoever reads in between misses nothing afterwards."""
    with events.unit_of_work():
        change(9)  # the scope is there already, so that only taking a position can make anybody wait
    _, start, _ = read()
    a_has_position, a_may_commit, b_done = threading.Event(), threading.Event(), threading.Event()

    def a() -> None:
        try:
            with transaction.atomic():
                unit = events.unit._Unit()
                unit.touched[SCOPE]["thing", uuid.UUID(int=1)] = (1, False)
                events.unit._take_positions(unit)
                a_has_position.set()
                assert a_may_commit.wait(10)
        finally:
            connection.close()

    def b() -> None:
        try:
            assert a_has_position.wait(10)
            with events.unit_of_work():
                change(2)
        finally:
            b_done.set()
            connection.close()

    with in_thread(threading.Thread(target=a)), in_thread(threading.Thread(target=b)):
        while not b_done.is_set() and not somebody_waits():
            time.sleep(0.01)
        seen, cursor, _ = read(start)
        a_may_commit.set()
    assert sorted(seen + read(cursor)[0]) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_plain_sequence_would_lose_a_change() -> None:
    """The fault that positions under the scope's lock avoid, so that the test above is known to be able to fail."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE plain_position; CREATE TABLE plain_feed (position bigint)")
    try:
        assert _seen_with_a_plain_sequence() == [2]
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE plain_feed; DROP SEQUENCE plain_position")


def _seen_with_a_plain_sequence() -> list[int]:
    a_has_position, b_committed, seen_all = threading.Event(), threading.Event(), []

    def insert() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO plain_feed VALUES (nextval('plain_position'))")

    def a() -> None:
        try:
            with transaction.atomic():
                insert()
                a_has_position.set()
                assert b_committed.wait(10)
        finally:
            connection.close()

    def rows(after: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT position FROM plain_feed WHERE position > %s ORDER BY 1", [after])
            return [row[0] for row in cursor.fetchall()]

    with in_thread(threading.Thread(target=a)):
        assert a_has_position.wait(10)
        insert()
        seen_all += rows(0)
        b_committed.set()
    return seen_all + rows(max(seen_all))
