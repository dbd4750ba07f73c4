"""What reports are about, and what is asked about it: reference data that staff edit."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from reporting.cases.choices import YES_NO, can_be_shown
from reporting.places.names import Named


class Category(Named):
    """What a report is about, chosen by picture. `icon` names a picture that the phone carries.

    One with others below it is a group: the phone shows its picture first, then theirs.
    """

    code = models.SlugField(_("Code"), max_length=40, unique=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"parent": None},
        related_name="below",
        verbose_name=_("Group"),
    )
    icon = models.SlugField(_("Picture"), max_length=40)
    position = models.PositiveSmallIntegerField(_("Order"), default=0)
    active = models.BooleanField(_("In use"), default=True)

    class Meta:
        verbose_name = _("Category")
        verbose_name_plural = _("Categories")
        ordering = ["position", "code"]

    def clean(self) -> None:
        """Two levels, no more."""
        if self.parent and (self.parent.parent_id or self.parent_id == self.pk or self.below.exists()):
            raise ValidationError({"parent": _("A group stands in no other group.")})


class Question(Named):
    """A question of a category; `choices` is a list of {code, names} for kind `choice`, each with an `icon` where it has a picture.

    `urgent_if` says which answers make a case urgent: codes, divided by commas, or for a number the least that does.
    """

    class Kind(models.TextChoices):
        YES_NO = "yes_no", _("Yes, no, don't know")
        CHOICE = "choice", _("Choice")
        NUMBER = "number", _("Number")

    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, related_name="questions", verbose_name=_("Category")
    )
    code = models.SlugField(_("Code"), max_length=40)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    choices = models.JSONField(_("Choices"), default=list, blank=True)
    urgent_if = models.CharField(
        _("Urgent if"),
        max_length=100,
        blank=True,
        help_text=_("The answers that make a case urgent: yes, no, dont_know; codes of choices; or a least number."),
    )
    position = models.PositiveSmallIntegerField(_("Order"), default=0)

    class Meta:
        verbose_name = _("Question")
        verbose_name_plural = _("Questions")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["category", "code"], name="question_once_in_category")]

    @property
    def urgent_answers(self) -> set[str]:
        """The codes in `urgent_if`."""
        return set(self.urgent_if.replace(",", " ").split())

    def clean(self) -> None:
        """Choices must be such as a phone can show; what makes it urgent must be something that can be answered."""
        if self.kind == self.Kind.CHOICE and not can_be_shown(self.choices):
            example = '[{"code": "many", "names": {"ky": "Көп", "ru": "Много"}}]'
            wrong = _("Two to twelve choices, each with its own code and a Kyrgyz name: %s") % example
            raise ValidationError({"choices": wrong})
        if self.kind == self.Kind.NUMBER:
            possible = self.urgent_if.strip().isdecimal() or not self.urgent_if
        else:
            choices = [choice.get("code") for choice in self.choices if isinstance(choice, dict)]
            possible = self.urgent_answers <= set(choices if self.kind == self.Kind.CHOICE else YES_NO)
        if not possible:
            raise ValidationError({"urgent_if": _("This is not an answer to this question.")})
