"""The ledger of operations, and what could not be applied."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.cases.models import Report
from reporting.people.models import Profile, User


class Operation(models.Model):
    """One thing a person did on a phone. (profile, op_id) makes it happen at most once, by whatever road it came.

    `opened_hash` is SHA-256 of the opened bytes as received. While `waiting`, `content` is kept, without tokens, and `needs` is the id of
    the operation, report, case or opening that has to arrive first.
    """

    class Status(models.TextChoices):
        APPLIED = "applied", "Applied"
        WAITING = "waiting", "Waiting"
        CONFLICT = "conflict", "Conflict"
        REJECTED = "rejected", "Rejected"

    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="operations")
    op_id = models.UUIDField()
    opened_hash = models.BinaryField(max_length=32)
    link = models.BinaryField(max_length=8, null=True, help_text="What a partial form of it carries.")
    type = models.CharField(max_length=40)
    entity_id = models.UUIDField(null=True)
    status = models.CharField(max_length=8, choices=Status)
    code = models.CharField(max_length=20, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    content = models.JSONField(null=True)
    needs = models.UUIDField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "op_id"], name="operation_once")]
        indexes = [
            models.Index(fields=["profile", "needs"], name="operation_waiting", condition=models.Q(status="waiting")),
            models.Index(fields=["profile", "received_at"], name="operation_of_the_hour"),
            models.Index(fields=["link"], name="operation_link", condition=models.Q(type="report.create")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {str(self.op_id)[:8]}: {self.status}"


class Partial(models.Model):
    """A report that came in part, by SMS. Its operation, when it comes, has the same link and completes it.

    No report: it was taken back before its SMS came, which is then not written.
    """

    link = models.BinaryField(max_length=8, unique=True)
    report = models.OneToOneField(Report, on_delete=models.PROTECT, null=True, related_name="came_in_part")
    received_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Partial of {self.received_at:%Y-%m-%d %H:%M}"


class SyncKey(models.Model):
    """A key that phones seal to. The newest one that is not retired is given out; older ones still open.

    `wrapped` is the private half, encrypted with the key file; None once it was destroyed.
    """

    key_id = models.BinaryField(max_length=4, unique=True)
    public = models.BinaryField(max_length=65, help_text="Uncompressed P-256 point.")
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)
    stolen_at = models.DateTimeField(null=True, help_text="Others may have the private half since then.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), name="sync_key_one_current", condition=models.Q(retired_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return bytes(self.key_id).hex()


class Quarantined(models.Model):
    """What came and could not be applied, kept until a person has looked. `content` is without tokens."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, null=True, related_name="quarantined")
    op_id = models.UUIDField(null=True)
    entity_id = models.UUIDField(null=True, help_text="What it is about, so that it goes when that is taken back.")
    link = models.BinaryField(max_length=8, null=True, help_text="What a partial form carries, for the same.")
    type = models.CharField(_("Kind of message"), max_length=40, blank=True)
    digest = models.BinaryField(max_length=32, help_text="SHA-256 of the envelope.")
    code = models.CharField(_("Why"), max_length=20)
    detail = models.CharField(_("Detail"), max_length=300)
    content = models.JSONField(null=True, help_text="The operation without tokens, when it could be read.")
    raw = models.BinaryField(null=True, help_text="The envelope, when it could not be read.")
    received_at = models.DateTimeField(
        _("Arrived"),
    )
    settled_at = models.DateTimeField(_("Looked at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Looked at by")
    )
    settled_reason = models.CharField(_("What was found or done"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Quarantined")
        verbose_name_plural = _("Quarantine")
        constraints = [models.UniqueConstraint(fields=["digest"], name="quarantined_once")]
        indexes = [
            models.Index(
                fields=["received_at"],
                name="quarantined_nobodys",
                condition=models.Q(settled_at__isnull=True, profile__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.type or 'unreadable'}: {self.code}"
