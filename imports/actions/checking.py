"""The check: every row of the file is cleaned, judged and turned into the profile that would be sent. Nothing is sent.

Slices are checked in parallel by any number of workers; `imports.actions.planning` then closes the check.
"""

import time
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from typing import Any

import orjson
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from imports.actions.attachments import kilobytes
from imports.actions.connections import mapped_fields
from imports.actions.errors import Refused
from imports.actions.furthercontacts import keep_further
from imports.actions.mapping import MappingRefused, mapping_faults
from imports.actions.marking import keep_marks
from imports.actions.permits import void_approval
from imports.actions.preparing import prepare
from imports.actions.rechecking import drop_fills
from imports.actions.requests import batch_request
from imports.actions.tables import head, load_slice
from imports.compact import compact
from imports.history import record
from imports.mapping import Kind, Problem
from imports.models import Batch, ImportJob, RowSlice
from imports.prepared import join_keys
from imports.states import MAY_BE_MAPPED, JobState, Outcome
from imports.validation import Change, DateEvidence, date_evidence, decided_order, summary_of

SLICE_LEASE = timedelta(seconds=45)


def begin_check(job: ImportJob, *, by: Any) -> ImportJob:
    """Put every slice up for checking; frozen batches of an earlier check go. Raise Refused or MappingRefused."""
    connection, destination = job.connection, job.destination
    if connection is None or destination is None:
        raise Refused("not_mapped_yet")
    if faults := mapping_faults(connection, destination, job.mapping):
        raise MappingRefused(faults)
    if (size := batch_request(job).envelope_size()) >= connection.bytes_per_request:
        told = {"kilobytes": kilobytes(size), "limit": kilobytes(connection.bytes_per_request, up=False)}
        raise Refused("attachments_too_large", **told)
    orders = _orders_as_counted(job)
    with transaction.atomic():
        begun = ImportJob.objects.move(
            job.pk,
            set(MAY_BE_MAPPED),
            JobState.CHECKING,
            check_version=job.check_version + 1,
            checked_at=None,
            closing_lease_until=None,
            date_orders=orders,
        )
        if not begun:
            raise Refused("not_checkable_now")
        Batch.objects.filter(job=job).delete()
        drop_fills(job)
        RowSlice.objects.current(job).update(lease_until=None, aside=0, sealed_aside=b"")
        record("check_begun", by=by, job=job)
        void_approval(job, by=by, why="edited")
    job.refresh_from_db()
    return job


def settle_dates(job_id: int) -> bool:
    """Decide the order of day and month once for each date column, on the whole column, where the slices must be opened
    for it. False when not to be done."""
    now = timezone.now()
    waiting = ImportJob.objects.filter(pk=job_id, state=JobState.CHECKING, date_orders__isnull=True)
    free = waiting.filter(Q(closing_lease_until=None) | Q(closing_lease_until__lt=now))
    if not free.update(closing_lease_until=now + SLICE_LEASE):
        return False
    job = ImportJob.objects.select_related("connection").get(pk=job_id)
    orders = _decided(_date_evidence(job))
    waiting.filter(check_version=job.check_version).update(date_orders=orders, closing_lease_until=None)
    return True


def _decided(evidence: dict[int, DateEvidence]) -> dict[str, str]:
    return {str(column): decided_order(one) for column, one in evidence.items()}


def _orders_as_counted(job: ImportJob) -> dict[str, str] | None:
    """The order of each date column as reading has counted them; None where the slices must be opened for it."""
    asked = _undecided_dates(job)
    counted = _counted_dates(job) if asked else {}
    return _decided({column: counted[column] for column in asked}) if counted.keys() >= set(asked) else None


def check_next_slices(job_id: int, *, seconds: float) -> bool:
    """Check slices nobody else holds until none is left or the time is over; True when there may be more to do."""
    end = time.monotonic() + seconds
    while job := ImportJob.objects.select_related("connection").filter(pk=job_id, state=JobState.CHECKING).first():
        row_slice = _claim_slice(job) if job.date_orders is not None else None
        if row_slice is None:
            return False
        with _given_back(row_slice):
            check_slice(job, row_slice)
        if time.monotonic() > end:
            return True
    return False


@contextmanager
def _given_back(row_slice: RowSlice) -> Iterator[None]:
    """A slice that could not be read or stored is anybody's again, at once."""
    try:
        yield
    except OSError:
        RowSlice.objects.filter(pk=row_slice.pk, lease_until=row_slice.lease_until).update(lease_until=None)
        raise


def check_slice(job: ImportJob, row_slice: RowSlice) -> None:
    """Check one claimed slice and keep what came of it: profiles, keys, problems, counts."""
    table = load_slice(job.vault, row_slice)
    found = prepare(job, table)
    bad = {problem.index for problem in found.problems}
    job.vault.put(row_slice.prepared_name(job.check_version), found.texts.stored)
    numbers = [table.row_numbers[index] for index in found.good]
    job.vault.put(row_slice.keys_name(job.check_version), join_keys(numbers, found.keys, found.texts.lengths))
    for name, hashes in found.contacts.items():
        job.vault.put(row_slice.contacts_name(job.check_version, name), array("Q", hashes).tobytes())
    keep_further(job, row_slice, found.further)
    keep_marks(job, row_slice, table, found)
    changes = found.changes
    told = compact([[p.index, p.column, p.code, p.params] for p in sorted(found.problems, key=lambda p: p.index)])
    ours = RowSlice.objects.filter(pk=row_slice.pk, lease_until=row_slice.lease_until)
    ours.update(
        checked_version=job.check_version,
        kept_under="",
        prepared_sha256=sha256(found.texts.stored).hexdigest(),
        lease_until=None,
        good=len(found.texts),
        invalid=len(bad),
        aside=0,
        summary=_summary(found.problems),
        sealed_problems=job.vault.seal(told, f"problems/{row_slice.pk}"),
        changed=summary_of(changes, found.cleaned.subscribed, found.good),
        sealed_changed=_sealed(job, row_slice, changes),
    )


def _sealed(job: ImportJob, row_slice: RowSlice, changes: list[Change]) -> bytes:
    told = orjson.dumps([change.to_plain() for change in changes])
    return job.vault.seal(told, f"changed/{row_slice.pk}") if changes else b""


def _claim_slice(job: ImportJob) -> RowSlice | None:
    now = timezone.now()
    open_slices = RowSlice.objects.filter(RowSlice.unchecked(job)).filter(Q(lease_until=None) | Q(lease_until__lt=now))
    for candidate in open_slices.order_by("number").without_findings()[:8]:
        lease = timezone.now() + SLICE_LEASE
        mine = RowSlice.objects.filter(pk=candidate.pk, lease_until=candidate.lease_until)
        if mine.exclude(checked_version=job.check_version).update(lease_until=lease):
            candidate.lease_until = lease
            return candidate
    return None


def _undecided_dates(job: ImportJob) -> list[int]:
    if job.connection is None or job.destination is None:
        return []
    fields = mapped_fields(job.connection, job.destination.database_id, job.mapping)
    return [t.column for t in job.mapping.targets if not t.date_order and fields[t.field].kind == Kind.DATE]


def _date_evidence(job: ImportJob) -> dict[int, DateEvidence]:
    """By column what its dates can mean: as reading has counted, where it has. Else every slice is opened once, however
    many such columns there are."""
    asked, counted = _undecided_dates(job), _counted_dates(job)
    open_columns = [column for column in asked if column not in counted]
    found = {column: counted.get(column, DateEvidence()) for column in asked}
    for row_slice in RowSlice.objects.current(job) if open_columns else ():
        columns = load_slice(job.vault, row_slice).columns
        for column in open_columns:
            found[column] += date_evidence(columns[column])
    return found


def _counted_dates(job: ImportJob) -> dict[int, DateEvidence]:
    """By column what reading has counted, of those that looked like dates to it; of none after a cell was corrected."""
    if RowSlice.objects.current(job).filter(corrected__gt=0).exists():
        return {}
    told = (one.get("dates") for one in head(job)["columns"])
    return {column: DateEvidence(**counts) for column, counts in enumerate(told) if counts}


def _summary(problems: list[Problem]) -> list[list[Any]]:
    """[outcome, code, column, rows] for each kind of problem, a row counted once in each kind."""
    kinds = Counter((code, column) for _, column, code in {(p.index, p.column, p.code) for p in problems})
    return [[Outcome.INVALID, code, column, count] for (code, column), count in kinds.most_common()]
