"""The dashboard's settings with a beat that sweeps twice a second: a test does not wait fifteen."""

from dashboard.settings import *  # noqa: F403, TID251 - all of them but one
from dashboard.settings import CELERY_BEAT_SCHEDULE  # noqa: TID251

CELERY_BEAT_SCHEDULE = {"sweep": CELERY_BEAT_SCHEDULE["sweep"] | {"schedule": 0.5}}
