"""The reporter chooses anew who may read. Narrowing takes effect whenever it arrives; only the reporter widens."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef

from reporting import events
from reporting.cases import work
from reporting.cases.models import Assignment, Audience, Case, Reading, Report
from reporting.errors import Rejected
from reporting.people.models import Profile

NARROWEST_FIRST = [Audience.MEDIATOR, Audience.OFFICE, Audience.BORDER]


def choose_audience(*, report: uuid.UUID, profile: Profile, audience: str, seq: int, at: datetime) -> None:
    """Let fewer or more read the profile's own report, in the open unit. `seq` orders the reporter's words: an older one that a carrier
    brings after a newer one changes nothing.

    Offices that may read it no longer lose it at once; routing then gives it to somebody who may. Raises Waiting, NotAllowed, and Rejected
    where no office may read it.
    """
    case = work.case_to_act_on(report, profile)
    if case is None:
        return
    if audience != Audience.MEDIATOR:
        _refuse_unlisted(report)
    chosen = Report.objects.filter(pk=report, audience_seq__lt=seq).update(audience=audience, audience_seq=seq)
    if not chosen:
        return
    let_read(case, report=report, audience=audience, at=at)
    work.changed(case, at=at)


def let_read(case: Case, *, report: uuid.UUID, audience: str, at: datetime) -> None:
    """Of a locked case: what its reports allow counts from now on. The caller says that it changed."""
    case.audience = narrowest(case.reports.counting().values_list("audience", flat=True))
    case.save(update_fields=["audience"])
    _take_away(case, at=at)
    data = {"report": str(report), "audience": audience}
    events.record(stream=case.id, kind="report.audience_chosen", actor="reporter", at=at, data=data)


def narrowest(audiences: Iterable[str]) -> Audience:
    """What all of several reports on one matter allow."""
    return min((Audience(one) for one in audiences), key=NARROWEST_FIRST.index)


AT_ONCE = 50
"""Cases noted in one unit of work: a mediator's first thousand must not hold their reporters' scopes for seconds."""


def note_reading(cases: Iterable[uuid.UUID], *, offices: Iterable[int], at: datetime) -> None:
    """Remember that these offices, where they hold these cases, have had them before their eyes, and tell the reporters.

    Opens units of work of its own.
    """
    shown, readers = list(cases), list(offices)
    held = Assignment.objects.filter(case__in=shown, office__in=readers, ended_at=None)
    known = Reading.objects.filter(case=OuterRef("case"), office=OuterRef("office"))
    new = set(held.exclude(Exists(known)).values_list("case_id", "office_id"))
    unread = sorted({case for case, _ in new})
    for start in range(0, len(unread), AT_ONCE):
        some = set(unread[start : start + AT_ONCE])
        rows = [Reading(case_id=case, office_id=office, first_at=at) for case, office in sorted(new) if case in some]
        with events.unit_of_work():
            Reading.objects.bulk_create(rows, ignore_conflicts=True)
            _tell_reporters(some)


def _refuse_unlisted(report: uuid.UUID) -> None:
    """Raises Rejected where a report is about an office that nobody has named: another's word for it could hand it to that very office."""
    if Report.objects.filter(pk=report, about_unlisted=True).exists():
        raise Rejected("invalid", "It is about an office that is not in the list: only mediators may read it.")


def _tell_reporters(cases: set[uuid.UUID]) -> None:
    reports = Report.objects.counting().filter(case__in=cases).select_related("profile", "case")
    for report in reports:
        events.touch(scope=report.profile.scope, entity="report", entity_id=report.id, version=report.case.version)


def _take_away(case: Case, *, at: datetime) -> None:
    for held in work.holding(case):
        if not work.may_hold(case, held.office):
            work.take_away(case, held, actor="reporter", at=at)
