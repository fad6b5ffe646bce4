"""Lets a process be frozen while none of its threads writes.

On SQLite whoever sleeps with the write lock keeps every other process waiting, until they give up. A worker is frozen
at a step of one thread; another one may be in the middle of a transaction just then, and that is not what is tested.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from django.db import connection
from django.db.backends.signals import connection_created

PATIENCE = 120.0  # seconds for a transaction to end


class _Gate:
    """Every statement of this process passes it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._shut, self._busy = 0, 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        with self._changed:  # a transaction that has begun may end
            self._changed.wait_for(lambda: not self._shut or context["connection"].in_atomic_block)
            self._busy += 1
        try:
            return execute(sql, params, many, context)
        finally:
            with self._changed:
                self._busy -= 1

    @contextmanager
    def shut(self) -> Iterator[None]:
        with self._changed:
            self._shut += 1
        try:
            while not self._nobody_writes():
                time.sleep(0.01)  # somebody was past the gate, and has the lock next
            yield
        finally:
            with self._changed:
                self._shut -= 1
                self._changed.notify_all()

    def _nobody_writes(self) -> bool:
        """Whoever gets the write lock while no statement is under way knows that no transaction is, either."""
        path = connection.settings_dict["NAME"]
        with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with self._changed:
                nobody = not self._busy
            other.execute("ROLLBACK")
        return nobody


_GATE = _Gate()


def watch() -> None:
    """Call once, before the threads begin."""
    connection_created.connect(_guard)


def _guard(connection: Any, **_signal: Any) -> None:
    if _GATE not in connection.execute_wrappers:
        connection.execute_wrappers.append(_GATE)


@contextmanager
def still() -> Iterator[None]:
    """Nothing is being written by this process; by this thread only where it stands in a transaction on purpose."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _GATE.shut():
        yield
