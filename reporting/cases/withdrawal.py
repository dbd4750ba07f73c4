"""A reporter takes a report back: what it said is erased everywhere, that it was there stays in the history."""

import uuid
from datetime import datetime

from django.db.models import Q

from reporting import events
from reporting.cases import work
from reporting.cases.envelopes import AppealIdentity, NotifyAddress, ProtectedIdentity
from reporting.cases.lifecycle import move
from reporting.cases.models import Case, Reply, Report, Status, Withdrawal
from reporting.errors import NotAllowed
from reporting.media.erasing import erase_all
from reporting.people.models import Profile


def withdraw(*, report: uuid.UUID, profile: Profile, at: datetime) -> None:
    """Erase the words, answers, position and media of the profile's own report, in the open unit; twice is once.

    Category, village and receipt stay, and so does the office it is about, which must not see it now either. A report that has not
    arrived will not be written when it does. Raises NotAllowed when it is another's.
    """
    found = Report.objects.filter(pk=report).first()
    if found is not None and found.profile_id != profile.pk:
        raise NotAllowed("Only the reporter can take it back.")
    Withdrawal.objects.get_or_create(profile=profile, report_id=report, defaults={"at": at})
    if found is not None:
        erase(report, case=work.lock_case_of(report, profile), at=at)


def erase(report_id: uuid.UUID, *, case: Case, at: datetime) -> None:
    """Erase a report of a locked case, and what came of it before by SMS."""
    left = Report.objects.filter(Q(pk=report_id) | Q(completed_by=report_id), withdrawn_at=None)
    erased = left.update(
        text="",
        answers={},
        about_unlisted=False,
        latitude=None,
        longitude=None,
        accuracy_m=None,
        happened_when="",
        happened_on=None,
        withdrawn_at=at,
    )
    if not erased:
        return
    erase_all(entity_id=report_id)
    Reply.objects.filter(report=report_id).update(text="")
    AppealIdentity.objects.filter(report=report_id).delete()
    NotifyAddress.objects.filter(report=report_id).delete()
    ProtectedIdentity.objects.filter(report=report_id).delete()
    if not case.reports.filter(withdrawn_at=None).exists():
        case.notes.update(text="")
        Case.objects.filter(pk=case.pk).update(urgent=False, urgent_because=[])
        case.replied = False
        move(case, Status.WITHDRAWN)
    events.record(stream=case.id, kind="report.withdrawn", actor="reporter", at=at, data={"report": str(report_id)})
    work.changed(case, at=at)
