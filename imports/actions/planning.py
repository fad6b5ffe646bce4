"""Closing the check: equal keys are found across the whole file, and the good rows are cut into frozen batches."""

from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from imports.actions.asides import SENT_BEFORE, find_asides
from imports.actions.checking import check_next_slices
from imports.actions.merging import fill_merged
from imports.actions.notices import tell_owner
from imports.actions.permits import needs_second
from imports.actions.plandigest import digest_of_plan
from imports.actions.preparing import other_contacts
from imports.actions.requests import batch_request, why_unsafe
from imports.approvals import PlanHash
from imports.batching import cut
from imports.history import record
from imports.models import Batch, Connection, ImportJob, RowSlice
from imports.prepared import SliceKeys, sendable_places, split_keys
from imports.repeats import repeated_keys
from imports.results import groups_name
from imports.states import JobState, Outcome

CLOSING_LEASE = timedelta(minutes=2)
WAITED_FOR = 2_000  # rows; so few are checked while the person looks on, and nobody need be told
STORED_AT_ONCE = 500  # batches; a table of single requests has as many of them as rows
MOST_IN_DOUBT = 1_000  # profiles in a request that no machine may repeat


def close_check(job_id: int) -> bool:
    """Set duplicates aside and freeze the batches, once every slice is checked. False when it is not time."""
    job = _claim(job_id)
    if job is None:
        return False
    with _given_back(job):
        return _close(job)


@contextmanager
def _given_back(job: ImportJob) -> Iterator[None]:
    """A check that could not be closed for want of room, or of its files, is anybody's to close again, at once."""
    try:
        yield
    except OSError:
        mine = ImportJob.objects.filter(pk=job.pk, closing_lease_until=job.closing_lease_until)
        mine.update(closing_lease_until=None)
        raise


def _close(job: ImportJob) -> bool:
    compared_at = timezone.now()  # what is sent from now on, this check has not seen: imports.actions.followed
    found = find_asides(job)
    if fill_merged(job, found.groups):
        return _close_after_filling(job)
    job.vault.put(groups_name(job.check_version), found.groups.tobytes())
    left_out = found.left_out()
    repeats = dict(_shared_contacts(job, left_out))
    job.duplicate_rows = found.doubles
    job.unsafe_reasons = why_unsafe(job, keys_filled=found.keys_filled)
    plan = PlanHash()
    batches = _store_batches(job, plan.seen(_freeze(job, left_out)))
    if batches is None:
        return False
    digest = digest_of_plan(job, plan, found.pairs)
    with transaction.atomic():
        done = ImportJob.objects.filter(closing_lease_until=job.closing_lease_until).move(
            job.pk,
            JobState.CHECKING,
            JobState.CHECKED,
            checked_at=compared_at,
            closing_lease_until=None,
            duplicate_rows=found.doubles,
            repeats=repeats,
            unsafe_reasons=job.unsafe_reasons,
            sent_before=found.sent_before,
            overlaps=found.overlaps,
            plan_digest=digest,
            approved_digest="",
        )
        if not done:
            return False
        for row_slice in RowSlice.objects.current(job).light():
            if pairs := found.pairs.get(row_slice.pk):
                _set_aside(job, row_slice, pairs)
        ImportJob.objects.filter(pk=job.pk).update(needs_approval=needs_second(job))
        told: dict[str, Any] = {"repeats": repeats} if repeats else {}
        record("check_finished", job=job, batches=batches, duplicates=found.doubles, **told)
        if job.rows > WAITED_FOR:
            tell_owner(job, JobState.CHECKED)
    return True


def _close_after_filling(job: ImportJob) -> bool:
    """Rows were merged, so their slices are checked once more, and the check closes over what came of it."""
    mine = ImportJob.objects.filter(pk=job.pk, closing_lease_until=job.closing_lease_until)
    mine.update(closing_lease_until=None)
    while check_next_slices(job.pk, seconds=60.0):
        pass
    return close_check(job.pk)


def _claim(job_id: int) -> ImportJob | None:
    now = timezone.now()
    job = ImportJob.objects.select_related("connection").filter(pk=job_id, state=JobState.CHECKING).first()
    if job is None or job.date_orders is None or RowSlice.objects.filter(RowSlice.unchecked(job)).exists():
        return None
    free = ImportJob.objects.filter(pk=job_id, state=JobState.CHECKING, check_version=job.check_version)
    free = free.filter(Q(closing_lease_until=None) | Q(closing_lease_until__lt=now))
    job.closing_lease_until = now + CLOSING_LEASE
    return job if free.update(closing_lease_until=job.closing_lease_until) else None


def _keys(job: ImportJob) -> Iterator[tuple[int, SliceKeys]]:
    """The id of each slice, in order, with what is known of its good rows. Read anew each time: it is held nowhere."""
    for row_slice in RowSlice.objects.current(job).light():
        yield row_slice.pk, split_keys(job.vault.get(row_slice.keys_name(job.check_version)))


def _shared_contacts(job: ImportJob, left_out: Mapping[int, set[int]]) -> Iterator[tuple[str, int]]:
    """(field, rows) for each contact people are not found by that several of the rows to be sent share."""
    mapped = {target.field for target in job.mapping.targets}
    for name in other_contacts(job.destination, mapped) if job.destination else ():
        shared = sum(
            sum(map(repeated.__contains__, hashes))
            for repeated in repeated_keys(_contacts(job, name, left_out))
            for hashes in _contacts(job, name, left_out)
        )
        if shared:
            yield name, shared


def _contacts(job: ImportJob, name: str, left_out: Mapping[int, set[int]]) -> "Iterator[array[int]]":
    """Of each slice the hashes of this contact, without those of rows that are not sent."""
    for row_slice in RowSlice.objects.current(job).light():
        hashes = array("Q")
        hashes.frombytes(job.vault.get(row_slice.contacts_name(job.check_version, name)))
        aside = left_out.get(row_slice.pk)
        yield array("Q", [hashes[place] for place in sendable_places(len(hashes), aside)]) if aside else hashes


def _set_aside(job: ImportJob, row_slice: RowSlice, pairs: "array[int]") -> None:
    count = len(pairs) // 2
    before = pairs[1::2].count(SENT_BEFORE)
    told = [("duplicate_key", count - before), ("sent_before", before)]
    RowSlice.objects.filter(pk=row_slice.pk).update(
        aside=count,
        sealed_aside=job.vault.seal(pairs.tobytes(), f"aside/{row_slice.pk}"),
        summary=[*row_slice.summary, *([Outcome.SET_ASIDE, code, -1, rows] for code, rows in told if rows)],
    )


def _most_together(job: ImportJob, connection: Connection) -> int:
    """How many profiles go in one request: few where a lost answer would leave them all to a person's judgement."""
    if job.destination is not None and job.destination.single:
        return 1
    usual = connection.profiles_per_request
    return usual if job.repeatable else min(usual, MOST_IN_DOUBT)


def _store_batches(job: ImportJob, batches: Iterator[Batch]) -> int | None:
    """Keep the batches, some at a time, for as long as the job is ours to close; how many there are, None if it is not.

    They mean nothing before the job is checked, and whoever closes it again begins by taking them away.
    """
    with transaction.atomic():
        if not _still_ours(job):
            return None
        Batch.objects.filter(job=job).delete()
    count = 0
    while some := list(islice(batches, STORED_AT_ONCE)):
        with transaction.atomic():
            if not _still_ours(job):
                return None
            Batch.objects.bulk_create(some)
        count += len(some)
    return count


def _still_ours(job: ImportJob) -> bool:
    """Whether nobody else took over or stopped the check; then the lease begins anew."""
    lease = timezone.now() + CLOSING_LEASE
    mine = ImportJob.objects.filter(pk=job.pk, state=JobState.CHECKING, closing_lease_until=job.closing_lease_until)
    job.closing_lease_until = lease
    return mine.update(closing_lease_until=lease) == 1


def _freeze(job: ImportJob, left_out: Mapping[int, set[int]]) -> Iterator[Batch]:
    connection, envelope = job.connection, batch_request(job).envelope_size()
    if connection is None:
        return
    limits = {"max_count": _most_together(job, connection), "max_bytes": connection.bytes_per_request}
    number = 0
    for row_slice, (numbers, _, lengths) in _keys(job):
        places = sendable_places(len(lengths), left_out.get(row_slice, set()))
        sizes = lengths if len(places) == len(lengths) else [lengths[place] for place in places]
        for start, stop in cut(sizes, envelope=envelope, **limits):
            number += 1
            yield Batch(
                job=job,
                row_slice_id=row_slice,
                number=number,
                start=start,
                stop=stop,
                first_row=numbers[places[start]],
                last_row=numbers[places[stop - 1]],
                rows=stop - start,
                body_bytes=envelope + sum(sizes[start:stop]) + stop - start - 1,
            )
