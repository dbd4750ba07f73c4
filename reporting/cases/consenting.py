"""In danger a report goes first and the reporter is asked afterwards."""

import uuid
from datetime import datetime

from reporting import events
from reporting.cases.models import Report
from reporting.cases.work import case_of, changed, is_withdrawn
from reporting.people.models import Profile


def consent(*, report: uuid.UUID, profile: Profile, version: int, at: datetime) -> None:
    """The reporter agrees to a version of the notice, in the open unit; said once, the first word stays.

    Raises Waiting before the report has arrived, NotAllowed when it is another's.
    """
    if is_withdrawn(report, profile):
        return
    case = case_of(report, profile)
    if Report.objects.filter(pk=report, consent=None).update(consent=version):
        data = {"report": str(report), "consent": version}
        events.record(stream=case.id, kind="report.consented", actor="reporter", at=at, data=data)
        changed(case, at=at)
