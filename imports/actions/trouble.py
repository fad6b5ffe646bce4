"""What the database may do to a statement, and what is tried again."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from sqlite3 import SQLITE_FULL
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction

P = ParamSpec("P")
R = TypeVar("R")

MOST_RETRIES = 3
AWAY = (OperationalError, InterfaceError)  # the database is not there, or was lost under way
_NO_ROOM = "53100"  # disk_full
_STOOD_STILL = "25P03"  # idle_in_transaction_session_timeout; Django calls it an internal error
_writers = threading.RLock()
_UNLUCKY = ("40001", "40P01")  # serialization failure, deadlock: the transaction was rolled back, another try may do


def is_unlucky(fault: BaseException) -> bool:
    """Whether the database rolled the transaction back only because of another one."""
    return getattr(fault.__cause__, "sqlstate", None) in _UNLUCKY


def is_thrown_out(fault: BaseException) -> bool:
    """Whether PostgreSQL ended the session of somebody who stood still in a transaction for too long."""
    return getattr(fault.__cause__, "sqlstate", None) == _STOOD_STILL


def is_full(fault: BaseException) -> bool:
    """Whether the database had no room on its disk."""
    cause = fault.__cause__
    return getattr(cause, "sqlstate", None) == _NO_ROOM or getattr(cause, "sqlite_errorcode", None) == SQLITE_FULL


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes, as senders do many times a second.

    SQLite lets one write at a time and makes whoever waits sleep for up to 25 ms, though the other needs 2: so the
    threads of a process wait for one another instead.
    """
    with _writers if connection.vendor == "sqlite" else nullcontext(), transaction.atomic():
        yield


def retried(work: Callable[P, R]) -> Callable[P, R]:
    """Do a whole transaction again, up to three times, when it lost against another one. Not inside a transaction."""

    @wraps(work)
    def again(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(MOST_RETRIES):
            try:
                return work(*args, **kwargs)
            except OperationalError as fault:
                if not is_unlucky(fault) or connection.in_atomic_block:
                    raise
                time.sleep(random.uniform(0.0, 0.05))
        return work(*args, **kwargs)

    return again
