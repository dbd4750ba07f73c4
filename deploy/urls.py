"""Every address of Aryk."""

from django.contrib import admin
from django.urls import include, path

from reporting.admin.accounts import own_password
from reporting.admin.guarding import choose_language

urlpatterns = [
    path("admin/password_change/", admin.site.admin_view(own_password, cacheable=True)),
    path("admin/", admin.site.urls),
    path("i18n/setlang/", choose_language, name="set_language"),
    path("_allauth/", include("allauth.headless.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("api.urls")),
    path("", include("frontend.urls")),
]
