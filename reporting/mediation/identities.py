"""Opening who made a signal: one mediator asks and says why, another one consents, and both leave a record (ADR 13).

Nothing here can be read by the server: it passes sealed halves from phone to phone, to two different accounts.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from reporting import events
from reporting.cases import work
from reporting.cases.envelopes import ProtectedIdentity
from reporting.cases.models import Case, Report
from reporting.cases.queries import visible_to
from reporting.errors import NotAllowed, Rejected, Waiting
from reporting.mediation.followups import follows
from reporting.mediation.models import Opening
from reporting.people.access import mediator_viewer
from reporting.people.models import GroupKey, Profile, User

STANDS_FOR = timedelta(days=7)
"""How long a request waits for its answer, and what was consented to may be looked at."""


@dataclass(frozen=True)
class Halves:
    """What the one who asked puts together: both sealed to `key_id`."""

    key_id: str
    own: bytes
    passed: bytes


def ask(*, opening: uuid.UUID, report: uuid.UUID, reason: str, user: User, at: datetime) -> None:
    """A mediator who holds one of the two keys asks the holder of the other one to open it together, in the open unit.

    Raises Waiting before the report has arrived; NotAllowed for others, and when nothing is sealed; Rejected `changed`.
    """
    case, sealed = _sealed_with(report)
    if sealed is None:
        raise NotAllowed("Nobody's identity is sealed with this report.")
    key = _key_of(user, sealed)
    if key is None or not follows(case.id, user):
        raise NotAllowed("Only a mediator who holds one of the two keys, and follows the case, can ask.")
    if Opening.objects.filter(pk=opening).exists():
        raise Rejected("changed", "A request with this id is already here; the first one stays.")
    Opening.objects.create(id=opening, identity=sealed, by=user, key_id=key.key_id, reason=reason, asked_at=at)
    _tell("requested", opening=opening, case=case, user=user, at=at)


def decide(*, opening: uuid.UUID, report: uuid.UUID, passed: bytes | None, user: User, at: datetime) -> None:
    """The holder of the other key consents and passes the other half on, or refuses (None), in the open unit.

    What was decided stays; after `STANDS_FOR`, or when the report was taken back, nothing is decided any more. Raises Waiting before the
    report or the request has arrived, NotAllowed for everybody else.
    """
    case, sealed = _sealed_with(report)
    if sealed is None:
        return
    asked = Opening.objects.filter(pk=opening, identity=sealed).first()
    if asked is None:
        raise Waiting(opening)
    key = _key_of(user, sealed)
    if key is None or key.key_id == asked.key_id or user == asked.by or not follows(case.id, user):
        raise NotAllowed("Only the mediator who holds the other key can answer this.")
    if asked.decided_at is None and asked.asked_at > at - STANDS_FOR:
        Opening.objects.filter(pk=opening).update(decided_at=at, decided_by=user, passed=passed)
        _tell("refused" if passed is None else "consented", opening=opening, case=case, user=user, at=at)


def look(*, opening: uuid.UUID, profile: Profile, at: datetime) -> Halves:
    """Both halves, to the phone of who asked, in the open unit; each time it is told in the case's history, and to the reporter.

    Raises NotAllowed for everybody else, before consent and `STANDS_FOR` after it, without a login in force, when it was taken back.
    """
    viewer = mediator_viewer(profile=profile, at=at)
    asked = Opening.objects.filter(pk=opening).select_related("identity__report").first()
    if viewer is None or asked is None or viewer.name != f"staff:{asked.by_id}":
        raise NotAllowed("Only who asked for it, logged in, can look.")
    case = work.lock(asked.identity.report.case_id)
    if not visible_to(viewer).filter(pk=case.pk).exists():
        raise NotAllowed("This case is with another group now.")
    consented = Opening.objects.filter(pk=opening, decided_at__gt=at - STANDS_FOR).exclude(passed=None)
    stands = consented.select_related("identity").first()
    if stands is None:
        raise NotAllowed("Nobody has consented to it in the last seven days.")
    Opening.objects.filter(pk=opening, opened_at=None).update(opened_at=at)
    _tell("opened", opening=opening, case=case, user=asked.by, at=at)
    own = stands.identity.half_of(stands.key_id)
    return Halves(key_id=stands.key_id, own=own, passed=bytes(stands.passed or b""))


def tell_of_key(key_id: str, *, at: datetime) -> None:
    """A key has come after what is sealed to it, as to a restored server: phones that have such a case are told, in the open unit."""
    sealed = ProtectedIdentity.objects.filter(Q(first_key=key_id) | Q(second_key=key_id))
    for case in sealed.order_by("report__case").values_list("report__case", flat=True):
        work.changed(work.lock(case), at=at)


def _sealed_with(report: uuid.UUID) -> tuple[Case, ProtectedIdentity | None]:
    """The report's case, locked, and who made it."""
    said = Report.objects.filter(pk=report).first()
    if said is None:
        raise Waiting(report)
    return work.lock(said.case_id), ProtectedIdentity.objects.filter(report=report).first()


def _key_of(user: User, sealed: ProtectedIdentity) -> GroupKey | None:
    return GroupKey.objects.filter(user=user, key_id__in=[sealed.first_key, sealed.second_key]).first()


def _tell(what: str, *, opening: uuid.UUID, case: Case, user: User, at: datetime) -> None:
    data = {"opening": str(opening)}
    events.record(stream=case.id, kind=f"identity.{what}", actor=f"staff:{user.pk}", at=at, data=data)
    work.changed(case, at=at)
