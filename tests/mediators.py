"""Mediators' phones, profiles with a login in force; and the keys of their group."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils import timezone

from reporting import events
from reporting.people import groupkeys, profiles
from reporting.people.models import GroupKey, Office, User
from tests.phones import Phone


def logged_in(user: User, phone: Phone | None = None) -> Phone:
    """A phone, a new one unless it is given, on which this mediator has logged in."""
    phone = phone or Phone()
    with events.unit_of_work():
        profile = profiles.profile_of_reader(token=phone.read, at=timezone.now())
        profiles.grant(profile=profile, user=user, at=timezone.now())
    return phone


def keys_of(office: Office, first: User, second: User) -> list[GroupKey]:
    """Both keys of a group, made as on two phones that are not here."""
    for place, user in ((GroupKey.FIRST, first), (GroupKey.SECOND, second)):
        point = ec.generate_private_key(ec.SECP256R1()).public_key()
        public, at = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint), timezone.now()
        with events.unit_of_work():
            groupkeys.add(office=office.code, place=place, public=public, user=user, made_at=at, at=at)
    return list(GroupKey.objects.filter(office=office).order_by("place"))
