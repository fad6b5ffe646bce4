"""Before bytes are taken in: nobody fills the queue of readers alone, and a disk that is nearly full says so."""

import shutil
from typing import Any

from django.core.files.storage import FileSystemStorage, storages

from imports.actions.errors import Refused
from imports.models import ImportJob
from imports.states import JobState

MOST_UNREAD = 5  # files of one person that wait to be read or are being read
COPIES = 3  # of a file's size: its bytes, its table, its prepared rows
_UNREAD = (JobState.UPLOADED, JobState.READING)


def check_room(by: Any, size: int) -> None:
    """Raise Refused("too_many_unread") or Refused("no_room"). `size` may be 0, where it is not known yet."""
    mine = ImportJob.objects.filter(created_by=by, state__in=_UNREAD)
    if by is not None and mine.count() >= MOST_UNREAD:
        raise Refused("too_many_unread", most=MOST_UNREAD)
    if (free := _free_bytes()) is not None and free < COPIES * size:
        raise Refused("no_room", free_mb=free // 1_000_000)


def _free_bytes() -> int | None:
    """Of the folder the files lie in; None where a shared storage keeps them, or nobody has made the folder yet."""
    files = storages["default"]
    if not isinstance(files, FileSystemStorage):
        return None
    try:
        return shutil.disk_usage(files.location).free
    except OSError:
        return None
