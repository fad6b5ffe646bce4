"""Ringing: one message with one id, on the queue or not at all, and whether the queue takes messages.

A queue that hangs costs each try its time-out. So a process that was kept waiting once leaves it alone for a moment:
what it does not ring for, the sweep finds.
"""

import json
import logging
import threading
import time
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from celery import Task, current_app
from kombu.exceptions import OperationalError
from kombu.pools import producers
from redis import exceptions as redis

log = logging.getLogger(__name__)

LEAVE_ALONE_SECONDS = 3.0  # with a sweep every 15 s work still starts within 20 s of the queue's return
TRUST_SECONDS = 10.0  # how long what was found out about the queue is told again without asking
LONGEST_RING = 1.0  # seconds a page may wait for the queue to take a message; pages are to answer within 2.5
RUNG_AT = "rung_at"  # the header that tells how old a bell is that nobody hears
LONGEST_LOOK = 1.0  # seconds a page may wait to find out

SILENT, FULL, LOCKED, LOADING = "silent", "full", "locked", "loading"


@dataclass
class _Known:
    """What this process found out about the queue last; `trouble` is "" when it took a message."""

    trouble: str = ""
    until: float = 0.0
    failed_at: float = float("-inf")
    looking: threading.Lock = field(default_factory=threading.Lock)

    def note(self, trouble: str) -> None:
        self.trouble, self.until = trouble, time.monotonic() + TRUST_SECONDS
        if trouble:
            self.failed_at = time.monotonic()


_known = _Known()


def ring_now(task: "Task[Any, Any]", number: int) -> bool:
    """Put one bell on the queue; False when it could not be, which costs nothing but the wait for the next sweep."""
    if time.monotonic() < _known.failed_at + LEAVE_ALONE_SECONDS:
        return False
    try:
        with producers[_hasty_connection(LONGEST_RING)].acquire(block=True, timeout=LONGEST_RING) as producer:
            task.apply_async(args=[number], retry=False, producer=producer, headers={RUNG_AT: time.time()})
    except Exception as fault:  # noqa: BLE001 - whatever ails the broker, the work is in the database and the sweep finds it
        _known.note(_trouble_of(fault))
        log.warning("bell not rung: %s for %s (%s)", task.name, number, type(fault).__name__)
        return False
    _known.note("")
    return True


def queue_trouble() -> str:
    """Why the queue takes no messages: SILENT, FULL, LOCKED or LOADING; "" when it does.

    Looks at most every few seconds, for at most a second, and never in two threads at once.
    """
    if time.monotonic() >= _known.until and _known.looking.acquire(blocking=False):
        try:
            _known.note(_look())
        finally:
            _known.looking.release()
    return _known.trouble


class Waiting(NamedTuple):
    """Bells nobody has heard: how many by queue, and the age of the oldest, None where it does not tell."""

    lengths: dict[str, int]
    oldest_seconds: float | None


def waiting() -> Waiting | None:
    """What lies in the queues; None when they cannot be asked. Costs as much as a look."""
    with _hasty_connection(LONGEST_LOOK / 2) as connection:
        try:
            channel = connection.default_channel
            prefix = connection.transport_options.get("global_keyprefix", "")
            names = list(current_app.conf.task_queues)
            lengths = {str(name): int(channel.client.llen(name)) for name in names}
            oldest = [channel.client.lindex(f"{prefix}{name}", -1) for name in names if lengths[name]]
            ages = [age for age in map(_age_of, filter(None, oldest)) if age is not None]
        except Exception as fault:  # noqa: BLE001 - as above
            _known.note(_trouble_of(fault))
            return None
    return Waiting(lengths, max(ages, default=None))


def _age_of(message: bytes) -> float | None:
    """Seconds since it was rung; None for one that beat rang, which does not say."""
    try:
        rung_at = json.loads(message)["headers"].get(RUNG_AT)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return max(0.0, time.time() - float(rung_at)) if rung_at else None


def forget_queue() -> None:
    """Know nothing about the queue, as a process that has just begun."""
    _known.trouble, _known.until, _known.failed_at = "", 0.0, float("-inf")


def _look() -> str:
    """Write a key that soon goes: a queue that is full or still loading answers a ping, and takes no bell."""
    with _hasty_connection(LONGEST_LOOK / 2) as connection:
        try:
            connection.default_channel.client.set("looked", "1", ex=60)
        except Exception as fault:  # noqa: BLE001 - as above
            return _trouble_of(fault)
    return ""


def _hasty_connection(seconds: float) -> Any:
    """To the queue, waiting no longer than that for each answer; workers have more patience with theirs."""
    connection = current_app.connection_for_write()
    waits = {"socket_timeout": seconds, "socket_connect_timeout": seconds}
    connection.transport_options = connection.transport_options | waits
    return connection


def _trouble_of(fault: BaseException) -> str:
    """What ails the queue; kombu wraps what redis said, once or twice."""
    known = {
        redis.OutOfMemoryError: FULL,
        redis.BusyLoadingError: LOADING,
        redis.AuthenticationError: LOCKED,
    }
    seen: BaseException | None = fault
    while seen is not None:
        for kind, trouble in known.items():
            if isinstance(seen, kind):
                return trouble
        if "AUTH" in str(seen):  # said to a connection that was let in before there was a password
            return LOCKED
        seen = seen.__cause__ or (seen.__context__ if isinstance(seen, OperationalError) else None)
    return SILENT
