"""The web entry point: `gunicorn dashboard.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

application = get_wsgi_application()
_ = get_resolver().url_patterns  # every page is loaded before the processes part; no first request waits for it
# A full collection would look through all of that: every few hundred requests one took a tenth of a second longer.
gc.collect()
gc.freeze()
