"""The cast. Every test that needs somebody takes them from here.

Aijan lives in Ak-Sai and reports. Bakyt is an officer of her aiyl okmotu, Gulnara one of the rayon administration.
Dilnoza mediates in the rayon, Meerim in the national mediation office. Temir is the border liaison on our own side; Rustam is
across the line and has no part in any case yet. Olga runs the server. Eve should see nothing.
"""

from dataclasses import dataclass

from reporting.people.models import Membership, Office, User
from tests.valley import Valley

PASSWORD = "a-long-test-password"


@dataclass(frozen=True)
class People:
    """Accounts with memberships in the valley's offices; Aijan has none: residents never log in."""

    bakyt: User
    gulnara: User
    dilnoza: User
    meerim: User
    temir: User
    olga: User
    eve: User


def live_in(valley: Valley) -> People:
    """Make the accounts."""
    return People(
        bakyt=member("bakyt", valley.okmotu, Membership.Role.OFFICER),
        gulnara=member("gulnara", valley.rayon_office, Membership.Role.OFFICER),
        dilnoza=member("dilnoza", valley.mediators, Membership.Role.MEDIATOR),
        meerim=member("meerim", valley.national_mediators, Membership.Role.MEDIATOR),
        temir=member("temir", valley.border, Membership.Role.LIAISON),
        olga=User.objects.create_superuser("olga", password=PASSWORD),
        eve=User.objects.create_user("eve", password=PASSWORD, is_staff=True),
    )


def member(username: str, office: Office, role: str) -> User:
    """Somebody who works in an office."""
    user = User.objects.create_user(username, password=PASSWORD, is_staff=True, first_name=username.title())
    Membership.objects.create(user=user, office=office, role=role)
    return user
