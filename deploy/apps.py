"""Ties the worker to the domain at start-up."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    name = "deploy"

    def ready(self) -> None:
        from reporting import events, tasks

        events.wake_functions.append(tasks.wake_soon)
