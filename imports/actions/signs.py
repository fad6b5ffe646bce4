"""Every process that does background work writes a sign of life, so that the state of the system can be told without
asking the queue: what is written was written by the one who would do the work."""

import logging
import threading
from datetime import timedelta

from django.db import connections

from imports.actions import clock
from imports.actions.liveness import this_worker
from imports.models import WorkerSign

log = logging.getLogger(__name__)

SIGN_SECONDS = 15.0
KEPT_FOR = timedelta(days=1)  # signs of processes that ended without a word
CHECK, SEND, BEAT = "check", "send", "beat"

_ended = threading.Event()


def sign(does: str) -> None:
    """Write that this process is there and does this; what has been silent for a day goes."""
    now = clock.now()
    told = {"does": does, "heard_at": now}
    WorkerSign.objects.update_or_create(worker=_name(does), defaults=told, create_defaults=told | {"started_at": now})
    WorkerSign.objects.filter(heard_at__lt=now - KEPT_FOR).delete()


def begin_signing(does: str) -> None:
    """Sign now and every few seconds from a thread of its own, until the process ends."""
    _ended.clear()
    threading.Thread(target=_go_on_signing, args=(does,), name=f"sign of {does}", daemon=True).start()


def end_signing(does: str) -> None:
    """The process ends as it was asked to: nobody need wonder where it went."""
    _ended.set()
    try:
        WorkerSign.objects.filter(worker=_name(does)).delete()
    except Exception as fault:  # noqa: BLE001 - the database may be what ends as well
        log.warning("a sign of life stays: %s", type(fault).__name__)


def _name(does: str) -> str:
    """The process, without the lock it may hold by and by."""
    return f"{does}:{':'.join(this_worker().split(':')[:3])}"[:120]


def _go_on_signing(does: str) -> None:
    while True:
        try:
            sign(does)
        except Exception as fault:  # noqa: BLE001 - whatever ails the database, the work itself will say so
            log.warning("no sign of life could be written: %s", type(fault).__name__)
        finally:
            connections.close_all()
        if _ended.wait(SIGN_SECONDS):
            return
