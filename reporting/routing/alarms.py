"""Alarms are seen and cleared by those whom they concern; clearing says why."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from reporting.cases.models import Case
from reporting.errors import NotAllowed, TooLate
from reporting.people.access import staff_viewer
from reporting.people.memberships import mediates_nationally, supervised_by
from reporting.people.models import Office, User
from reporting.routing.models import Alarm

CLEARED_FOR = timedelta(days=1)
"""How long somebody's word counts that what stands is settled: if it stands then still, the alarm rings again."""


def stands(kind: Alarm.Kind, *, office: Office | None = None, case: Case | None = None, at: datetime) -> None:
    """Raise an alarm for what goes on until somebody mends it: once, however often it is seen."""
    same = Alarm.objects.filter(kind=kind, office=office, case=case)
    if not same.filter(Q(cleared_at=None) | Q(cleared_at__gt=at - CLEARED_FOR)).exists():
        Alarm.objects.get_or_create(kind=kind, office=office, case=case, cleared_at=None, defaults={"raised_at": at})


def access_given(*, office: Office, about: User, at: datetime) -> None:
    """Tell the supervisors of an office, and those above it, that somebody can now read what it reads."""
    Alarm.objects.get_or_create(
        kind=Alarm.Kind.ACCESS_GIVEN, office=office, about=about, cleared_at=None, defaults={"raised_at": at}
    )


def danger_aside(*, about: Office | None, at: datetime) -> None:
    """Somebody says that they are in danger, and no office has it. `about`: the office that must not learn of it."""
    Alarm.objects.get_or_create(kind=Alarm.Kind.DANGER_ASIDE, office=about, cleared_at=None, defaults={"raised_at": at})


def seen_by(user: User) -> QuerySet[Alarm]:
    """Operators see what is wrong with the rules; supervisors who was given access to their offices, and which of these has nobody;
    national mediators and operators that danger is in the quarantine, but for that about an office where they work.
    """
    wanted = Q(kind__in=(Alarm.Kind.ACCESS_GIVEN, Alarm.Kind.NOBODY_ANSWERS), office__in=supervised_by(user))
    if user.is_superuser and user.is_active:
        wanted |= ~Q(kind=Alarm.Kind.ACCESS_GIVEN)
    if mediates_nationally(user):
        wanted |= Q(kind=Alarm.Kind.DANGER_ASIDE)
    about_them = Q(kind=Alarm.Kind.DANGER_ASIDE, office__in=staff_viewer(user).offices)
    return Alarm.objects.filter(wanted).exclude(about_them)


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
