"""Logging in: a password, and a second factor where the account has one. The admin's own form would pass over it."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget


class StaffLogin(AuthenticationForm):  # type: ignore[misc]  # unfold has no types
    """Username, password and, for accounts with a second factor, its code."""

    code = forms.CharField(
        label=_("Code from your app"),
        required=False,
        max_length=20,
        help_text=_("Only if your account has a second factor."),
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    error_messages = {
        **AuthenticationForm.error_messages,
        # One sentence for all that may be wrong: another one for the code would tell that the password was right.
        "invalid_login": _("The username, the password or the code is wrong. A code is used once only."),
    }

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        """After the password: staff only, and the code must be right. Whoever may not is told what a wrong password is told."""
        if not user.is_active or not getattr(user, "is_staff", False):
            raise self.get_invalid_login_error()
        if is_mfa_enabled(user) and not self._code_is_right(user):
            user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=self.request)
            raise self.get_invalid_login_error()

    def _code_is_right(self, user: AbstractBaseUser) -> bool:
        code = self.cleaned_data.get("code") or self.data.get("code", "")
        types = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
        rows: Any = Authenticator.objects.filter(user=user, type__in=types)
        return bool(code) and any(row.wrap().validate_code(code.strip()) for row in rows)


def locked_out(request: HttpRequest, _original: object = None, _credentials: object = None) -> HttpResponse:
    """The answer to a locked account: a page for a browser, problem details for a phone. The same whether the account exists."""
    seconds = int(settings.AXES_COOLOFF_TIME.total_seconds())
    said = gettext("Too many wrong tries. Wait %(minutes)s minutes, then try again.") % {"minutes": seconds // 60}
    response: HttpResponse
    if request.path.startswith("/_allauth/"):
        problem = {"type": "about:blank", "title": "Too Many Requests", "status": 429, "detail": said, "code": "later"}
        response = JsonResponse(problem, status=429, content_type="application/problem+json")
    else:
        context = {**admin.site.each_context(request), "said": said}
        response = TemplateResponse(request, "admin/locked_out.html", context, status=429).render()
    response["Retry-After"] = str(seconds)
    return response
