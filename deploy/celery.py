"""The Celery application: wakes and sweeps, nothing else. The event table is the truth; losing the broker loses nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")

app = Celery("aryk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["reporting"])
