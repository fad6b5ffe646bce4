"""The dashboard's settings with shorter waits: a test waits neither for a sweep nor for a time-out."""

from dashboard.settings import *  # noqa: F403, TID251 - all of them but a few
from dashboard.settings import CELERY_BEAT_SCHEDULE, DATABASES  # noqa: TID251

CELERY_BEAT_SCHEDULE = {"sweep": CELERY_BEAT_SCHEDULE["sweep"] | {"schedule": 0.5}}
if "options" in (_options := DATABASES["default"]["OPTIONS"]):  # PostgreSQL
    _options["options"] += " -c idle_in_transaction_session_timeout=1s"
else:
    _options["timeout"] = 0.5
