"""What the worker does: one call each, ids only. With deploy.celery the only importer of Celery."""

import structlog
from celery import shared_task

log = structlog.get_logger(__name__)


def wake_soon() -> None:
    """Ask a worker to look at the event table. Returns at once, also when the broker is gone."""
