"""Ties the worker to the domain at start-up."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    name = "deploy"

    def ready(self) -> None:
        from deploy import celery  # noqa: F401 - makes the application the one that tasks belong to
        from reporting import events, tasks

        events.wake_functions.append(tasks.wake_soon)
