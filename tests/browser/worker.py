"""What the Celery workers do, in one thread of the test: it looks for work all the time, so no bell is needed."""

import threading
from datetime import timedelta

from django.db import connections
from django.db.models import Q
from django.utils import timezone

from imports import actions
from imports.models import ImportJob
from imports.states import SENT_OR_SENDING

PAUSE = 0.05  # seconds
QUIET = timedelta(seconds=5)  # a page that works on an import itself has done with it by then


class _Stopped(Exception):
    """The test is over: leave the job where it is."""


class Worker:
    """Drains every job that moves by itself, one after another, between `start` and `stop`."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.fault: Exception | None = None

    def start(self) -> "Worker":
        self._thread.start()
        return self

    def stop(self) -> None:
        """Wait for the thread and raise what ended it before its time."""
        self._stopping.set()
        self._thread.join(timeout=120)
        if self.fault:
            raise self.fault

    def _work(self) -> None:
        try:
            while True:
                self._rest(PAUSE)
                for pk in _due():
                    actions.drain(pk, sleep=self._rest)
        except _Stopped:
            pass
        except Exception as fault:  # noqa: BLE001 - raised again in the thread of the test
            self.fault = fault
        finally:
            connections.close_all()

    def _rest(self, seconds: float) -> None:
        if self._stopping.wait(min(seconds, 1.0)):
            raise _Stopped


def _due() -> list[int]:
    """What was sent, and what a page left unread or unchecked for as long as the sweep would let it lie."""
    left = Q(state__in=SENT_OR_SENDING) | Q(state_changed_at__lt=timezone.now() - QUIET)
    return list(ImportJob.objects.moving().filter(left).values_list("pk", flat=True))
