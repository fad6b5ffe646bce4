"""The dashboard's settings with the mistakes an operator could make in Celery's part of them.

A message comes again after a second, however long its call takes, and is acknowledged only when the call has ended.
"""

from dashboard.settings import *  # noqa: F403, TID251 - that is what is to be spoilt
from dashboard.settings import CELERY_BROKER_TRANSPORT_OPTIONS  # noqa: TID251

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 4
CELERY_BROKER_TRANSPORT_OPTIONS = CELERY_BROKER_TRANSPORT_OPTIONS | {
    "visibility_timeout": 1,
    "unacked_restore_interval": 1,
    "unacked_restore_throttle": 1,
}
