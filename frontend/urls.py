"""Addresses of the phone app."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
