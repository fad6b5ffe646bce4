"""Reading: the job's bytes become one canonical table, slice by slice, and what was found is kept beside it."""

from contextlib import closing, suppress
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from imports.actions.checking import begin_check
from imports.actions.errors import Refused
from imports.actions.following import gather_rows
from imports.actions.tables import HEAD
from imports.actions.uploads import SOURCE
from imports.history import record
from imports.models import ImportJob, RowSlice
from imports.reading import EncodedSlice, Inspection, Limits, TableSummary, Unreadable, read_table
from imports.reading import inspect as inspect_source
from imports.results import filled_shares, headers_sign
from imports.states import JobState
from imports.storage import StorageAway
from imports.vault import Sealed

READ_LEASE = timedelta(minutes=2)
STORAGE_REST = timedelta(seconds=10)
MOST_TRIES = 3  # a file that keeps killing its reader is refused, not tried for ever


def read_job(job_id: int) -> bool:
    """Read the whole file into slices. A no-op (False) when the job is not waiting for it or another worker has it."""
    job = _claim(job_id)
    if job is None:
        return False
    try:
        if job.read_tries > MOST_TRIES:
            raise Unreadable("read_unsafely")
        _store_table(job)
    except Unreadable as fault:
        _give_up(job, fault)
    except StorageAway:
        _leave_for_later(job)
    except OSError as fault:
        _give_up(job, Unreadable("storage_failed", reason=type(fault).__name__))
    return True


def _claim(job_id: int) -> ImportJob | None:
    """Take the job for reading: from `uploaded`, or from `reading` when nobody holds it."""
    now = timezone.now()
    lease = {"read_lease_until": now + READ_LEASE, "read_tries": F("read_tries") + 1}
    taken = ImportJob.objects.move(job_id, JobState.UPLOADED, JobState.READING, **lease)
    if not taken:
        free = ImportJob.objects.filter(pk=job_id, state=JobState.READING)
        taken = free.filter(Q(read_lease_until=None) | Q(read_lease_until__lt=now)).update(**lease) == 1
    return ImportJob.objects.select_related("source").get(pk=job_id) if taken else None


def _store_table(job: ImportJob) -> None:
    version = job.read_version + 1
    RowSlice.objects.filter(job=job, version=version).delete()
    _gather(job)
    still_wanted = partial(_keep_lease, job)
    with job.vault.open_stream(SOURCE) as source:
        found = inspect_source(source, name=job.title, options=job.options, beat=still_wanted)
        options = found.options
        source.seek(0)
        with closing(read_table(source, options=options, limits=Limits(), beat=still_wanted)) as items:
            summary = _store_slices(job, version, items)
    _store_head(job, version, found, summary)
    sign = headers_sign(summary.headers)
    with transaction.atomic():
        done = ImportJob.objects.move(
            job.pk,
            JobState.READING,
            JobState.READ,
            read_options=options.to_plain(),
            read_version=version,
            read_lease_until=None,
            rows=summary.rows,
            rows_read=summary.rows,
            blank_rows=summary.blank_rows,
            headers=list(summary.headers),
            headers_sign=sign,
            notes=[[code, params] for code, params in [*found.notes, *summary.notes]],
            fault=None,
            checked_at=None,
            shape={"filled": filled_shares([column.filled for column in summary.columns], summary.rows)},
        )
        if done:
            record("file_read", job=job, rows=summary.rows, columns=len(summary.headers), **options.to_plain())
            _check_what_was_typed(job.pk)


def _gather(job: ImportJob) -> None:
    """Write the rows of a follow-up down as its source."""
    try:
        gather_rows(job)
    except (FileNotFoundError, Sealed):
        raise Unreadable("rows_gone") from None


def _check_what_was_typed(job_id: int) -> None:
    """People typed into a form, and rows sent once more, have their place from the start: whoever reads them begins
    their check, in the same transaction. What has come to forbid it is told on the page of the columns."""
    job = ImportJob.objects.select_related("connection", "created_by").get(pk=job_id)
    if job.knows_its_place and not job.check_version:
        with suppress(Refused):
            begin_check(job, by=job.created_by)


def _store_slices(job: ImportJob, version: int, items: Any) -> TableSummary:
    for item in items:
        if isinstance(item, TableSummary):
            return item
        _store_slice(job, version, item)
    raise Unreadable("read_unsafely")


def _store_slice(job: ImportJob, version: int, item: EncodedSlice) -> None:
    stored = RowSlice(
        job=job, version=version, number=item.number, first_row=item.first_row, last_row=item.last_row, rows=item.rows
    )
    job.vault.put_parts(stored.table_name, item.parts)
    stored.save()
    job.rows_read += item.rows
    _keep_lease(job)


def _keep_lease(job: ImportJob) -> None:
    """Say how far it is, and that somebody is at it. Raise Unreadable("reading_stopped") when it is wanted no more."""
    still_ours = ImportJob.objects.filter(pk=job.pk, state=JobState.READING)
    if not still_ours.update(rows_read=job.rows_read, read_lease_until=timezone.now() + READ_LEASE):
        raise Unreadable("reading_stopped")


def _store_head(job: ImportJob, version: int, found: Inspection, summary: TableSummary) -> None:
    columns = [
        {name: getattr(c, name) for name in ("header", "filled", "first", "longest", "oddest", "values", "dates")}
        for c in summary.columns
    ]
    shown = {"headers": list(summary.headers), "columns": columns, "rows": found.rows, "sheets": found.sheets}
    job.vault.put(f"{HEAD}/{version}", orjson.dumps(shown))


def _leave_for_later(job: ImportJob) -> None:
    """The storage does not answer: the sweep has it read again in a moment, as often as it takes."""
    ours = ImportJob.objects.filter(pk=job.pk, state=JobState.READING)
    ours.update(read_lease_until=timezone.now() + STORAGE_REST, read_tries=F("read_tries") - 1)


def _give_up(job: ImportJob, fault: Unreadable) -> None:
    if fault.code != "reading_stopped":  # otherwise somebody else may be at the same slices already
        _drop_slices(job)
    with transaction.atomic():
        refused = {"code": fault.code, "params": fault.params}
        if ImportJob.objects.move(job.pk, JobState.READING, JobState.UNREADABLE, fault=refused, read_lease_until=None):
            record("file_refused", job=job, code=fault.code)


def _drop_slices(job: ImportJob) -> None:
    """Take back what was stored of a table that will not be whole: on a full disk it would be in the way."""
    begun = RowSlice.objects.filter(job=job, version=job.read_version + 1)
    for row_slice in begun:
        with suppress(OSError):  # what stays goes with the import's other files
            job.vault.delete(row_slice.table_name)
    begun.delete()
