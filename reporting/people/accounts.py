"""How allauth treats accounts here: nobody signs up, operators make accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from reporting import events
from reporting.people import memberships
from reporting.people.models import User


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No sign-up by any road."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is given by an operator, in person."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """By themself, on the road that phones take."""
        with events.unit_of_work():
            super().set_password(user, password)
            memberships.password_set(user=user, by=f"staff:{user.pk}", at=timezone.now())
