"""What residents said, and the work on it."""

import uuid
from datetime import datetime
from functools import cached_property

from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from reporting.cases.categories import Category
from reporting.cases.counting import Counted
from reporting.people.models import Office, Profile, User
from reporting.places.models import Place
from reporting.places.names import LANGUAGE_CHOICES


class Audience(models.TextChoices):
    """Who may read it, chosen by the reporter; each includes the one before."""

    MEDIATOR = "mediator", _("Mediator only")
    OFFICE = "office", _("Mediator and local office")
    BORDER = "border", _("Mediator, local office and border liaison")


class Track(models.TextChoices):
    SIGNAL = "signal", _("Protected signal")
    APPEAL = "appeal", _("Formal appeal")


class Status(models.TextChoices):
    RECEIVED = "received", _("Received")
    ASSIGNED = "assigned", _("With an office")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ANSWERED = "answered", _("Answered")
    SOLVED = "solved", _("Solved, says the reporter")
    DISPUTED = "disputed", _("Not solved, says the reporter")
    UNCONFIRMED = "unconfirmed", _("Closed without word from the reporter")
    WITHDRAWN = "withdrawn", _("Withdrawn by the reporter")


UNREAD = (Status.RECEIVED, Status.ASSIGNED)
"""Nobody has said yet that they read it."""
WAITING = (Status.RECEIVED, Status.ASSIGNED, Status.ACKNOWLEDGED, Status.DISPUTED)
"""The responsible office has yet to answer."""
WAITS = Q(status__in=WAITING) | Q(replied=True)
"""As `lifecycle.waits`."""
NOWHERE = Q(responsible=None) & ~Q(status=Status.WITHDRAWN)
"""No office has it, and one should, also where it has ended."""


class Term(models.Model):
    """How long something may take, from a date on. Each case keeps the term in force when it was received."""

    class Purpose(models.TextChoices):
        REGISTER = "register", _("Register or acknowledge")
        ANSWER = "answer", _("Answer")

    class Unit(models.TextChoices):
        WORKING_DAYS = "working_days", _("Working days")
        HOURS = "hours", _("Hours")

    track = models.CharField(_("Track"), max_length=6, choices=Track)
    purpose = models.CharField(_("What for"), max_length=8, choices=Purpose)
    amount = models.PositiveSmallIntegerField(_("How many"))
    unit = models.CharField(_("Unit"), max_length=12, choices=Unit)
    in_force_from = models.DateField(_("In force from"))
    source = models.CharField(_("Source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("Term")
        verbose_name_plural = _("Terms")
        ordering = ["track", "purpose", "-in_force_from"]
        constraints = [models.UniqueConstraint(fields=["track", "purpose", "in_force_from"], name="term_once_a_day")]

    def __str__(self) -> str:
        return f"{self.track}: {self.purpose} in {self.amount} {self.get_unit_display().lower()}"


class Case(models.Model):
    """The work on one matter. Its status is what the work has come to, never what a message's delivery has."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Eight digits, in an order that tells nobody how many cases came in between (ADR 14).
    number = models.BigIntegerField(unique=True, editable=False, db_default=Func(function="reporting_next_case_number"))
    status = models.CharField(max_length=12, choices=Status, default=Status.RECEIVED)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="cases")
    village = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="cases")
    section = models.CharField(max_length=20, blank=True)
    border_uncertain = models.BooleanField(default=False)
    place_evidence = models.JSONField(default=list, help_text="Data sets that placed it, and what was odd.")
    audience = models.CharField(max_length=8, choices=Audience)
    track = models.CharField(max_length=6, choices=Track)
    danger = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    urgent_because = models.JSONField(default=list, help_text="Codes of the questions whose answers made it urgent.")
    excluded = models.ManyToManyField(Office, related_name="cases_about_it", blank=True)
    responsible = models.ForeignKey(
        Office,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="+",
        help_text="As the open assignment says. Here too, so that a queue among a million cases is read from one small index.",
    )
    replied = models.BooleanField(
        default=False, help_text="The reporter has replied, and the office done nothing since."
    )
    opened_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    answer_by = models.DateTimeField()
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["answer_by", "number"]
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        indexes = [
            models.Index(fields=["status", "answer_by"]),
            models.Index(fields=["responsible"], condition=WAITS, name="case_queue"),
            models.Index(fields=["id"], condition=NOWHERE, name="case_nowhere"),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def next_deadline(self) -> datetime:
        """What the clock says next: acknowledge first, then answer."""
        return min(self.acknowledge_by, self.answer_by) if self.status in UNREAD else self.answer_by

    @property
    def closed(self) -> bool:
        """Whether nobody has to act now."""
        return self.status in {Status.SOLVED, Status.UNCONFIRMED, Status.WITHDRAWN}

    @cached_property
    def all_assignments(self) -> list["Assignment"]:
        """Ended ones too, oldest first; read once. Only for a locked case: nobody else hands that on, and `work` keeps this true."""
        return list(self.assignments.select_related("office").order_by("id"))


class Report(models.Model):
    """What a resident said; never edited. Its id is the phone's. Three times: happened, filed (phone), received (server).

    A `partial` one came by SMS; the whole of it, when it comes, is a report beside it: `completed_by`. They count as one.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="reports")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="reports")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    answers = models.JSONField(default=dict, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    receipt = models.CharField(max_length=11)
    audience = models.CharField(max_length=8, choices=Audience)
    audience_seq = models.BigIntegerField(default=-1, help_text="`seq` of the reporter's newest word on it.")
    notify_seq = models.BigIntegerField(default=-1, help_text="`seq` of the reporter's newest word on notices.")
    track = models.CharField(max_length=6, choices=Track)
    about_office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    about_unlisted = models.BooleanField(default=False, help_text="About an office that the phone's list lacks.")
    danger = models.BooleanField(default=False)
    happened_when = models.CharField(max_length=5)
    happened_on = models.DateField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    accuracy_m = models.FloatField(null=True, blank=True)
    filed_at = models.DateTimeField()
    written_after = models.DateTimeField(null=True, blank=True, help_text="Only if the phone's clock was behind.")
    received_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True, help_text="What it said was erased then.")
    consent = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Version of the notice agreed to.")
    partial = models.BooleanField(default=False)
    completed_by = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="partial_form")

    objects = Counted.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["receipt"], condition=Q(completed_by=None), name="receipt_once"),
            models.CheckConstraint(condition=Q(about_unlisted=False) | Q(audience="mediator"), name="unlisted_narrow"),
        ]

    def __str__(self) -> str:
        return f"Report of {self.received_at:%Y-%m-%d %H:%M}"


class Reading(models.Model):
    """An office has had a case before its eyes: opened its page, or pulled it to a mediator's phone."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="readings")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "office"], name="read_once")]

    def __str__(self) -> str:
        return f"{self.office} since {self.first_at:%Y-%m-%d %H:%M}"


class Withdrawal(models.Model):
    """A reporter took a report back. Kept for reports that have not arrived too: a copy that a carrier brings later is not written."""

    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="withdrawals")
    report_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "report_id"], name="withdrawn_once")]

    def __str__(self) -> str:
        return f"Withdrawal of {self.at:%Y-%m-%d %H:%M}"


class Assignment(models.Model):
    """A case with an office, and why, in words. One office is responsible at a time; others have a copy."""

    class Role(models.TextChoices):
        RESPONSIBLE = "responsible", _("Responsible")
        COPY = "copy", _("In copy")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="assignments")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=11, choices=Role)
    reason = models.JSONField(help_text="Why, in words, by language.")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["assigned_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="responsible", ended_at__isnull=True), name="one_responsible_office"
            ),
            models.UniqueConstraint(
                fields=["case", "office"], condition=Q(ended_at__isnull=True), name="office_once_on_case"
            ),
        ]
        indexes = [models.Index(fields=["office", "role"], condition=Q(ended_at__isnull=True), name="office_queue")]

    def __str__(self) -> str:
        return f"{self.office} ({self.get_role_display()})"


class Answer(models.Model):
    """What an office says back to the reporter."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="answers")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"Answer of {self.at:%Y-%m-%d %H:%M}"


class Inquiry(models.Model):
    """What an office asks the reporter while it works on the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="inquiries")
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"Inquiry of {self.at:%Y-%m-%d %H:%M}"


class Reply(models.Model):
    """What a reporter says after the report; never edited. Phones know it by the operation that brought it."""

    op_id = models.UUIDField(editable=False)
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="replies")
    text = models.TextField(blank=True, help_text="Empty once the report was withdrawn.")
    language = models.CharField(max_length=2, choices=LANGUAGE_CHOICES)
    filed_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "op_id"], name="reply_once")]

    def __str__(self) -> str:
        return f"Reply of {self.at:%Y-%m-%d %H:%M}"


class Note(models.Model):
    """Words kept with a case: why the reporter disputes, or what came too late to change its status."""

    class Kind(models.TextChoices):
        DISPUTE = "dispute", _("Reporter: not solved")
        LATE = "late", _("Came after the case moved on")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    kind = models.CharField(max_length=8, choices=Kind)
    op_id = models.UUIDField(null=True, editable=False, help_text="What brought it, and may name a recording of it.")
    text = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.at:%Y-%m-%d %H:%M})"
