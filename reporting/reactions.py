"""What happens next: event kind → what follows, one dict. The event table is the outbox; nothing here waits on the broker."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.db import connection
from django.db.models import Q

from reporting import events
from reporting.cases import work
from reporting.cases.models import Report
from reporting.events.models import Event
from reporting.media.models import Medium
from reporting.people.models import Office, User
from reporting.routing import alarms, route
from reporting.routing.book import Book
from reporting.routing.models import Alarm

log = structlog.get_logger(__name__)


def _route(event: Event, book: Book, at: datetime) -> None:
    route.route(case=event.stream, book=book, at=at)


def _route_anew(event: Event, book: Book, at: datetime) -> None:
    route.route_anew(case=event.stream, book=book, at=at)


def _escalate(event: Event, book: Book, at: datetime) -> None:
    route.escalate(case=event.stream, book=book, at=at)


def _tell_case(event: Event, _book: Book, at: datetime) -> None:
    """A photo was decoded, kept aside or lost: whoever reads its report sees so. The event's stream is the medium."""
    reports = Medium.objects.filter(pk=event.stream).values("entity_id")
    for case_id in Report.objects.filter(pk__in=reports).values_list("case_id", flat=True):
        work.changed(work.lock(case_id), at=at)


def _tell_supervisors(event: Event, _book: Book, at: datetime) -> None:
    """What the server's own commands give needs no alarm: whoever types them there can read everything anyway."""
    data = event.data or {}
    office, user = Office.objects.get(code=data["office"]), User.objects.get(pk=data["user"])
    if event.actor != "system":
        alarms.access_given(office=office, about=user, at=at)


REACTIONS: dict[str, tuple[Callable[[Event, Book, datetime], None], ...]] = {
    "report.received": (_route,),
    "report.audience_chosen": (_route_anew,),
    "report.appealed": (_route_anew,),
    "case.disputed": (_escalate,),
    "membership.given": (_tell_supervisors,),
    "account.password_set": (_tell_supervisors,),
    "account.switched_on": (_tell_supervisors,),
    "medium.ready": (_tell_case,),
    "medium.unusable": (_tell_case,),
    "medium.lost": (_tell_case,),
}


FAILS_AFTER = 3


def drain(*, at: datetime, limit: int = 200) -> int:
    """React to events that nobody has reacted to, oldest first, each in a unit of work of its own. Returns how many."""
    _pass_over(at)
    waiting = Event.objects.filter(Q(next_attempt_at=None) | Q(next_attempt_at__lte=at), reacted_at=None)
    due = waiting.order_by("id").values_list("id", "attempts")[:limit]
    book = Book()
    with events.one_wake():
        return sum(_claim(event_id, attempts, at) and _react(event_id, book, at) for event_id, attempts in due)


def show_what_fails(*, at: datetime) -> None:
    """An alarm where something did not follow though it was tried `FAILS_AFTER` times; the log says of which event."""
    with events.unit_of_work():
        if Event.objects.filter(reacted_at=None, attempts__gte=FAILS_AFTER).exists():
            alarms.stands(Alarm.Kind.REACTION_FAILS, at=at)


def _pass_over(at: datetime) -> None:
    Event.objects.filter(reacted_at=None).exclude(kind__in=REACTIONS).update(reacted_at=at)


def _react(event_id: int, book: Book, at: datetime) -> bool:
    try:
        with events.unit_of_work():
            # Whoever else has this row now only sees that it is taken: it is waited for, not left.
            event = Event.objects.select_for_update().filter(pk=event_id, reacted_at=None).first()
            if event is None:
                return False
            for follow in REACTIONS[event.kind]:
                follow(event, book, at)
            Event.objects.filter(pk=event_id).update(reacted_at=at, trouble="")
    except Exception as error:  # one event's trouble holds up no other; it is tried again and seen by a person
        log.error("reaction_failed", event_id=event_id, error=type(error).__name__)
        Event.objects.filter(pk=event_id, reacted_at=None).update(trouble=type(error).__name__)
        return False
    return True


def _claim(event_id: int, attempts: int, at: datetime) -> bool:
    """Count the attempt before it begins: what kills its worker must not be the first one again.

    False: another worker took it, or is at it now and is not waited for; side by side they would else do one at a time.
    """
    wait = min(timedelta(seconds=5 * 2 ** min(attempts, 10)), timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reporting_event SET attempts = attempts + 1, next_attempt_at = %s WHERE id = ("
            "SELECT id FROM reporting_event WHERE id = %s AND attempts = %s AND reacted_at IS NULL FOR UPDATE SKIP LOCKED)",
            [at + wait, event_id, attempts],
        )
        return bool(cursor.rowcount)
