"""What came and could not be applied. Operators see that it is there; only national mediators read what it says."""

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from reporting.admin.lookups import OnlyItsFilters
from reporting.errors import NotAllowed, TooLate
from reporting.people.models import User
from reporting.sync import quarantine
from reporting.sync.models import Quarantined


class SettleForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saving it says that somebody looked."""

    settled_reason = forms.CharField(
        max_length=500,
        label=_("What was found or done"),
        help_text=_("Saving says that it was looked at. Say what you found or did; it is kept."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(Quarantined)
class QuarantineAdmin(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Kept until a person has looked."""

    form = SettleForm
    list_display = ("code", "type", "detail", "received_at", "settled_at", "settled_by")
    list_filter = ("code", ("settled_at", admin.EmptyFieldListFilter))
    list_select_related = ("settled_by",)
    ordering = (F("settled_at").asc(nulls_first=True), "-received_at")
    actions = None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Saved once: there is nothing to go on with."""
        shown = {"show_save_and_continue": False, **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, shown)
        return page

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

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing is lost."""
        return False

    def save_model(self, request: HttpRequest, obj: Quarantined, form: Any, change: Any) -> None:
        """By the domain's road."""
        assert isinstance(request.user, User)
        reason = form.cleaned_data["settled_reason"]
        try:
            quarantine.settle(row=obj, by=request.user, reason=reason, at=timezone.now())
        except (NotAllowed, TooLate) as error:
            raise PermissionDenied from error

    @admin.display(description=_("What it says"))
    def what_it_says(self, row: Quarantined) -> str:
        """The operation without tokens."""
        if row.content is None:
            return gettext("It could not be read.")
        return json.dumps(row.content, ensure_ascii=False, indent=1)
