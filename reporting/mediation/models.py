"""What mediators do in the villages."""

from django.db import models
from django.utils.translation import gettext_lazy as _

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
