"""Offices and accounts. An account that leaves is made inactive, never deleted."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from unfold.admin import TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from reporting.admin.reference import Kept
from reporting.people.models import Membership, Office, User


class MembershipInline(TabularInline):  # type: ignore[misc]  # unfold has no types
    """Where somebody works."""

    model = Membership
    extra = 0
    autocomplete_fields = ("office",)


@admin.register(User)
class AccountAdmin(Kept, UserAdmin):  # type: ignore[type-arg]
    """Accounts of staff."""

    form, add_form, change_password_form = UserChangeForm, UserCreationForm, AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "is_active", "is_staff")
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("username", "password", "first_name", "last_name", "language")}),
        (None, {"fields": ("is_active", "is_staff", "is_superuser")}),
    )


@admin.register(Office)
class OfficeAdmin(Kept):
    """Who answers."""

    list_display = ("code", "kind", "level", "name_ru", "place", "section", "active")
    list_filter = ("kind", "level", "active")
    search_fields = ("code", "name_ky", "name_ru", "name_en")
    autocomplete_fields = ("place", "parent")
    list_select_related = ("place",)
