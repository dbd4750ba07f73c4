"""Questions of the office to the reporter, and what the reporter says back: facts that are only ever added."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from reporting import events
from reporting.cases.lifecycle import may_ask, may_move, move
from reporting.cases.models import Inquiry, Reply, Report, Status
from reporting.cases.work import case_to_act_on, changed, lock, office_acting
from reporting.errors import TooLate
from reporting.media.binding import WantedMedium, bind
from reporting.media.models import Medium
from reporting.media.speaking import attach
from reporting.people.models import Profile, User


def ask(*, case: uuid.UUID, by: User, text: str, language: str, at: datetime, voice: Medium | None = None) -> Inquiry:
    """The responsible office asks the reporter something, in words, by voice or both; who asks has read. Raises NotAllowed, TooLate."""
    locked = lock(case)
    office = office_acting(locked, by)
    if not may_ask(locked):
        raise TooLate(f"The case is {Status(locked.status).label.lower()}; nothing can be asked now.")
    if may_move(locked, Status.ACKNOWLEDGED):
        move(locked, Status.ACKNOWLEDGED)
    locked.replied = False
    asked = Inquiry.objects.create(case=locked, office=office, by=by, text=text, language=language, at=at)
    attach(voice, to=asked.id)
    events.record(stream=case, kind="case.asked", actor=f"staff:{by.pk}", at=at, data={"inquiry": str(asked.id)})
    changed(locked, at=at)
    return asked


def reply(
    *,
    op_id: uuid.UUID,
    report: uuid.UUID,
    profile: Profile,
    text: str,
    language: str,
    media: Sequence[WantedMedium] = (),
    filed_at: datetime,
    at: datetime,
) -> None:
    """The reporter says more, at any time, in words or by voice. The case stays where it is, and stands out in its office's queue.

    Raises Waiting before the report has arrived, NotAllowed when it is another's.
    """
    case = case_to_act_on(report, profile)
    if case is None:
        return
    own = Report.objects.get(pk=report)
    said = Reply.objects.create(op_id=op_id, report=own, text=text, language=language, filed_at=filed_at, at=at)
    bind(entity_id=report, said_in=op_id, profile=profile, wanted=media, at=at)
    case.replied = True
    events.record(stream=case.id, kind="report.replied", actor="reporter", at=at, data={"reply": said.pk})
    changed(case, at=at)
