"""Reference data that operators keep: places, categories, terms. Nothing is deleted; it is made inactive."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSelectWidget

from reporting.admin.lookups import OnlyItsFilters
from reporting.cases.categories import Category, Question
from reporting.cases.models import Term
from reporting.places.models import Place
from reporting.places.names import NAME_FIELDS

PICTURES = (
    "water-gate",
    "pasture",
    "land-line",
    "road",
    "crossing",
    "quarrel",
    "armed-people",
    "smuggling",
    "detention",
    "school",
    "clinic",
    "electricity",
    "services",
    "broken",
    "dirty",
    "other",
)
"""What the phone draws: any other name looks there like *Something else*."""
MOST_QUESTIONS = 5


class Kept(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Cases refer to it for ever."""

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False


class QuestionInline(TabularInline):  # type: ignore[misc]
    """A category's questions."""

    model = Question
    extra = 0
    max_num = MOST_QUESTIONS


class CategoryForm(forms.ModelForm):  # type: ignore[type-arg]
    """Its picture is one that there is, or the one it had."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if icon := self.fields.get("icon"):  # not of a category that may only be looked at
            names = dict.fromkeys([self.instance.icon, *PICTURES])
            choices = [(name, name or "---------") for name in names]
            self.fields["icon"] = forms.ChoiceField(choices=choices, label=icon.label, widget=UnfoldAdminSelectWidget)


@admin.register(Category)
class CategoryAdmin(Kept):
    """What reports are about."""

    form = CategoryForm
    list_display = ("code", "name_ky", "name_ru", "parent", "position", "active")
    list_select_related = ("parent",)
    inlines = (QuestionInline,)


@admin.register(Term)
class TermAdmin(Kept):
    """Dated terms."""

    list_display = ("track", "purpose", "amount", "unit", "in_force_from", "source")


@admin.register(Place)
class PlaceAdmin(Kept):
    """The gazetteer."""

    list_display = ("code", "kind", "name_ky", "name_ru", "parent")
    list_filter = ("kind",)
    search_fields = ("code", *NAME_FIELDS)
    autocomplete_fields = ("parent",)
    list_select_related = ("parent",)
