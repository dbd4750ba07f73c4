"""In danger a report goes first and the reporter is asked afterwards."""

import uuid
from datetime import datetime

from reporting import events
from reporting.cases.models import Report
from reporting.cases.work import case_to_act_on, changed
from reporting.people.models import Profile


def consent(*, report: uuid.UUID, profile: Profile, version: int, at: datetime) -> None:
    """The reporter agrees to a version of the notice, in the open unit; said once, the first word stays.

    Raises Waiting before the report has arrived, NotAllowed when it is another's.
    """
    case = case_to_act_on(report, profile)
    if case is None:
        return
    if Report.objects.filter(pk=report, consent=None).update(consent=version):
        data = {"report": str(report), "consent": version}
        events.record(stream=case.id, kind="report.consented", actor="reporter", at=at, data=data)
        changed(case, at=at)
