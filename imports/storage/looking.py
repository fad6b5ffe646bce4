"""Whether the storage can be used now, for pages where work is waited for: found out at most every few seconds."""

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.core.files.storage import default_storage

from . import StorageAway, StorageRefused

TRUST_SECONDS = 10.0
LEAST_ROOM = 16_000_000  # bytes; a slice of ten thousand rows and its profiles take as much
AWAY, REFUSES, FULL = "away", "refuses", "full"


class NoRoom(Exception):
    """Less than LEAST_ROOM is free."""


_looking = threading.Lock()
_known: tuple[str, float] = ("", 0.0)


def storage_trouble() -> str:
    """AWAY, REFUSES or FULL; "" when it is well. Costs at most a second and a half."""
    global _known
    ping = getattr(default_storage, "ping", _find_room)
    if time.monotonic() >= _known[1] and _looking.acquire(blocking=False):
        try:
            _known = (_look(ping), time.monotonic() + TRUST_SECONDS)
        finally:
            _looking.release()
    return _known[0]


def forget_storage() -> None:
    """Know nothing about it, as a process that has just begun."""
    global _known
    _known = ("", 0.0)


def _find_room() -> None:
    """Raise NoRoom when the disk of a folder of this machine is full."""
    folder = Path(str(getattr(default_storage, "location", "")))
    if not folder.is_dir():
        return  # nothing was stored yet
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < LEAST_ROOM:
        raise NoRoom


def _look(ping: Callable[[], None]) -> str:
    try:
        ping()
    except StorageRefused:
        return REFUSES
    except StorageAway:
        return AWAY
    except NoRoom:
        return FULL
    return ""
