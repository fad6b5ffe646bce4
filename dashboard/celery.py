"""The Celery application. Messages are doorbells: they carry ids, the database holds the truth."""

import logging.config
import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

app = Celery("dashboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def log_as_django_does(**_: Any) -> None:
    """Workers write the same plain lines as the web process; Celery's own set-up would print task arguments."""
    from django.conf import settings  # noqa: PLC0415 - settings are read when a worker starts, not on import

    logging.config.dictConfig(settings.LOGGING)
