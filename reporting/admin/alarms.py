"""What a person must look at. An alarm is cleared with a reason, by somebody whom it concerns, never by whom it is about."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from reporting.admin.settling import SettledOnce, reason_field
from reporting.people.models import User
from reporting.routing import alarms
from reporting.routing.models import Alarm


class ClearForm(forms.ModelForm):  # type: ignore[type-arg]
    """Saving it clears the alarm."""

    cleared_reason = reason_field(
        label=_("Why it is cleared"), help_text=_("Saving clears the alarm. Say what you found or did; it is kept.")
    )


@admin.register(Alarm)
class AlarmAdmin(SettledOnce):
    """Names no case: whoever mends rules need not know of one."""

    form, reason_name = ClearForm, "cleared_reason"
    list_display = ("kind", "rule", "its_office", "about", "raised_at", "cleared_at")
    list_filter = (("cleared_at", admin.EmptyFieldListFilter), "kind")
    list_select_related = ("rule", "office", "about")
    fields = ("kind", "rule", "its_office", "about", "raised_at", "cleared_at", "cleared_by", "cleared_reason")
    readonly_fields = ("kind", "rule", "its_office", "about", "raised_at", "cleared_at", "cleared_by")
    ordering = (F("cleared_at").asc(nulls_first=True), "-raised_at")

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

    def settle(self, row: Alarm, *, by: User, reason: str, at: datetime) -> None:
        """Somebody clears it."""
        alarms.clear(alarm=row, by=by, reason=reason, at=at)

    @admin.display(description=_("Office"))
    def its_office(self, row: Alarm) -> str:
        """Where it is; not the one that what is set aside is about."""
        return "—" if row.office is None or row.kind == Alarm.Kind.DANGER_ASIDE else str(row.office)
