"""Offices and accounts. An account that leaves is made inactive, never deleted; access is given and taken on the record."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, StackedInline
from unfold.decorators import action
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from reporting import events
from reporting.admin.lookups import OnlyItsFilters
from reporting.admin.reference import Kept
from reporting.people import memberships, profiles
from reporting.people.models import AccessRecord, Membership, Office, User
from reporting.places.names import NAME_FIELDS

WHAT = {
    AccessRecord.GIVEN: _("Access given"),
    AccessRecord.TAKEN: _("Access taken"),
    AccessRecord.PASSWORD: _("Password set by somebody else"),
    AccessRecord.ON: _("Account switched on"),
    AccessRecord.OFF: _("Account switched off"),
    AccessRecord.KEY: _("A key for names in confidence made"),
}


class MembershipInline(StackedInline):  # type: ignore[misc]  # unfold has no types
    """Where somebody works."""

    model = Membership
    extra = 0
    autocomplete_fields = ("office",)


@admin.register(User)
class AccountAdmin(Kept, UserAdmin):  # type: ignore[type-arg]
    """Accounts of staff. Each save is one unit of work, so that access and its record stand or fall together."""

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "is_active", "is_staff")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    actions_submit_line = ("end_logins",)
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "language")}),
        (None, {"fields": ("is_active", "is_staff", "is_superuser")}),
    )

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Django's page, in a unit of work."""
        with events.unit_of_work():
            page: HttpResponse = super().add_view(request, form_url, extra_context)
        return page

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Django's page, in a unit of work."""
        with events.unit_of_work():
            page: HttpResponse = super().change_view(request, object_id, form_url, extra_context)
        return page

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Django's page; whoever sets another's password can log in as them, and that is recorded."""
        with events.unit_of_work():
            page = super().user_change_password(request, id, form_url)
            if request.method == "POST" and page.status_code == 302:
                user = User.objects.get(pk=int(id))
                memberships.password_set(user=user, by=_actor(request), at=timezone.now())
        return page

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """An account that is switched on or off leaves a record too."""
        super().save_model(request, obj, form, change)
        if change and "is_active" in form.changed_data:
            memberships.switched(user=obj, by=_actor(request), at=timezone.now())

    @action(description=_("End logins on phones"))  # type: ignore[untyped-decorator]  # unfold has no types
    def end_logins(self, request: HttpRequest, obj: User) -> None:
        """A phone was lost or stolen: whatever it was given is taken back at its next pull, and it is given nothing more."""
        profiles.end_logins(user=obj, at=timezone.now())
        messages.success(request, gettext("All logins on phones have ended."))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """By the domain's road, which leaves a record."""
        by, at = _actor(request), timezone.now()
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            memberships.take(membership=row, by=by, at=at)
        for row in rows:
            before = Membership.objects.filter(pk=row.pk).exclude(office=row.office).first()
            if before is not None:
                memberships.take(membership=before, by=by, at=at)
            memberships.give(user=row.user, office=row.office, role=row.role, by=by, at=at)


@admin.register(Office)
class OfficeAdmin(Kept):
    """Who answers."""

    list_display = ("code", "kind", "level", "name_ru", "place", "section", "active")
    list_filter = ("kind", "level", "active")
    search_fields = ("code", *NAME_FIELDS)
    autocomplete_fields = ("place", "parent")
    list_select_related = ("place",)

    def get_readonly_fields(self, _request: HttpRequest, obj: Office | None = None) -> tuple[str, ...]:
        """Both are said once: its kind decides which audiences it reads, by its code reports say that they are about it."""
        return () if obj is None else ("code", "kind")


@admin.register(AccessRecord)
class AccessRecordAdmin(OnlyItsFilters, ModelAdmin):  # type: ignore[misc]
    """Who was given access to an office, by whom. Read by its supervisors and by operators, changed by nobody."""

    list_display = ("at", "what", "office", "whom", "role", "by_whom")
    list_display_links = None
    list_filter = ()
    list_per_page = 25
    actions = None

    def get_queryset(self, request: HttpRequest) -> Any:
        """Their offices' own."""
        assert isinstance(request.user, User)
        return memberships.record_seen_by(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Supervisors and operators."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, _obj: Any = None) -> bool:
        """The list only."""
        user = request.user
        return isinstance(user, User) and (user.is_superuser or bool(memberships.supervised_by(user)))

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Written by what happens."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Never."""
        return False

    @admin.display(description=_("What happened"))
    def what(self, row: AccessRecord) -> str:
        """In words."""
        return str(WHAT[row.kind])

    @admin.display(description=_("Office"))
    def office(self, row: AccessRecord) -> str:
        """By name."""
        office = Office.objects.filter(code=(row.data or {}).get("office")).first()
        return office.name(get_language() or "ky") if office else "—"

    @admin.display(description=_("Account"))
    def whom(self, row: AccessRecord) -> str:
        """Whose access."""
        return _name((row.data or {}).get("user"))

    @admin.display(description=_("Role"))
    def role(self, row: AccessRecord) -> str:
        """In words."""
        return str(dict(Membership.Role.choices).get(str((row.data or {}).get("role")), "—"))

    @admin.display(description=_("By whom"))
    def by_whom(self, row: AccessRecord) -> str:
        """Who did it."""
        return gettext("the system") if row.actor == "system" else _name(row.actor.removeprefix("staff:"))


def own_password(request: HttpRequest) -> HttpResponse:
    """The admin's page on which somebody changes their own password; their phones have to log in anew."""
    with events.unit_of_work():
        page: HttpResponse = admin.site.password_change(request)
        if request.method == "POST" and page.status_code == 302:
            assert isinstance(request.user, User)
            memberships.password_set(user=request.user, by=_actor(request), at=timezone.now())
    return page


def _name(user_id: Any) -> str:
    user = User.objects.filter(pk=user_id).first()
    return user.called if user else "—"


def _actor(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}"
