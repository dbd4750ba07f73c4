"""What a person must look at. An alarm is cleared with a reason, by somebody whom it concerns, never by whom it is about."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from reporting.admin.lookups import OnlyItsFilters
from reporting.errors import NotAllowed, TooLate
from reporting.people.models import User
from reporting.routing import alarms
from reporting.routing.models import Alarm


class ClearForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saving it clears the alarm."""

    cleared_reason = forms.CharField(
        max_length=500,
        label=_("Why it is cleared"),
        help_text=_("Saving clears the alarm. Say what you found or did; it is kept."),
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


@admin.register(Alarm)
class AlarmAdmin(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Names no case: whoever mends rules need not know of one."""

    form = ClearForm
    list_display = ("kind", "rule", "office", "about", "raised_at", "cleared_at")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("rule", "office", "about")
    fields = ("kind", "rule", "office", "about", "raised_at", "cleared_at", "cleared_by", "cleared_reason")
    readonly_fields = ("kind", "rule", "office", "about", "raised_at", "cleared_at", "cleared_by")
    ordering = (F("cleared_at").asc(nulls_first=True), "-raised_at")
    actions = None

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Saved once: there is nothing to go on with."""
        shown = {"show_save_and_continue": False, **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, shown)
        return page

    def get_queryset(self, request: HttpRequest) -> Any:
        """Those that concern the viewer."""
        assert isinstance(request.user, User)
        return alarms.seen_by(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Operators, and supervisors with an alarm."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Alarm | None = None) -> bool:
        """Operators and whoever has one."""
        user = request.user
        if not isinstance(user, User):
            return False
        seen = alarms.seen_by(user)
        return user.is_superuser or (seen.exists() if obj is None else seen.filter(pk=obj.pk).exists())

    def has_change_permission(self, request: HttpRequest, obj: Alarm | None = None) -> bool:
        """To clear it."""
        user = request.user
        return isinstance(user, User) and (
            self.has_view_permission(request) if obj is None else alarms.may_clear(obj, user)
        )

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Raised by what happens."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Alarm | None = None) -> bool:
        """They are cleared, not deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Alarm, form: Any, change: Any) -> None:
        """By the domain's road."""
        assert isinstance(request.user, User)
        reason = form.cleaned_data["cleared_reason"]
        try:
            alarms.clear(alarm=obj, by=request.user, reason=reason, at=timezone.now())
        except (NotAllowed, TooLate) as error:
            raise PermissionDenied from error
