"""Workers beside each other: nobody waits for what another is at, and nothing is put off because two looked at it at once."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from reporting import reactions
from reporting.cases.models import Assignment, Report
from reporting.events.models import Event
from tests.given import a_report
from tests.phones import Phone

LONGEST_WAIT = 10


def in_a_thread(done: Callable[[], object]) -> threading.Thread:
    """With a connection of its own, which is closed."""

    def run() -> None:
        try:
            done()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def routes(report: Report) -> Event:
    """The event that the report's way to an office follows from."""
    return Event.objects.get(stream=report.case_id, kind="report.received")


def is_with_an_office(report: Report) -> bool:
    """Whether routing came to an end."""
    return Assignment.objects.filter(case=report.case_id, role="responsible").exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_goes_past_what_another_is_at(aijan: Phone) -> None:
    first, second = a_report(aijan), a_report(aijan)
    with transaction.atomic():
        Event.objects.select_for_update().get(pk=routes(first).pk)
        other = in_a_thread(lambda: reactions.drain(at=timezone.now()))
        other.join(LONGEST_WAIT)
        assert not other.is_alive(), "it waited for the one that another worker is at"
        assert is_with_an_office(second)
    assert routes(first).attempts == 0, "what it could not have is not counted as tried"
    assert reactions.drain(at=timezone.now()) == 1
    assert is_with_an_office(first)


@pytest.mark.django_db(transaction=True)
def test_what_a_worker_has_taken_is_done_though_another_looks_at_it_just_then(aijan: Phone) -> None:
    report = a_report(aijan)
    about_to_read, looked_at = threading.Event(), threading.Event()

    def another_looks(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT") and "FOR UPDATE" in sql and '"reporting_event"' in sql:
            about_to_read.set()
            looked_at.wait(LONGEST_WAIT)
        return execute(sql, params, many, context)

    def drain() -> None:
        with connection.execute_wrapper(another_looks):
            reactions.drain(at=timezone.now())

    worker = in_a_thread(drain)
    assert about_to_read.wait(LONGEST_WAIT)
    with transaction.atomic():
        Event.objects.select_for_update().get(pk=routes(report).pk)
        looked_at.set()
        worker.join(0.3)
    worker.join(LONGEST_WAIT)
    assert is_with_an_office(report)
