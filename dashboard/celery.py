"""The Celery application. Messages are doorbells: they carry ids, the database holds the truth."""

import ctypes
import gc
import logging
import logging.config
import os
import threading
from typing import Any

from celery import Celery
from celery.concurrency.thread import TaskPool
from celery.signals import (
    beat_embedded_init,
    beat_init,
    setup_logging,
    task_postrun,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutting_down,
)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")

log = logging.getLogger(__name__)

app = Celery("dashboard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# After each task Celery would close the whole pool of a child's connections to PostgreSQL, and the next task wait 15 ms
# for a new one. What a task has opened goes back into the pool below instead.
app.add_defaults({"CELERY_DB_REUSE_MAX": 1_000})


@setup_logging.connect
def log_as_django_does(**_: Any) -> None:
    """Workers write the same plain lines as the web process; Celery's own set-up would print task arguments."""
    from django.conf import settings  # noqa: PLC0415 - settings are read when a worker starts, not on import

    logging.config.dictConfig(settings.LOGGING)


@worker_ready.connect
@worker_process_init.connect
def leave_alone_what_stays(**_: Any) -> None:
    """What is loaded by now stays to the end: the garbage collector need not look through all of it again whenever a
    batch's answers have come and gone, nor unshare the memory a child has in common with its siblings. And it need not
    look many times in one slice, whose thousands of lists all are in use: that costs a twentieth of a check."""
    gc.freeze()
    gc.set_threshold(10_000)


@task_postrun.connect
def give_connections_back(**_: Any) -> None:
    from django.db import close_old_connections  # noqa: PLC0415 - as above

    close_old_connections()


@worker_process_init.connect
def return_memory_after_tasks(**_: Any) -> None:
    """A child keeps what a slice has freed for the next one, but not longer than its task."""
    task_postrun.connect(return_memory)


def return_memory(**_: Any) -> None:
    """Give free memory back to the system, where the C library can (glibc)."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


ROUND_SECONDS = 5.0  # how often a sending worker asks whether a sweep is due; the sweep itself is every 15
_stopping = threading.Event()


@worker_ready.connect
def begin_to_send(sender: Any, **_: Any) -> None:
    """A worker of threads: share them, show that it lives, and look round by itself when no bell rings."""
    from imports import actions, tasks  # noqa: PLC0415 - Django's models are there only now

    if isinstance(sender.pool, TaskPool):
        tasks.SEATS.each = max(1, sender.pool.limit // 2)
        actions.show_alive()
        _sign_for_queues()
        threading.Thread(target=_look_round, name="rounds", daemon=True).start()


@worker_process_init.connect
def show_child_alive(**_: Any) -> None:
    """A child of a worker of processes, when it sends."""
    from imports import actions  # noqa: PLC0415 - as above

    if "send" in (app.amqp.queues.consume_from or ()):
        actions.show_alive()
    _sign_for_queues()


@beat_init.connect
@beat_embedded_init.connect
def show_beat(**_: Any) -> None:
    from imports import actions  # noqa: PLC0415 - as above

    actions.begin_signing("beat")


def _sign_for_queues() -> None:
    """One sign of life for each queue this process works for."""
    from imports import actions  # noqa: PLC0415 - as above

    for name in app.amqp.queues.consume_from or ():
        actions.begin_signing(name)


@worker_process_shutdown.connect
def stop_signing(**_: Any) -> None:
    """A child that is replaced, or whose worker ends."""
    from imports import actions  # noqa: PLC0415 - as above

    for name in app.amqp.queues.consume_from or ():
        actions.end_signing(name)


@worker_shutting_down.connect
def stop_looking_round(sender: Any = None, **_: Any) -> None:
    _stopping.set()


def _look_round() -> None:
    from django.db import connections  # noqa: PLC0415 - as above

    from imports import tasks  # noqa: PLC0415 - as above

    while not _stopping.wait(ROUND_SECONDS):
        try:
            tasks.sweep_if_due()
        except Exception:
            log.exception("a worker could not look round")
        finally:
            connections.close_all()
