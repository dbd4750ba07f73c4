"""Who works where: given and taken by one road, which leaves a record that nobody can change.

The record is the office's own stream of events: chained, never edited, read by the office's supervisors. Whatever is taken or changed
ends the person's logins on phones in the same unit, so that giving it back wakes no phone that was stolen meanwhile; a new password does
as it is kept (`User.save`). The caller opens the unit of work; `by` is `staff:<id>`, or `system` for a command typed at the server.
"""

from datetime import datetime

from django.db.models import QuerySet

from reporting import events
from reporting.people.models import AccessRecord, Membership, Office, User
from reporting.people.profiles import end_logins


def give(*, user: User, office: Office, role: str, by: str, at: datetime) -> Membership:
    """Let somebody work in an office, or change their role there."""
    held = Membership.objects.filter(user=user, office=office).first()
    if held is not None and held.role == role:
        return held
    if held is not None:
        end_logins(user=user, at=at)
    membership, _ = Membership.objects.update_or_create(user=user, office=office, defaults={"role": role})
    _record(AccessRecord.GIVEN, user=user, office=office, role=role, by=by, at=at)
    return membership


def take(*, membership: Membership, by: str, at: datetime) -> None:
    """Somebody works there no longer."""
    user, office, role = membership.user, membership.office, membership.role
    Membership.objects.filter(pk=membership.pk).delete()
    end_logins(user=user, at=at)
    _record(AccessRecord.TAKEN, user=user, office=office, role=role, by=by, at=at)


def password_set(*, user: User, by: str, at: datetime) -> None:
    """A new password. Who set another's can now log in as this person: as good as access to every office of theirs."""
    if by != f"staff:{user.pk}":
        _record_everywhere(AccessRecord.PASSWORD, user=user, by=by, at=at)


def switched(*, user: User, by: str, at: datetime) -> None:
    """An account was switched on or off, as it is now: every office of theirs is as good as given or taken."""
    end_logins(user=user, at=at)
    _record_everywhere(AccessRecord.ON if user.is_active else AccessRecord.OFF, user=user, by=by, at=at)


def mediates_nationally(user: User) -> bool:
    """Whether somebody mediates for the whole country."""
    return (
        user.is_active
        and Membership.objects.filter(
            user=user,
            role=Membership.Role.MEDIATOR,
            office__kind=Office.Kind.MEDIATION,
            office__level=Office.Level.NATIONAL,
        ).exists()
    )


def supervised_by(user: User) -> set[int]:
    """The offices whose record somebody watches over: those they supervise, and all below these."""
    own = Membership.objects.filter(user=user, role=Membership.Role.SUPERVISOR, office__active=True)
    found: set[int] = set()
    level = set(own.values_list("office_id", flat=True)) if user.is_active else set()
    while level - found:
        found |= level
        level = set(Office.objects.filter(parent__in=level).values_list("pk", flat=True))
    return found


def record_seen_by(user: User) -> QuerySet[AccessRecord]:
    """What was given and taken, newest first: to supervisors of their offices, to operators of all."""
    offices = Office.objects.all() if user.is_superuser else Office.objects.filter(pk__in=supervised_by(user))
    return AccessRecord.objects.filter(
        stream__in=[office.stream for office in offices], kind__in=AccessRecord.KINDS
    ).order_by("-id")


def _record_everywhere(kind: str, *, user: User, by: str, at: datetime) -> None:
    for held in Membership.objects.filter(user=user).select_related("office").order_by("office_id"):
        _record(kind, user=user, office=held.office, role=held.role, by=by, at=at)


def _record(kind: str, *, user: User, office: Office, role: str, by: str, at: datetime) -> None:
    Office.objects.select_for_update(no_key=True).get(pk=office.pk)  # one at a time in the office's chain
    data = {"user": user.pk, "office": office.code, "role": role}
    events.record(stream=office.stream, kind=kind, actor=by, at=at, data=data)
