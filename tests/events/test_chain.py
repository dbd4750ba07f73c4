"""Promise 3: history cannot be changed behind anybody's back, and content can be erased without breaking it."""

import uuid

import pytest

from reporting import events
from reporting.events.chain import first_fault
from reporting.events.models import Event
from tests.given import MONDAY

STREAM = uuid.UUID(int=7)


@pytest.fixture
def three(db: None) -> list[Event]:
    for number in range(3):
        with events.unit_of_work():
            events.record(stream=STREAM, kind="step", actor="system", at=MONDAY, data={"n": number})
    return history()


def history() -> list[Event]:
    return list(Event.objects.filter(stream=STREAM).order_by("number"))


def test_an_untouched_history_holds(three: list[Event]) -> None:
    assert first_fault(three) is None


def test_a_changed_actor_is_found(three: list[Event]) -> None:
    Event.objects.filter(number=2).update(actor="staff:1")
    assert first_fault(history()) == "event 2 was changed"


def test_changed_content_is_found(three: list[Event]) -> None:
    Event.objects.filter(number=2).update(data={"n": 99})
    assert first_fault(history()) == "the content of event 2 was changed"


def test_a_missing_event_is_found(three: list[Event]) -> None:
    Event.objects.filter(number=2).delete()
    assert first_fault(history()) == "event 2 is missing"


def test_erased_content_leaves_the_history_whole(three: list[Event]) -> None:
    Event.objects.filter(number=2).update(data=None, salt=None)
    assert first_fault(history()) is None
