"""Promise 2: a change, its events and its feed entries stand or fall together."""

import uuid
from collections.abc import Callable

import pytest
from django.db import transaction

from reporting import events
from reporting.errors import NoUnitOfWork
from reporting.events.models import Event, FeedEntry, Scope
from tests.given import MONDAY

SOMETHING = uuid.UUID(int=1)


def happen(kind: str = "thing.happened", scope: str = "profile:a") -> None:
    events.record(stream=SOMETHING, kind=kind, actor="system", at=MONDAY)
    events.touch(scope=scope, entity="thing", entity_id=SOMETHING, version=1)


def test_events_and_feed_entries_are_written_as_the_unit_closes(db: None) -> None:
    with events.unit_of_work():
        happen()
        assert not Event.objects.exists()
    assert Event.objects.get().number == 1
    assert FeedEntry.objects.get().position == 1


def test_an_error_undoes_events_and_feed_entries(db: None) -> None:
    with pytest.raises(ValueError, match="no"), events.unit_of_work():
        happen()
        raise ValueError("no")
    assert not Event.objects.exists()
    assert not FeedEntry.objects.exists()


def test_a_savepoint_undoes_only_its_own_part(db: None) -> None:
    with events.unit_of_work():
        happen("first")
        with pytest.raises(ValueError, match="no"), events.savepoint():
            happen("second", scope="profile:b")
            raise ValueError("no")
    assert [event.kind for event in Event.objects.all()] == ["first"]
    assert [scope.key for scope in Scope.objects.all()] == ["profile:a"]


def test_nothing_is_recorded_outside_a_unit(db: None) -> None:
    with pytest.raises(NoUnitOfWork):
        events.record(stream=SOMETHING, kind="x", actor="system", at=MONDAY)
    with pytest.raises(NoUnitOfWork):
        events.touch(scope="profile:a", entity="thing", entity_id=SOMETHING, version=1)


def test_a_unit_inside_another_one_fails(db: None) -> None:
    with pytest.raises(NoUnitOfWork), events.unit_of_work(), events.unit_of_work():
        pass


@pytest.mark.django_db(transaction=True)
def test_a_unit_inside_another_transaction_fails() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), events.unit_of_work():
        pass
    with events.unit_of_work():
        happen()
    assert Event.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_after_the_commit_and_a_dead_broker_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []

    def look() -> None:
        seen.append(Event.objects.count())

    def fail() -> None:
        raise ConnectionError("the broker is dead")

    wakes: list[Callable[[], None]] = [fail, look]
    monkeypatch.setattr("reporting.events.unit.wake_functions", wakes)
    with events.unit_of_work():
        happen()
    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_units_of_one_batch_wake_the_worker_once_even_when_the_batch_ends_in_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[int] = []
    monkeypatch.setattr("reporting.events.unit.wake_functions", [lambda: seen.append(Event.objects.count())])
    with events.one_wake():
        pass
    assert seen == []
    with pytest.raises(ValueError, match="the next"), events.one_wake():
        for _ in range(3):
            with events.unit_of_work():
                happen()
        raise ValueError("the next one could not be dealt with")
    assert seen == [3]


@pytest.mark.django_db(transaction=True)
def test_who_looks_until_nothing_is_left_wakes_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr("reporting.events.unit.wake_functions", [lambda: seen.append(Event.objects.count())])
    with events.no_wake():
        with events.one_wake(), events.unit_of_work():
            happen()
        with events.unit_of_work():
            happen()
    assert seen == []
    with events.unit_of_work():
        happen()
    assert seen == [3]


def test_only_the_newest_change_of_an_entity_is_kept_in_a_scope(db: None) -> None:
    for _ in range(3):
        with events.unit_of_work():
            happen()
    entry = FeedEntry.objects.get()
    assert entry.position == 3
