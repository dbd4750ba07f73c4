"""Who is speaking: profiles found or enrolled by their tokens, and mediators' grants on them."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet

from reporting import events
from reporting.errors import Later, NotAllowed, Rejected, Waiting
from reporting.people.models import Grant, Membership, Office, Profile, User
from reporting.people.tokens import token_hash


def profile_of_reader(*, token: bytes, at: datetime) -> Profile:
    """The profile whose read token this is, enrolled if new. Raises NotAllowed when it was revoked, and Later."""
    profile = _known_or_new(token_hash(token), at=at)
    if profile.revoked_at is not None:
        raise NotAllowed("This profile was revoked.")
    return profile


def known_author(*, write_token: bytes, read_hash: bytes) -> Profile | None:
    """The profile that an operation proves it comes from, where it is bound already and in force: one read, as nearly always."""
    write_hash = token_hash(write_token)
    return Profile.objects.filter(read_hash=read_hash, write_hash=write_hash, revoked_at=None).first()


def profile_of_author(*, write_token: bytes, read_hash: bytes, at: datetime) -> Profile:
    """The profile that an operation proves it comes from; the first operation binds its write token, in the open unit.

    Raises Rejected `wrong_author` when the write token is not the profile's, `revoked` when the profile was revoked, and Later.
    """
    profile = _known_or_new(read_hash, at=at)
    if profile.write_hash is None:
        profile = _bind(profile, token_hash(write_token))
    if bytes(profile.write_hash or b"") != token_hash(write_token):
        raise Rejected("wrong_author", "This did not come from the phone profile it names.")
    if profile.revoked_at is not None:
        raise Rejected(
            "revoked", "This phone profile was revoked; ask the office or the mediator to read what it holds."
        )
    return profile


def _known_or_new(read_hash: bytes, *, at: datetime) -> Profile:
    """Raises Later when `NEW_PROFILES_PER_HOUR` were enrolled in the last hour: those who are known go on."""
    known = Profile.objects.filter(read_hash=read_hash).first()
    if known is not None:
        return known
    most = settings.NEW_PROFILES_PER_HOUR
    if Profile.objects.filter(enrolled_at__gt=at - timedelta(hours=1))[:most].count() >= most:
        raise Later("Too many new phones at once. It goes on by itself later.")
    return Profile.objects.get_or_create(read_hash=read_hash, defaults={"enrolled_at": at})[0]


def _bind(profile: Profile, write_hash: bytes) -> Profile:
    if Profile.objects.filter(write_hash=write_hash).exclude(pk=profile.pk).exists():
        raise Rejected("wrong_author", "This did not come from the phone profile it names.")
    Profile.objects.filter(pk=profile.pk, write_hash=None).update(write_hash=write_hash)
    profile.refresh_from_db()
    return profile


def shut_out(*, profile: Profile, by: str, at: datetime) -> None:
    """Somebody else has this profile's phone or tokens: it is told nothing more, and what it says is kept aside. In the open unit."""
    if Profile.objects.filter(pk=profile.pk, revoked_at=None).update(revoked_at=at):
        events.record(stream=profile.pk, kind="profile.revoked", actor=by, at=at)


def grant(*, profile: Profile, user: User, at: datetime) -> Grant:
    """Let a mediator's profile pull their offices' cases for `MEDIATOR_GRANT_DAYS`. Raises NotAllowed for others."""
    _alone_with(user)
    if not mediation_offices(user).exists():
        raise NotAllowed("Only mediators follow cases on the phone. Officers log in to the admin.")
    revoke(profile=profile, at=at)
    until = at + timedelta(days=settings.MEDIATOR_GRANT_DAYS)
    return Grant.objects.create(profile=profile, user=user, granted_at=at, until=until)


def revoke(*, profile: Profile, at: datetime) -> None:
    """Take back what logins gave this profile. Its unsent work is still accepted."""
    Grant.objects.filter(profile=profile, revoked_at=None).update(revoked_at=at)


def end_logins(*, user: User, at: datetime) -> None:
    """Take back every login of this person on whatever phone, and believe none any more: who has such a phone now is not known here."""
    _alone_with(user)
    user.end_logins(at=at)


def _alone_with(user: User) -> None:
    """A login that is being given and what ends all of them wait for each other: none comes to stand after its end."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def grant_in_force(*, profile: Profile, at: datetime) -> Grant | None:
    """The login that lets this profile pull now, if any."""
    grants = Grant.objects.filter(profile=profile, revoked_at=None, until__gt=at, user__is_active=True)
    return grants.select_related("user").order_by("-granted_at").first()


def mediator_speaking(profile: Profile, *, by: uuid.UUID | None, waits_for: uuid.UUID) -> User:
    """Whose words the profile brings in: `by`, as they say themselves, where this person has ever logged in there; None: who did so last.

    Others may have logged in there since they were written, or the login may have expired. Raises Waiting before any login of theirs, and
    where that, or the last one of all, was ended by others than who has the phone, or by a restore: who has it says so by logging in anew.
    """
    logins = list(Grant.objects.filter(profile=profile).select_related("user").order_by("-granted_at", "-id"))
    own = next((login for login in logins if by in (None, login.user.opaque_id)), None)
    if own is None:
        raise Waiting(waits_for, "The mediator whose words these are has not logged in on this profile yet.")
    if own.ended or logins[0].ended:
        raise Waiting(waits_for, "This login was ended: the mediator logs in here again.")
    return own.user


def mediation_offices(user: User) -> QuerySet[Office]:
    """The mediation offices in use where this user is a mediator."""
    return own_groups(user).filter(active=True)


def own_groups(user: User) -> QuerySet[Office]:
    """The mediation offices where this user is a mediator, those that are switched off too."""
    return Office.objects.filter(
        kind=Office.Kind.MEDIATION, memberships__user=user, memberships__role=Membership.Role.MEDIATOR
    ).order_by("id")
