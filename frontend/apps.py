"""Serves the phone app."""

from django.apps import AppConfig


class FrontendConfig(AppConfig):
    name = "frontend"
