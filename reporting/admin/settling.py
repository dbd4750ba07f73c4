"""Pages of what a person settles once, with a reason that is kept."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminTextareaWidget

from reporting.admin.lookups import OnlyItsFilters
from reporting.errors import NotAllowed, TooLate
from reporting.people.models import User


def reason_field(*, label: Any, help_text: Any) -> forms.CharField:
    """The only field of such a page: saving it settles."""
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 3})
    return forms.CharField(max_length=500, label=label, help_text=help_text, widget=widget)


class SettledOnce(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]  # unfold has no types
    """Written by what happens, never by hand; neither added nor deleted."""

    actions = None
    reason_name: str
    """The field of the form that says why."""

    def settle(self, row: Any, *, by: User, reason: str, at: datetime) -> None:
        """The domain's road. Raises NotAllowed and TooLate."""
        raise NotImplementedError

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Saved once: there is nothing to go on with."""
        shown = {"show_save_and_continue": False, **(extra_context or {})}
        page: HttpResponse = super().change_view(request, object_id, form_url, shown)
        return page

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Never by hand."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Nothing is lost."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        """By the domain's road."""
        assert isinstance(request.user, User)
        try:
            self.settle(obj, by=request.user, reason=form.cleaned_data[self.reason_name], at=timezone.now())
        except (NotAllowed, TooLate) as error:
            raise PermissionDenied from error
