"""Follow-ups: a mediator's visits, calls and meetings, added to the case whatever has happened to it meanwhile."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from reporting import events
from reporting.cases import work
from reporting.cases.models import Case
from reporting.errors import Rejected, Waiting
from reporting.mediation.models import FollowUp
from reporting.people.models import Office, Profile, User
from reporting.people.profiles import mediation_offices, own_groups


@dataclass(frozen=True)
class NewFollowUp:
    """What a mediator noted on the phone."""

    id: uuid.UUID
    case: uuid.UUID
    kind: str
    happened_on: date
    text: str
    language: str
    filed_at: datetime


def add(*, follow_up: NewFollowUp, user: User, profile: Profile, at: datetime) -> FollowUp:
    """Put a mediator's follow-up on a case that one of their offices holds or held. Raises Rejected `not_yours`, `changed`.

    A login that has expired, a case that went to another office or an office that was switched off while the phone was offline does not
    lose the work. Raises Waiting for a case that a restored server does not know yet, or that no office has had: the report comes again and
    is routed again.
    """
    if not Case.objects.filter(pk=follow_up.case, assignments__isnull=False).exists():
        raise Waiting(follow_up.case)
    if not had_by(own_groups(user), follow_up.case, user):
        raise Rejected("not_yours", "This case is not one of those your mediation office follows.")
    if FollowUp.objects.filter(pk=follow_up.id).exists():
        raise Rejected("changed", "A follow-up with this id is already here; the first one stays.")
    case = work.lock(follow_up.case)
    written = FollowUp.objects.create(
        id=follow_up.id,
        case=case,
        kind=follow_up.kind,
        happened_on=follow_up.happened_on,
        text=follow_up.text,
        language=follow_up.language,
        by=user,
        profile=profile,
        filed_at=follow_up.filed_at,
        received_at=at,
    )
    data = {"follow_up": str(written.id)}
    events.record(stream=case.id, kind="case.followed_up", actor=f"staff:{user.pk}", at=at, data=data)
    work.changed(case, at=at)
    return written


def follows(case_id: uuid.UUID, user: User) -> bool:
    """Whether one of the mediator's offices in use holds the case, or held it."""
    return had_by(mediation_offices(user), case_id, user)


def had_by(offices: QuerySet[Office], case_id: uuid.UUID, user: User) -> bool:
    """Whether one of these offices of the mediator's holds the case, or held it; never one that is about an office of theirs."""
    held = Case.objects.filter(pk=case_id, assignments__office__in=offices)
    return held.exclude(excluded__memberships__user=user).exists()
