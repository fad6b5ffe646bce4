"""Django for the naive design, configured from NAIVE_DATABASE. Importing this module is what does it."""

import os

import django
from django.conf import settings

from dashboard.benchmark.databases import settings_of

if not settings.configured:
    settings.configure(
        DATABASES={"default": settings_of(os.environ["NAIVE_DATABASE"])},
        INSTALLED_APPS=["dashboard.benchmark.naive"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
