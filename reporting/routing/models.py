"""Routing rules as data, and what went wrong with them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reporting.cases.categories import Category
from reporting.cases.models import Case, Track
from reporting.people.models import Office, User
from reporting.places.models import Place


class Target(models.Model):
    """An office named outright, or the nearest one of a kind: for the place from `level` upwards, or for the border section."""

    office = models.ForeignKey(
        Office, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Office")
    )
    kind = models.CharField(_("Kind of office"), max_length=10, choices=Office.Kind, blank=True)
    level = models.CharField(_("Level"), max_length=10, choices=Office.Level, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def names_one(cls) -> Q:
        """The condition that a target is either an office or a kind, never both or neither."""
        return Q(office__isnull=False, kind="") | (Q(office__isnull=True) & ~Q(kind=""))


class Rule(Target):
    """category × place × border section → a responsible office. The lowest `priority` that matches decides.

    An empty condition matches everything. A place matches what lies inside it.
    """

    title = models.CharField(_("Title"), max_length=200)
    priority = models.PositiveIntegerField(
        _("Priority"),
    )
    active = models.BooleanField(_("In use"), default=True)
    catch_all = models.BooleanField(_("Catch-all"), default=False)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Category")
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Place")
    )
    section = models.CharField(_("Border section"), max_length=20, blank=True)
    track = models.CharField(_("Track"), max_length=6, choices=Track, blank=True)

    class Meta:
        verbose_name = _("Rule")
        verbose_name_plural = _("Rules")
        ordering = ["priority", "id"]
        constraints = [
            models.CheckConstraint(condition=Target.names_one(), name="rule_names_one_target"),
            models.UniqueConstraint(fields=["catch_all"], condition=Q(catch_all=True), name="one_catch_all"),
            models.CheckConstraint(
                condition=Q(catch_all=False)
                | Q(active=True, category=None, place=None, section="", track="", office__isnull=False),
                name="catch_all_catches_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.priority}: {self.title}"


class Copy(Target):
    """Who gets a copy when a rule decides. Whoever the reporter did not allow gets none."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="copies")

    class Meta:
        verbose_name = _("Copy")
        verbose_name_plural = _("Copies")
        constraints = [models.CheckConstraint(condition=Target.names_one(), name="copy_names_one_target")]

    def __str__(self) -> str:
        return str(self.office or f"{self.get_kind_display()} {self.get_level_display()}")


class Alarm(models.Model):
    """Something that a person must look at: a rule that names no office, a case that nobody may see, access that was given."""

    class Kind(models.TextChoices):
        RULE_NAMES_NOBODY = "rule_names_nobody", _("A rule finds no office")
        NOBODY_ALLOWED = "nobody_allowed", _("Nobody the rules name may see the case")
        NO_OFFICE = "no_office", _("The case is with no office")
        NOBODY_ANSWERS = "nobody_answers", _("An office has cases and nobody who can answer them")
        REACTION_FAILS = "reaction_fails", _("Something that must follow fails again and again")
        DANGER_ASIDE = "danger_aside", _("Danger is in the quarantine, and no office has it")
        ACCESS_GIVEN = "access_given", _("Somebody was given access to an office")

    kind = models.CharField(_("What is wrong"), max_length=20, choices=Kind)
    rule = models.ForeignKey(
        Rule, on_delete=models.CASCADE, null=True, blank=True, related_name="alarms", verbose_name=_("Rule")
    )
    case = models.ForeignKey(Case, on_delete=models.CASCADE, null=True, blank=True, related_name="alarms")
    office = models.ForeignKey(
        Office, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Office")
    )
    about = models.ForeignKey(
        User, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("Account")
    )
    raised_at = models.DateTimeField(_("Raised"))
    cleared_at = models.DateTimeField(_("Cleared"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Cleared by")
    )
    cleared_reason = models.CharField(_("Why it is cleared"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Alarm")
        verbose_name_plural = _("Alarms")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "rule", "case", "office", "about"],
                condition=Q(cleared_at__isnull=True),
                name="alarm_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
