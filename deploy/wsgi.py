"""The WSGI application that gunicorn serves.

gunicorn loads it once and forks (`--preload`): a worker that died is back in a moment, and all of them share its memory. So
everything that a first request would have to read is read here, and nothing here may open a connection.
"""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deploy.settings")

application = get_wsgi_application()

from django.urls import get_resolver  # noqa: E402 - settings are there only now

from reporting.places import borders  # noqa: E402

get_resolver().check()  # imports every view
borders.load()
