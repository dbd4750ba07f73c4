"""A mediator's phone: a profile with a login in force."""

from django.utils import timezone

from reporting import events
from reporting.people import profiles
from reporting.people.models import User
from tests.phones import Phone


def logged_in(user: User) -> Phone:
    """A phone on which this mediator has logged in."""
    phone = Phone()
    with events.unit_of_work():
        profile = profiles.profile_of_reader(token=phone.read, at=timezone.now())
        profiles.grant(profile=profile, user=user, at=timezone.now())
    return phone
