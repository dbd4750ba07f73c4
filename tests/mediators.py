"""A mediator's phone: a profile with a login in force."""

from django.utils import timezone

from reporting import events
from reporting.people import profiles
from reporting.people.models import User
from tests.phones import Phone


def logged_in(user: User, phone: Phone | None = None) -> Phone:
    """A phone, a new one unless it is given, on which this mediator has logged in."""
    phone = phone or Phone()
    with events.unit_of_work():
        profile = profiles.profile_of_reader(token=phone.read, at=timezone.now())
        profiles.grant(profile=profile, user=user, at=timezone.now())
    return phone
