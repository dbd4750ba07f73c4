"""A protected signal becomes a formal appeal, when its reporter says so and says who they are; nobody else can."""

import uuid
from datetime import datetime

from reporting import events
from reporting.cases import deadlines
from reporting.cases.envelopes import AppealIdentity
from reporting.cases.models import Report, Term, Track
from reporting.cases.work import case_to_act_on, changed
from reporting.people.models import Profile


def appeal(*, report: uuid.UUID, profile: Profile, identity: bytes, at: datetime) -> None:
    """Turn the profile's own signal into an appeal, in the open unit; an appeal stays as it is. `identity` is sealed.

    The law's clock starts now, and what was promised for an earlier day stays promised. Who may read stays as the reporter chose: what
    mediators alone read is theirs to answer. Raises Waiting before the report has arrived, NotAllowed when it is another's.
    """
    case = case_to_act_on(report, profile)
    if case is None:
        return
    if not Report.objects.filter(pk=report, track=Track.SIGNAL).update(track=Track.APPEAL):
        return
    AppealIdentity.objects.create(report_id=report, sealed=identity)
    terms = list(Term.objects.filter(track=Track.APPEAL))
    case.track = Track.APPEAL
    case.acknowledge_by = min(case.acknowledge_by, deadlines.by_law(terms, Track.APPEAL, Term.Purpose.REGISTER, at=at))
    case.answer_by = min(case.answer_by, deadlines.by_law(terms, Track.APPEAL, Term.Purpose.ANSWER, at=at))
    case.save(update_fields=["track", "acknowledge_by", "answer_by"])
    events.record(stream=case.id, kind="report.appealed", actor="reporter", at=at, data={"report": str(report)})
    changed(case, at=at)
