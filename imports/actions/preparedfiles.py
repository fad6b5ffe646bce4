"""Large downloads: asked for once however often one clicks, made by a worker into the job's vault, gone after a day."""

import logging
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from imports.actions import clock
from imports.actions.downloads import file_pieces, rows_of_download
from imports.actions.errors import Refused
from imports.actions.viewing import record_download
from imports.history import name_of, record
from imports.models import ImportJob, PreparedFile

log = logging.getLogger(__name__)

AT_ONCE: Final = 20_000  # rows of a workbook one waits for: about a second
LOOKED_THROUGH: Final = 20  # rows that cost as much to look through as one to write
KEPT: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)
STORING: Final = timedelta(minutes=10)  # the lease while the whole file goes to the storage, which tells nothing
NEW: Final = timedelta(minutes=1)  # a file of an import that still moves is as good as new for so long
TELL_SECONDS: Final = 1.0  # how often a worker tells how far it is, and that it lives
MOST_TRIES: Final = 5
TOO_OFTEN, NOT_KEPT = "file_too_often", "file_not_kept"


class _Overtaken(Exception):
    """Another worker has taken the file over, or nobody wants it any more."""


def is_made_at_once(job: ImportJob, *, only: str, form: str) -> bool:
    """Whether a file is sent while it is made: CSV of any length, a workbook that is soon there."""
    if form == "csv":
        return True
    return rows_of_download(job, only) + (job.rows // LOOKED_THROUGH if only else 0) <= AT_ONCE


def ask_for_file(job: ImportJob, *, only: str, form: str, by: Any) -> PreparedFile:
    """The file somebody has asked for already, being made or ready and true to the job's state; else a new one,
    waiting for a worker. A failed one is begun again."""
    with transaction.atomic():
        ImportJob.objects.select_for_update().get(pk=job.pk)
        known = PreparedFile.objects.asked(job, only=only, form=form)
        if known is not None and not known.fault and not is_outdated(known):
            return known
        if known is not None:
            remove_file(known)
        asked = {"asked_by": by, "asked_by_name": name_of(by), "asked_at": clock.now()}
        made = PreparedFile.objects.create(job=job, only=only, form=form, rows=rows_of_download(job, only), **asked)
        record("download_asked", by=by, job=job, what=only or "all", rows=made.rows)
    return made


def is_outdated(file: PreparedFile) -> bool:
    """Whether the job may have moved on since the file was ready, or its day is over."""
    if file.ready_at is None:
        return False
    now = clock.now()
    if file.expires_at is not None and file.expires_at < now:
        return True
    moves = not file.job.is_finished and now - file.ready_at > NEW
    return moves or file.job.state_changed_at > file.ready_at


def prepare_files(job_id: int) -> int:
    """Make the files of a job that wait and that nobody else is making; how many."""
    count = 0
    while file := _claim(job_id):
        try:
            _make(file)
        except _Overtaken:
            file.job.vault.delete(file.object_name)
        except OSError as fault:
            log.warning("prepared file %s waits: %s", file.pk, type(fault).__name__)
            break  # its lease brings it back when the storage may be there again
        except Exception:
            log.exception("prepared file %s could not be made", file.pk)
            PreparedFile.objects.filter(pk=file.pk, tries=file.tries).update(fault=NOT_KEPT, lease_until=None)
        count += 1
    return count


def jobs_with_files_to_prepare() -> list[int]:
    """Those a bell should be rung for."""
    return list(PreparedFile.objects.waiting(clock.now()).order_by().values_list("job", flat=True).distinct())


def remove_expired_files() -> int:
    """What nobody can download any more goes; how many did."""
    gone = 0
    for file in PreparedFile.objects.expired(clock.now()).select_related("job")[:100]:
        remove_file(file)
        gone += 1
    return gone


def remove_file(file: PreparedFile) -> None:
    """Its bytes, those of tries that came to nothing too, then its row: what could not be removed is found again."""
    for number in range(1, file.tries + 1):
        file.job.vault.delete(file.object_name_of(number))
    file.delete()


def open_prepared(file: PreparedFile, *, by: Any) -> Iterator[bytes]:
    """The pieces of a file that is ready; recorded. Raise Refused("file_gone") when it is not there (any more)."""
    if file.ready_at is None or (file.expires_at is not None and file.expires_at < clock.now()):
        raise Refused("file_gone")
    pieces = file.job.vault.pieces(file.object_name)
    try:
        first = next(pieces)
    except (FileNotFoundError, StopIteration):
        raise Refused("file_gone") from None
    record_download(file.job, by=by, what=file.only or "all", rows=file.rows)
    return _joined(first, pieces)


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _claim(job_id: int) -> PreparedFile | None:
    """Take the oldest file that waits; one that has killed its workers again and again is given up."""
    now = clock.now()
    for found in PreparedFile.objects.waiting(now).filter(job=job_id).select_related("job"):
        same = PreparedFile.objects.filter(pk=found.pk, tries=found.tries, lease_until=found.lease_until)
        if found.tries >= MOST_TRIES:
            same.update(fault=TOO_OFTEN, lease_until=None)
        elif same.update(lease_until=now + LEASE, tries=F("tries") + 1, written=0):
            found.tries += 1
            return found
    return None


def _make(file: PreparedFile) -> None:
    """Write it piece by piece: what is in memory, or plain on a disk, does not grow with the file."""
    size, _ = file.job.vault.put_stream(file.object_name, _told(file))
    now = clock.now()
    ours = PreparedFile.objects.filter(pk=file.pk, tries=file.tries, ready_at=None)
    ready = {"ready_at": now, "expires_at": now + KEPT, "size": size, "written": F("rows"), "lease_until": None}
    if not ours.update(**ready):
        raise _Overtaken


def _told(file: PreparedFile) -> Iterator[bytes]:
    """The pieces of the file, while the page is told how far they are and the sweep that somebody is at it."""
    told_at, written = time.monotonic(), 0

    def count(rows: int) -> None:
        nonlocal written
        written = rows

    for piece in file_pieces(file.job, only=file.only, form=file.form, progress=count):
        if time.monotonic() - told_at >= TELL_SECONDS:
            told_at = time.monotonic()
            ours = PreparedFile.objects.filter(pk=file.pk, tries=file.tries, ready_at=None)
            if not ours.update(written=written, lease_until=clock.now() + LEASE):
                raise _Overtaken
        yield piece
    PreparedFile.objects.filter(pk=file.pk, tries=file.tries).update(lease_until=clock.now() + STORING)
