"""What came and could not be applied. Operators see that it is there; only national mediators read what it says."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reporting.admin.settling import SettledOnce, reason_field
from reporting.people.models import User
from reporting.sync import quarantine
from reporting.sync.models import Quarantined


class SettleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saving it says that somebody looked."""

    settled_reason = reason_field(
        label=_("What was found or done"),
        help_text=_("Saving says that it was looked at. Say what you found or did; it is kept."),
    )


@admin.register(Quarantined)
class QuarantineAdmin(SettledOnce):
    """Kept until a person has looked."""

    form, reason_name = SettleForm, "settled_reason"
    list_display = ("code", "type", "detail", "received_at", "settled_at", "settled_by")
    list_filter = ("code", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("settled_by",)
    ordering = (F("settled_at").asc(nulls_first=True), "-received_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Quarantined]:
        """Nothing about an office where they work."""
        assert isinstance(request.user, User)
        rows: QuerySet[Quarantined] = super().get_queryset(request)
        return rows.exclude(pk__in=quarantine.about_their_offices(request.user))

    def get_fields(self, request: HttpRequest, _obj: Any = None) -> list[str]:
        """The words only for those who may read them."""
        assert isinstance(request.user, User)
        words = ["what_it_says"] if quarantine.may_read(request.user) else []
        return ["code", "detail", "type", "received_at", *words, "settled_at", "settled_by", "settled_reason"]

    def get_readonly_fields(self, _request: HttpRequest, _obj: Any = None) -> list[str]:
        """All but the reason."""
        return ["code", "detail", "type", "received_at", "what_it_says", "settled_at", "settled_by"]

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operators and national mediators."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, _obj: Quarantined | None = None) -> bool:
        """As above."""
        return isinstance(request.user, User) and quarantine.sees(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Quarantined | None = None) -> bool:
        """To say, once, that it was looked at."""
        return self.has_view_permission(request) and (obj is None or obj.settled_at is None)

    def settle(self, row: Quarantined, *, by: User, reason: str, at: datetime) -> None:
        """Somebody looked."""
        quarantine.settle(row=row, by=by, reason=reason, at=at)

    @admin.display(description=_("What it says"))
    def what_it_says(self, row: Quarantined) -> str:
        """The operation without tokens."""
        if row.content is None:
            return gettext("It could not be read.")
        return json.dumps(row.content, ensure_ascii=False, indent=1)
