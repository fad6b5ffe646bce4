"""Reading: the job's bytes become one canonical table, slice by slice, and what was found is kept beside it."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import orjson
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from imports.actions.checking import begin_check
from imports.actions.errors import Refused
from imports.actions.tables import HEAD
from imports.actions.uploads import SOURCE
from imports.history import record
from imports.models import ImportJob, RowSlice
from imports.reading import EncodedSlice, Inspection, Limits, TableSummary, Unreadable, read_table
from imports.reading import inspect as inspect_source
from imports.states import JobState

READ_LEASE = timedelta(minutes=2)
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
    with job.vault.open_stream(SOURCE) as source:
        found = inspect_source(source, name=job.title, options=job.options)
        options = found.options
        source.seek(0)
        summary = _store_slices(job, version, read_table(source, options=options, limits=Limits()))
    _store_head(job, version, found, summary)
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
            notes=[[code, params] for code, params in [*found.notes, *summary.notes]],
            fault=None,
            checked_at=None,
        )
        if done:
            record("file_read", job=job, rows=summary.rows, columns=len(summary.headers), **options.to_plain())
            _check_what_was_typed(job.pk)


def _check_what_was_typed(job_id: int) -> None:
    """People typed into a form have their place from the start: whoever reads them begins their check, in the same
    transaction. What has come to forbid it since they were typed is told on the page of the columns."""
    job = ImportJob.objects.select_related("connection", "created_by").get(pk=job_id)
    if job.is_typed and not job.check_version:
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
    job.vault.put(stored.table_name, item.payload)
    stored.save()
    job.rows_read += item.rows
    still_ours = ImportJob.objects.filter(pk=job.pk, state=JobState.READING)
    if not still_ours.update(rows_read=job.rows_read, read_lease_until=timezone.now() + READ_LEASE):
        raise Unreadable("reading_stopped")


def _store_head(job: ImportJob, version: int, found: Inspection, summary: TableSummary) -> None:
    columns = [
        {"header": c.header, "filled": c.filled, "first": c.first, "longest": c.longest, "oddest": c.oddest}
        for c in summary.columns
    ]
    shown = {"headers": list(summary.headers), "columns": columns, "rows": found.rows, "sheets": found.sheets}
    job.vault.put(f"{HEAD}/{version}", orjson.dumps(shown))


def _give_up(job: ImportJob, fault: Unreadable) -> None:
    with transaction.atomic():
        refused = {"code": fault.code, "params": fault.params}
        if ImportJob.objects.move(job.pk, JobState.READING, JobState.UNREADABLE, fault=refused, read_lease_until=None):
            record("file_refused", job=job, code=fault.code)
