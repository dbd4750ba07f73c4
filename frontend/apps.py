"""Serves the phone app."""

from django.apps import AppConfig


class FrontendConfig(AppConfig):
    """The page, its worker, its manifest; the app itself is built by Vite into dist/."""

    name = "frontend"
    label = "frontend"
