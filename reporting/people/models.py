"""Who answers, who works there, and the profiles on phones."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reporting.events.models import Event
from reporting.places import circles
from reporting.places.models import Place
from reporting.places.names import LANGUAGE_CHOICES, Named

OFFICES = uuid.UUID("6d0f3a5e-7c1b-4e0e-9a39-1f6d3f2f6c11")
"""The namespace of offices' streams."""


class User(AbstractUser):
    """Somebody who logs in: an officer, a liaison, a mediator, an operator. Residents never do."""

    language = models.CharField(_("Language"), max_length=2, default="ky", choices=LANGUAGE_CHOICES)
    opaque_id = models.UUIDField(
        unique=True, editable=False, db_default=RandomUUID(), help_text="Whose words these are, as phones say it."
    )

    class Meta:
        verbose_name = _("Account")
        verbose_name_plural = _("Accounts")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new password, set on whatever road, or switching off ends every login on phones: who has such a phone now is not known here."""
        is_new = getattr(self, "_password", None) is not None
        super().save(*args, **kwargs)
        if is_new or not self.is_active:
            self.end_logins(at=timezone.now())

    def end_logins(self, *, at: datetime) -> None:
        """Every login on whatever phone, those too that were over before: whoever has the phone may have given it back."""
        self.grants.filter(ended=False).update(ended=True, revoked_at=Coalesce("revoked_at", Value(at)))

    @property
    def called(self) -> str:
        """The name, or where there is none the username."""
        return self.get_full_name() or self.username


class Office(Named):
    """A body that answers. `level` orders escalation; `parent` is the office one level up, of the same kind."""

    class Kind(models.TextChoices):
        LOCAL = "local", _("Local government")
        BORDER = "border", _("Border service")
        MINISTRY = "ministry", _("Ministry")
        MEDIATION = "mediation", _("Mediation")

    class Level(models.TextChoices):
        AIMAK = "aimak", _("Aiyl aimak")
        RAYON = "rayon", _("Rayon or city")
        OBLAST = "oblast", _("Oblast")
        NATIONAL = "national", _("National")

    code = models.CharField(_("Code"), max_length=40, unique=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    level = models.CharField(_("Level"), max_length=10, choices=Level)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="offices", verbose_name=_("Place")
    )
    section = models.CharField(
        _("Border section"), max_length=20, blank=True, help_text=_("Border section a border liaison answers for.")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("Office above")
    )
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("Office")
        verbose_name_plural = _("Offices")
        indexes = [models.Index(fields=["kind", "level", "place"])]

    def clean(self) -> None:
        """No office is above itself."""
        circles.refuse(self)

    @property
    def stream(self) -> uuid.UUID:
        """The stream of events about the office itself."""
        return uuid.uuid5(OFFICES, str(self.pk))


class Membership(models.Model):
    """What a person does in an office."""

    class Role(models.TextChoices):
        OFFICER = "officer", _("Officer")
        SUPERVISOR = "supervisor", _("Supervisor")
        LIAISON = "liaison", _("Border liaison")
        MEDIATOR = "mediator", _("Mediator")
        OPERATOR = "operator", _("Operator")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("Account"))
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("Office"))
    role = models.CharField(_("Role"), max_length=10, choices=Role)

    class Meta:
        verbose_name = _("Work in an office")
        verbose_name_plural = _("Work in offices")
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.office}"


class AccessRecord(Event):
    """Who was given access to an office, lost it, or holds a key of it from now on: events of the office's stream, for ever."""

    GIVEN, TAKEN, KEY = "membership.given", "membership.taken", "group_key.made"
    PASSWORD, ON, OFF = "account.password_set", "account.switched_on", "account.switched_off"
    KINDS = (GIVEN, TAKEN, KEY, PASSWORD, ON, OFF)

    class Meta:
        proxy = True
        verbose_name = _("Access given and taken")
        verbose_name_plural = _("Access given and taken")


class Profile(models.Model):
    """One person's space on a phone, known only by hashes of its tokens. Nothing here says who it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read_hash = models.BinaryField(max_length=32, unique=True)
    write_hash = models.BinaryField(max_length=32, unique=True, null=True)
    enrolled_at = models.DateTimeField(
        null=True, db_index=True, help_text="None: it stands for who sent an SMS, and is no phone's."
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"profile {str(self.id)[:8]}"

    @property
    def scope(self) -> str:
        """The feed scope of what this profile itself reported."""
        return scope_of(self.id)


def scope_of(profile_id: uuid.UUID) -> str:
    """The feed scope of what a profile itself reported."""
    return f"profile:{profile_id}"


class Grant(models.Model):
    """A mediator's login on a profile: it pulls the user's mediation offices until `until`, unless revoked.

    What is written there is this mediator's work also once it has expired or was given back; once it was `ended`, nothing is.
    """

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    ended = models.BooleanField(default=False, help_text="Not by who has the phone: it may have been stolen.")

    def __str__(self) -> str:
        return f"{self.user} on {self.profile} until {self.until:%Y-%m-%d}"


class GroupKey(models.Model):
    """One of the two keys of a mediators' group, which protected identities are sealed to; its private half is on a mediator's phone."""

    FIRST, SECOND = PLACES = 1, 2

    key_id = models.CharField(max_length=16, unique=True, help_text="8 bytes of the point's SHA-256 in hex.")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="keys")
    place = models.PositiveSmallIntegerField()
    public = models.BinaryField(max_length=65)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="group_keys")
    made_at = models.DateTimeField(help_text="By the phone's clock.")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "place"], condition=models.Q(retired_at=None), name="group_key_once_in_place"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key_id} of {self.office}"


class LoginMemory(models.Model):
    """Login rate counters and used codes of second factors: the rows of Django's database cache.

    They are in the database and not in Redis, which may be flushed: a code that was used must stay used, on every web process.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"kept until {self.expires:%Y-%m-%d %H:%M}"
