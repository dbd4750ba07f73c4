"""Addresses of the phone app: all at the root, since a worker's scope is its folder."""

from django.urls import path

from frontend import views

urlpatterns = [
    path("", views.shell, name="phone"),
    path("carry", views.carry, name="carry"),
    path("serviceworker.js", views.service_worker, name="serviceworker"),
    path("favicon.ico", views.icon, name="favicon"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
]
