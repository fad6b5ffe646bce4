"""The machines around us: database, queue, storage, mail."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from imports import bells
from imports.actions import clock
from imports.models import Notice
from imports.storage.looking import LEAST_ROOM, storage_trouble

from .lines import BAD, LOOK, UNKNOWN, WELL, Line, by_age

GIGABYTE: Final = 1_000_000_000
CLOCKS_LOOK, CLOCKS_BAD = timedelta(seconds=2), timedelta(seconds=30)
BELL_LOOK, BELL_BAD = timedelta(minutes=1), timedelta(minutes=10)
LETTERS_OF = timedelta(days=7)
LETTER_WAITS = timedelta(minutes=15)


def database() -> Line:
    """It answered, or nobody would read this; how large it is."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        size = int(cursor.fetchone()[0])
    return Line(WELL, "database", {"vendor": connection.vendor, "bytes": size})


def clocks() -> Line:
    """How far this machine's clock is from the database's, less the time it took to ask."""
    if connection.vendor != "postgresql":
        return Line(WELL, "one_machine")
    before, begun = timezone.now(), time.monotonic()
    there = clock.now()
    middle = before + timedelta(seconds=(time.monotonic() - begun) / 2)
    apart = abs(there - middle)
    light = by_age(apart, look=CLOCKS_LOOK, bad=CLOCKS_BAD)
    return Line(light, "clocks", {"seconds": round(apart.total_seconds(), 1)})


def queue() -> Line:
    """Whether it takes messages. Costs a second at most."""
    trouble = bells.queue_trouble()
    return Line(BAD if trouble else WELL, f"queue_{trouble}" if trouble else "queue")


def bells_waiting() -> Line:
    """How many bells nobody has heard yet, by queue, and how old the oldest is; asked only of a queue that answers."""
    if bells.queue_trouble():
        return Line(UNKNOWN, "queue_silent_so")
    found = bells.waiting()
    if found is None:
        return Line(UNKNOWN, "queue_silent_so")
    params = {**found.lengths, "seconds": round(found.oldest_seconds or 0)}
    if not any(found.lengths.values()):
        return Line(WELL, "bells_none")
    if found.oldest_seconds is None:
        return Line(UNKNOWN, "bells", params)
    return Line(by_age(timedelta(seconds=found.oldest_seconds), look=BELL_LOOK, bad=BELL_BAD), "bells", params)


def storage() -> Line:
    """Whether it can be used, and how much room is left where that can be told."""
    if trouble := storage_trouble():
        return Line(BAD, f"storage_{trouble}")
    folder = Path(str(getattr(default_storage, "location", "") or ""))
    if not getattr(default_storage, "location", "") or not folder.is_dir():
        return Line(WELL, "storage")
    disk = shutil.disk_usage(folder)
    light = BAD if disk.free < LEAST_ROOM else LOOK if disk.free < GIGABYTE or disk.free < disk.total // 20 else WELL
    return Line(light, "storage_room", {"bytes": disk.free, "percent": disk.free * 100 // max(disk.total, 1)})


def version() -> Line:
    """Which commit runs here, where the code lies in a repository."""
    git = settings.BASE_DIR / ".git"
    try:
        told = (git / "HEAD").read_text().strip()
        commit = (git / told.removeprefix("ref: ")).read_text().strip() if told.startswith("ref: ") else told
    except OSError:
        return Line(UNKNOWN, "version_unknown")
    return Line(WELL, "version", {"commit": commit[:12]})


def mail() -> Line:
    """Whether letters go out, by what became of the last ones: a mail server is not asked without a letter."""
    now = timezone.now()
    letters = Notice.objects.filter(mail_at__gt=now - LETTERS_OF)
    failed, sent = letters.filter(mail=Notice.FAILED).count(), letters.filter(mail=Notice.SENT).count()
    late = Notice.objects.filter(mail=Notice.DUE, at__lt=now - LETTER_WAITS).count()
    params = {"failed": failed, "sent": sent, "late": late}
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return Line(UNKNOWN, "mail_not_set", params)
    if failed or late:
        return Line(LOOK, "mail_failed", params)
    return Line(WELL if sent else UNKNOWN, "mail" if sent else "mail_untried", params)
