"""What mediators do in the villages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.cases.envelopes import ProtectedIdentity
from reporting.cases.models import Case
from reporting.people.models import Profile, User
from reporting.places.names import LANGUAGE_CHOICES


class FollowUp(models.Model):
    """A visit, a call or a meeting of a mediator on a case. Its id is the phone's; never edited."""

    class Kind(models.TextChoices):
        VISIT = "visit", _("Visit")
        CALL = "call", _("Call")
        MEETING = "meeting", _("Meeting")

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups")
    kind = models.CharField(max_length=8, choices=Kind)
    happened_on = models.DateField()
    text = models.TextField()
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["happened_on", "received_at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.happened_on:%Y-%m-%d}"


class Opening(models.Model):
    """A mediator asks to open who made a signal; another one consents or refuses. Its id is the phone's; gone with what it opens.

    `passed` is the other half, sealed by the one who consented to the key of the one who asked.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    identity = models.ForeignKey(ProtectedIdentity, on_delete=models.CASCADE, related_name="openings")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=16, help_text="The key of the one who asks.")
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    passed = models.BinaryField(null=True, help_text="Empty when it was refused, or not decided.")
    opened_at = models.DateTimeField(null=True, blank=True, help_text="For the first time.")

    class Meta:
        ordering = ["asked_at", "id"]

    def __str__(self) -> str:
        return f"Opening asked for on {self.asked_at:%Y-%m-%d %H:%M}"
