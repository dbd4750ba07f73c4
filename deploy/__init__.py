"""How Aryk is put together and run: settings, addresses, worker, server."""

from deploy.celery import app as celery_app

__all__ = ["celery_app"]
