"""What came and could not be applied. Operators see that it is there; only national mediators read what it says."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from reporting.admin.lookups import OnlyItsFilters
from reporting.people.models import Membership, Office, User
from reporting.sync.models import Quarantined


@admin.register(Quarantined)
class QuarantineAdmin(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Kept until a person has looked."""

    list_display = ("code", "type", "detail", "received_at", "settled_at")
    list_filter = ("code", ("settled_at", admin.EmptyFieldListFilter))
    ordering = (F("settled_at").asc(nulls_first=True), "-received_at")
    actions = None

    def get_fields(self, request: HttpRequest, _obj: Any = None) -> list[str]:
        """The words only for those who may read them."""
        fields = ["code", "detail", "type", "received_at", "settled_at"]
        return [*fields, "what_it_says"] if _may_read(request) else fields

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> list[str]:
        """Only `settled_at` is set by a person."""
        return ["code", "detail", "type", "received_at", "what_it_says"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operators and national mediators."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As above."""
        return _may_read(request) or bool(super().has_view_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To say that it was looked at."""
        return _may_read(request) or bool(super().has_change_permission(request, obj))

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing is lost."""
        return False

    @admin.display(description=_("What it says"))
    def what_it_says(self, row: Quarantined) -> str:
        """The operation without tokens."""
        if row.content is None:
            return gettext("It could not be read.")
        return json.dumps(row.content, ensure_ascii=False, indent=1)


def _may_read(request: HttpRequest) -> bool:
    """Whether somebody mediates in the national office."""
    return (
        isinstance(request.user, User)
        and request.user.is_active
        and Membership.objects.filter(
            user=request.user,
            role=Membership.Role.MEDIATOR,
            office__kind=Office.Kind.MEDIATION,
            office__level=Office.Level.NATIONAL,
        ).exists()
    )
