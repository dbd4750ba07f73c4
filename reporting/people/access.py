"""Who is looking. What a viewer may see is decided where it is read, from this and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from reporting.people.models import Membership, Office, Profile, User
from reporting.people.profiles import grant_in_force, mediation_offices

ANSWERING_ROLES = frozenset({Membership.Role.OFFICER, Membership.Role.SUPERVISOR, Membership.Role.MEDIATOR})


@dataclass(frozen=True)
class Viewer:
    """The offices somebody looks from. A superuser without a membership looks from nowhere and sees no case."""

    name: str
    offices: frozenset[int]
    answers_for: frozenset[int] = frozenset()
    """Offices in whose name this viewer may act on a case, a part of `offices`."""
    elsewhere: frozenset[int] = frozenset()
    """Where they work besides, offices that are switched off too: nothing is seen from there, and nothing about it either."""

    @property
    def works_in(self) -> frozenset[int]:
        """All offices of theirs: what is about one of them is not there for this viewer."""
        return self.offices | self.elsewhere


def staff_viewer(user: User) -> Viewer:
    """Somebody logged in to the admin."""
    if not user.is_active:
        return Viewer(name="", offices=frozenset())
    held = Membership.objects.filter(user=user).select_related("office")
    rows = [row for row in held if row.office.active and row.role != Membership.Role.OPERATOR]
    offices = frozenset(row.office_id for row in rows)
    return Viewer(
        name=f"staff:{user.pk}",
        offices=offices,
        answers_for=frozenset(row.office_id for row in rows if row.role in ANSWERING_ROLES),
        elsewhere=frozenset(row.office_id for row in held) - offices,
    )


def mediator_viewer(*, profile: Profile, at: datetime) -> Viewer | None:
    """The mediator logged in on a profile, if the login is in force."""
    grant = grant_in_force(profile=profile, at=at)
    if grant is None:
        return None
    mediates = Exists(mediation_offices(grant.user).filter(pk=OuterRef("pk")))
    works_in = dict(Office.objects.filter(memberships__user=grant.user).values_list("pk", mediates))
    offices = frozenset(pk for pk, is_mediator in works_in.items() if is_mediator)
    elsewhere = frozenset(works_in) - offices
    return Viewer(name=f"staff:{grant.user_id}", offices=offices, answers_for=offices, elsewhere=elsewhere)


def office_scope(office: Office | int) -> str:
    """The feed scope of a mediators' group."""
    return f"office:{office if isinstance(office, int) else office.pk}"
