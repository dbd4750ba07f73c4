"""What came and could not be applied waits for a person: who reads it, and who says what was found."""

from datetime import datetime

from reporting.errors import NotAllowed, TooLate
from reporting.people.models import Membership, Office, User
from reporting.sync.models import Quarantined


def may_read(user: User) -> bool:
    """National mediators: what somebody said may be about any office below them."""
    return (
        user.is_active
        and Membership.objects.filter(
            user=user,
            role=Membership.Role.MEDIATOR,
            office__kind=Office.Kind.MEDIATION,
            office__level=Office.Level.NATIONAL,
        ).exists()
    )


def sees(user: User) -> bool:
    """Who sees that something is there: those who read it, and operators, who read none of it."""
    return (user.is_superuser and user.is_active) or may_read(user)


def settle(*, row: Quarantined, by: User, reason: str, at: datetime) -> None:
    """Somebody looked and says what was found or done; it stays. Raises NotAllowed, and TooLate when another did before."""
    if not sees(by):
        raise NotAllowed("Only national mediators and operators can say that this was looked at.")
    open_still = Quarantined.objects.filter(pk=row.pk, settled_at=None)
    if not open_still.update(settled_at=at, settled_by=by, settled_reason=reason):
        raise TooLate("Somebody looked at this meanwhile.")
