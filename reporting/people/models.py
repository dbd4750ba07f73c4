"""Who answers, who works there, and the profiles on phones."""

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models

from reporting.places.models import Place
from reporting.places.names import Named


class User(AbstractUser):
    """Somebody who logs in: an officer, a liaison, a mediator, an operator. Residents never do."""

    language = models.CharField(max_length=2, default="ky")

    class Meta:
        verbose_name = "staff account"


class Office(Named):
    """A body that answers. `level` orders escalation; `parent` is the office one level up, of the same kind."""

    class Kind(models.TextChoices):
        LOCAL = "local", "Local government"
        BORDER = "border", "Border service"
        MINISTRY = "ministry", "Ministry"
        MEDIATION = "mediation", "Mediation"

    class Level(models.TextChoices):
        AIMAK = "aimak", "Aiyl aimak"
        RAYON = "rayon", "Rayon or city"
        OBLAST = "oblast", "Oblast"
        NATIONAL = "national", "National"

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    level = models.CharField(max_length=10, choices=Level)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="offices")
    section = models.CharField(max_length=20, blank=True, help_text="Border section a border liaison answers for.")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "level", "place"])]


class Membership(models.Model):
    """What a person does in an office."""

    class Role(models.TextChoices):
        OFFICER = "officer", "Officer"
        SUPERVISOR = "supervisor", "Supervisor"
        LIAISON = "liaison", "Border liaison"
        MEDIATOR = "mediator", "Mediator"
        OPERATOR = "operator", "Operator"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "office"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()} · {self.office}"


class Profile(models.Model):
    """One person's space on a phone, known only by hashes of its tokens. Nothing here says who it is."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    read_hash = models.BinaryField(max_length=32, unique=True)
    write_hash = models.BinaryField(max_length=32, unique=True, null=True)
    enrolled_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"profile {str(self.id)[:8]}"

    @property
    def scope(self) -> str:
        """The feed scope of what this profile itself reported."""
        return f"profile:{self.id}"


class Grant(models.Model):
    """A mediator's login on a profile: it pulls the user's mediation offices until `until`, unless revoked."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="grants")
    granted_at = models.DateTimeField()
    until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} on {self.profile} until {self.until:%Y-%m-%d}"


class LoginMemory(models.Model):
    """Login rate counters and used codes of second factors: the rows of Django's database cache.

    They are in the database and not in Redis, which may be flushed: a code that was used must stay used, on every web process.
    """

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"kept until {self.expires:%Y-%m-%d %H:%M}"
