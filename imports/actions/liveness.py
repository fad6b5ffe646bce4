"""Telling a worker that is gone from one that is only slow.

On its own host a process is known by its number and its start. On PostgreSQL every sending process also holds a
session lock, on a database connection of its own that is in no pool and in no transaction; any host can see within
moments that it is free. A process that is paused counts as alive, on both ways. Session locks need a session: a pooler
that hands out a connection for each transaction must not stand between.
"""

import hashlib
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from django.db import connection

PULSE_SECONDS = 5.0  # how soon a lost session is noticed by its own process
AGAIN_SECONDS = 1.0
SETTLING_SECONDS = 30.0  # after its start the database has no locks, and workers have not taken theirs again
_ALIVE = {"connect_timeout": 5, "keepalives": 1, "keepalives_idle": 5, "keepalives_interval": 3, "keepalives_count": 3}
_NOTICED = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 3", "tcp_keepalives_count = 3")


@dataclass
class _Sign:
    """This process's lock. `key` names it; `pid` is the process it belongs to, which a fork does not inherit."""

    pid: int = field(default_factory=os.getpid)
    key: int = field(default_factory=lambda: secrets.randbits(62) + 1)
    held: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def hold(self) -> None:
        """Hold the lock until told to end; take it again whenever the session was lost."""
        while not self.ended.is_set():
            try:
                self._hold_once()
            except _driver().Error:
                self.held.clear()
                self.ended.wait(AGAIN_SECONDS)

    def _hold_once(self) -> None:
        parameters: dict[str, Any] = {**connection.get_connection_params(), **_ALIVE, "autocommit": True}
        with _driver().connect(**parameters) as session:
            for setting in _NOTICED:
                session.execute(f"SET {setting}")
            session.execute("SELECT pg_advisory_lock(%s)", [self.key])
            self.held.set()
            while not self.ended.wait(PULSE_SECONDS):
                session.execute("SELECT 1")
        self.held.clear()


_signs: list[_Sign] = []
_guard = threading.Lock()


def show_alive(*, within: float = 5.0) -> None:
    """Begin to hold this process's lock, waiting at most so many seconds for it; nothing to do but on PostgreSQL.

    Without it, and until it is there, other hosts know this process by its leases alone.
    """
    if connection.vendor != "postgresql":
        return
    with _guard:
        if _mine() is None:
            sign = _Sign()
            sign.thread = threading.Thread(target=sign.hold, name="alive", daemon=True)
            sign.thread.start()
            _signs[:] = [sign]
    _signs[0].held.wait(within)


@contextmanager
def shown_alive() -> Iterator[None]:
    """For the length of a command that sends."""
    show_alive()
    try:
        yield
    finally:
        stop_showing()


def stop_showing() -> None:
    """Let the lock go."""
    sign = _mine()
    if sign is not None and sign.thread is not None:
        sign.ended.set()
        sign.thread.join(AGAIN_SECONDS)
    _signs.clear()


def this_worker() -> str:
    """Host, process, its start, and the lock it holds, if any: what `is_gone` is asked about."""
    sign = _mine()
    lock = f":{sign.key}" if sign is not None and sign.held.is_set() else ""
    return f"{_host()}:{os.getpid()}:{_started(os.getpid())}{lock}"


def is_gone(worker: str) -> bool:
    """Whether that process has ended; False whenever it cannot be told."""
    host, pid, started, key = (*worker.split(":"), "", "", "")[:4]
    if not pid.isdigit():
        return False
    if host != _host() or not Path("/proc/self/stat").exists():
        return key.isdigit() and _is_settled() and not _is_held(int(key))
    if _started(int(pid)) == started:
        return False
    return not key.isdigit() or not _is_held(int(key))  # another container may bear this host's name


def _driver() -> Any:
    return cast(Any, connection).Database


def _host() -> str:
    """This machine, no longer than its column has room for. Where several share a database, containers and machines
    often share a name too: what tells them apart is the start of the kernel and whose process numbers these are."""
    name = socket.gethostname()[:40].replace(":", "-")
    return f"{name}-{_process_space()}" if connection.vendor == "postgresql" else name


def _process_space() -> str:
    """Eight letters for the set of processes in which a process number means one of them, at most until a restart."""
    try:
        found = Path("/proc/sys/kernel/random/boot_id").read_text() + str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return "unknown"
    return hashlib.sha256(found.encode()).hexdigest()[:8]


def _mine() -> _Sign | None:
    return next((sign for sign in _signs if sign.pid == os.getpid()), None)


def _is_held(key: int) -> bool:
    if connection.vendor != "postgresql":
        return False
    asked = (
        "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid::bigint = %s AND objid::bigint = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, [key >> 32, key & 0xFFFFFFFF])
        return bool(cursor.fetchone()[0])


def _is_settled() -> bool:
    """Whether the database has run long enough for every living worker to have taken its lock again."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())")
        return float(cursor.fetchone()[0]) > SETTLING_SECONDS


def _started(pid: int) -> str:
    """When the process began, in the kernel's words; "gone" for one that has ended, reaped or not."""
    try:
        state, *facts = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError, ValueError):
        return "gone"
    return "gone" if state in "ZX" else facts[18]
