"""How allauth treats accounts here: nobody signs up, operators make accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """No sign-up by any road."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account is given by an operator, in person."""
        return False
