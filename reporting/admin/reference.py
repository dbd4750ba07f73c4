"""Reference data that operators keep: places, categories, terms. Nothing is deleted; it is made inactive."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline

from reporting.admin.lookups import OnlyItsFilters
from reporting.cases.models import Category, Question, Term
from reporting.places.models import Place


class Kept(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Cases refer to it for ever."""

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False


class QuestionInline(TabularInline):  # type: ignore[misc]
    """A category's questions."""

    model = Question
    extra = 0


@admin.register(Category)
class CategoryAdmin(Kept):
    """What reports are about."""

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
    search_fields = ("code", "name_ky", "name_ru", "name_en")
    autocomplete_fields = ("parent",)
    list_select_related = ("parent",)
