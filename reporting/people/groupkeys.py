"""The two keys of a mediators' group: what is sealed to both is opened by two mediators together, and by nobody else (ADR 13)."""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import F, Q, QuerySet

from reporting import events
from reporting.errors import NotAllowed, Rejected
from reporting.people.models import AccessRecord, GroupKey, Membership, Office, User
from reporting.people.profiles import mediation_offices

POINT_BYTES = 65
_HELD = Q(
    user__is_active=True,
    user__memberships__office=F("office"),
    user__memberships__role=Membership.Role.MEDIATOR,
)
"""Whoever made the key still mediates in its group."""


def id_of(public: bytes) -> str:
    """How a key is named: the first 8 bytes of its SHA-256 in hex."""
    return hashlib.sha256(public).hexdigest()[:16]


def add(*, office: str, place: int, public: bytes, user: User, made_at: datetime, at: datetime) -> bool:
    """A mediator's phone has made one of the group's keys; it takes the place of the one before, in the open unit. Twice is once.

    Whether it is new here.

    One that was made before the present one, and only came later, opens what was sealed to it and nothing more. `made_at` is what its phone
    says; nothing is made later than it comes, and the key of somebody who left keeps nobody out. Raises NotAllowed when the
    account mediates elsewhere, or holds the group's other key, or the point is here already as another key; Rejected `invalid` when it is
    no point of P-256.
    """
    group = mediation_offices(user).select_for_update(of=("self",), no_key=True).filter(code=office).first()
    if group is None:
        raise NotAllowed("Only a mediator of this group can make one of its keys.")
    known = GroupKey.objects.filter(key_id=id_of(public)).first()
    if known is not None:
        if (known.user_id, known.office_id, known.place) != (user.pk, group.pk, place):
            raise NotAllowed("This point is another key: of somebody else, another group or the other place.")
        return False
    _refuse_what_is_no_point(public)
    present = GroupKey.objects.filter(office=group, retired_at=None)
    if present.filter(user=user).exclude(place=place).exists():
        raise NotAllowed("You hold the other key of this group: a second person must make this one.")
    made_at = min(made_at, at)
    newer = present.filter(_HELD, place=place, made_at__gt=made_at).exists()
    if not newer:
        present.filter(place=place).update(retired_at=at)
    GroupKey.objects.create(
        key_id=id_of(public),
        office=group,
        place=place,
        public=public,
        user=user,
        made_at=made_at,
        retired_at=at if newer else None,
    )
    who = {"user": user.pk, "office": group.code, "role": Membership.Role.MEDIATOR.value}
    data = who | {"key": id_of(public), "place": place}
    events.record(stream=group.stream, kind=AccessRecord.KEY, actor=f"staff:{user.pk}", at=at, data=data)
    return True


def known_to(user: User) -> QuerySet[GroupKey]:
    """The present keys of the groups where somebody mediates, and those that this person made and others replaced."""
    present = Q(retired_at=None) & _HELD
    return GroupKey.objects.filter(present | Q(user=user), office__in=mediation_offices(user)).distinct()


def pairs(offices: Iterable[Office]) -> dict[int, tuple[GroupKey, GroupKey]]:
    """By office, the two keys to seal to, whose holders still mediate there. A group that lacks one has none."""
    present = GroupKey.objects.filter(_HELD, office__in=[office.pk for office in offices], retired_at=None)
    places: dict[int, dict[int, GroupKey]] = {}
    for key in present:
        places.setdefault(key.office_id, {})[key.place] = key
    return {
        office: (both[GroupKey.FIRST], both[GroupKey.SECOND])
        for office, both in places.items()
        if len(both) == len(GroupKey.PLACES)
    }


def _refuse_what_is_no_point(public: bytes) -> None:
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
    except ValueError:
        raise Rejected("invalid", "“public” must be an uncompressed point of P-256.") from None
