"""The reporter chooses anew who may read. Narrowing takes effect whenever it arrives; only the reporter widens."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from reporting import events
from reporting.cases import work
from reporting.cases.models import Assignment, Audience, Case, Reading, Report
from reporting.people.models import Profile

NARROWEST_FIRST = [Audience.MEDIATOR, Audience.OFFICE, Audience.BORDER]


def choose_audience(*, report: uuid.UUID, profile: Profile, audience: str, seq: int, at: datetime) -> None:
    """Let fewer or more read the profile's own report, in the open unit. `seq` orders the reporter's words: an older one that a carrier
    brings after a newer one changes nothing.

    Offices that may read it no longer lose it at once; routing then gives it to somebody who may. Raises Waiting, NotAllowed.
    """
    if work.is_withdrawn(report, profile):
        return
    case = work.case_of(report, profile)
    chosen = Report.objects.filter(pk=report, audience_seq__lt=seq).update(audience=audience, audience_seq=seq)
    if not chosen:
        return
    case.audience = narrowest(case.reports.filter(completed_by=None).values_list("audience", flat=True))
    case.save(update_fields=["audience"])
    _take_away(case, at=at)
    data = {"report": str(report), "audience": audience}
    events.record(stream=case.id, kind="report.audience_chosen", actor="reporter", at=at, data=data)
    work.changed(case, at=at)


def narrowest(audiences: Iterable[str]) -> Audience:
    """What all of several reports on one matter allow."""
    return min((Audience(one) for one in audiences), key=NARROWEST_FIRST.index)


def note_reading(cases: Iterable[uuid.UUID], *, offices: Iterable[int], at: datetime) -> None:
    """Remember that these offices, where they hold these cases, have had them before their eyes: a reporter who narrows is told."""
    held = Assignment.objects.filter(case__in=list(cases), office__in=list(offices), ended_at=None)
    known = Reading.objects.filter(case__in=list(cases), office__in=list(offices))
    seen = set(known.values_list("case_id", "office_id"))
    new = set(held.values_list("case_id", "office_id")) - seen
    if new:
        rows = [Reading(case_id=case, office_id=office, first_at=at) for case, office in sorted(new)]
        Reading.objects.bulk_create(rows, ignore_conflicts=True)


def _take_away(case: Case, *, at: datetime) -> None:
    for held in case.assignments.filter(ended_at=None).select_related("office"):
        if not work.may_hold(case, held.office):
            held.ended_at = at
            held.save(update_fields=["ended_at"])
            if case.responsible_id == held.office_id:
                case.responsible = None
            data = {"office": held.office.code}
            events.record(stream=case.id, kind="case.taken_away", actor="reporter", at=at, data=data)
