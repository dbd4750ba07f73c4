"""Routing rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from reporting.admin.lookups import OnlyItsFilters
from reporting.routing.models import Copy, Rule


class TargetForm(forms.ModelForm):  # type: ignore[type-arg]
    """Exactly one of an office and a kind."""

    def clean(self) -> dict[str, Any] | None:
        """Says so in words, before the database would refuse."""
        cleaned = super().clean()
        values = cleaned if cleaned is not None else self.cleaned_data
        if bool(values.get("office")) == bool(values.get("kind")):
            raise forms.ValidationError(_("Name either one office, or a kind of office: not both, not neither."))
        return cleaned


class CopyInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """Who gets a copy."""

    model = Copy
    form = TargetForm
    extra = 0
    autocomplete_fields = ("office",)


@admin.register(Rule)
class RuleAdmin(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]
    """category × place × border section → office."""

    form = TargetForm
    list_display = ("priority", "title", "category", "place", "section", "to_whom", "active")
    list_filter = ("active", "kind")
    actions = None
    list_select_related = ("category", "place", "office")
    autocomplete_fields = ("office", "place")
    inlines = (CopyInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        """The catch-all is mandatory."""
        return not (obj is not None and obj.catch_all) and bool(super().has_delete_permission(request, obj))

    def get_readonly_fields(self, _request: HttpRequest, _obj: Rule | None = None) -> tuple[str, ...]:
        """There is one catch-all and it stays one."""
        return ("catch_all",)

    @admin.display(description=_("To whom"))
    def to_whom(self, rule: Rule) -> str:
        """The office, or the kind and level it looks for."""
        return str(rule.office) if rule.office else f"{rule.get_kind_display()}, {rule.get_level_display()}".strip(", ")
