"""Never nowhere, by the clock: cases whose office was switched off, or that no office could take, and offices with nobody in them."""

from datetime import datetime

import structlog
from django.db.models import Exists, OuterRef, Q

from reporting import events
from reporting.cases.models import NOWHERE, WAITS, Case
from reporting.events.models import Event
from reporting.people.access import ANSWERING_ROLES
from reporting.people.models import Membership, Office
from reporting.routing import alarms, route
from reporting.routing.book import Book
from reporting.routing.models import Alarm

log = structlog.get_logger(__name__)

IN_A_SWEEP = 200
ROUTED_BY = ("report.received", "report.audience_chosen", "report.appealed", "case.disputed")
"""The kinds of event that routing follows."""


def route_all_anew(*, at: datetime) -> int:
    """Give what no office has, or what waits for one that is switched off, to one that works, one unit of work a case. Returns how many
    were looked at.

    What an event is still to route is left to that: should it kill its worker, the attempt is counted there. Danger first, and what
    nobody could take before last: it holds up nothing that somebody can.
    """
    in_vain = Exists(Alarm.objects.filter(case=OuterRef("pk"), kind=Alarm.Kind.NO_OFFICE, cleared_at=None))
    to_follow = Event.objects.filter(stream=OuterRef("pk"), kind__in=ROUTED_BY, reacted_at=None)
    off = list(Office.objects.filter(active=False).values_list("pk", flat=True))
    lost = Case.objects.filter(~Exists(to_follow), NOWHERE | WAITS & Q(responsible__in=off))
    ids = list(lost.order_by(in_vain, "-danger", "?").values_list("id", flat=True)[:IN_A_SWEEP])
    book = Book()
    for case_id in ids:
        try:
            with events.unit_of_work():
                route.route_again(case=case_id, book=book, at=at)
        except Exception as error:  # one case's trouble keeps no other one nowhere
            log.error("case_not_routed", case=str(case_id), error=type(error).__name__)
    return len(ids)


def show_who_has_nobody(*, at: datetime) -> None:
    """An alarm for each office that must act on a case and in which nobody can."""
    can_answer = Membership.objects.filter(office=OuterRef("pk"), role__in=ANSWERING_ROLES, user__is_active=True)
    with events.unit_of_work():
        for office in Office.objects.filter(~Exists(can_answer), active=True):
            # By itself: joined, all cases that wait would be read.
            if Case.objects.filter(WAITS, responsible=office).exists():
                alarms.stands(Alarm.Kind.NOBODY_ANSWERS, office=office, at=at)
