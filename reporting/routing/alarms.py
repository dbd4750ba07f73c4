"""Alarms are seen and cleared by those whom they concern; clearing says why."""

from datetime import datetime

from django.db.models import Q, QuerySet

from reporting.errors import NotAllowed, TooLate
from reporting.people.memberships import supervised_by
from reporting.people.models import Office, User
from reporting.routing.models import Alarm


def access_given(*, office: Office, about: User, at: datetime) -> None:
    """Tell the supervisors of an office, and those above it, that somebody can now read what it reads."""
    Alarm.objects.get_or_create(
        kind=Alarm.Kind.ACCESS_GIVEN, office=office, about=about, cleared_at=None, defaults={"raised_at": at}
    )


def seen_by(user: User) -> QuerySet[Alarm]:
    """Operators see what is wrong with the rules; supervisors who was given access to their offices."""
    wanted = Q(kind=Alarm.Kind.ACCESS_GIVEN, office__in=supervised_by(user))
    if user.is_superuser and user.is_active:
        wanted |= ~Q(kind=Alarm.Kind.ACCESS_GIVEN)
    return Alarm.objects.filter(wanted)


def may_clear(alarm: Alarm, user: User) -> bool:
    """Whoever sees it, once, and nobody an alarm about themself."""
    return alarm.cleared_at is None and alarm.about_id != user.pk and seen_by(user).filter(pk=alarm.pk).exists()


def clear(*, alarm: Alarm, by: User, reason: str, at: datetime) -> None:
    """Somebody looked and says why it is settled. Raises NotAllowed, and TooLate when another did before."""
    if not may_clear(alarm, by):
        raise NotAllowed("Only somebody whom it concerns can clear this alarm.")
    open_still = Alarm.objects.filter(pk=alarm.pk, cleared_at=None)
    if not open_still.update(cleared_at=at, cleared_by=by, cleared_reason=reason):
        raise TooLate("Somebody cleared this alarm meanwhile.")
