"""Closing the check: equal keys are found across the whole file, and the good rows are cut into frozen batches."""

from array import array
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from imports.actions.preparing import other_contacts
from imports.actions.requests import batch_request, why_unsafe
from imports.batching import cut
from imports.history import record
from imports.models import Batch, Connection, ImportJob, RowSlice
from imports.prepared import PreparedTexts, sendable_places, split_keys
from imports.states import JobState, Outcome

CLOSING_LEASE = timedelta(minutes=2)
MOST_IN_DOUBT = 1_000  # profiles in a request that no machine may repeat


def close_check(job_id: int) -> bool:
    """Set duplicates aside and freeze the batches, once every slice is checked. False when it is not time."""
    job = _claim(job_id)
    if job is None:
        return False
    asides, doubles, keys_filled = _find_duplicates(job)
    left_out = {row_slice.pk: set(pairs[::2]) for row_slice, pairs in asides}
    repeats = dict(_shared_contacts(job, left_out))
    job.duplicate_rows = doubles
    job.unsafe_reasons = why_unsafe(job, keys_filled=keys_filled)
    batches = list(_freeze(job, left_out))
    with transaction.atomic():
        done = ImportJob.objects.move(
            job.pk,
            JobState.CHECKING,
            JobState.CHECKED,
            checked_at=timezone.now(),
            closing_lease_until=None,
            duplicate_rows=doubles,
            repeats=repeats,
            unsafe_reasons=job.unsafe_reasons,
        )
        if not done:
            return False
        for row_slice, places in asides:
            _set_aside(job, row_slice, places)
        Batch.objects.bulk_create(batches, batch_size=500)
        told: dict[str, Any] = {"repeats": repeats} if repeats else {}
        record("check_finished", job=job, batches=len(batches), duplicates=doubles, **told)
    return True


def _claim(job_id: int) -> ImportJob | None:
    now = timezone.now()
    job = ImportJob.objects.select_related("connection").filter(pk=job_id, state=JobState.CHECKING).first()
    if job is None or job.date_orders is None or RowSlice.objects.filter(RowSlice.unchecked(job)).exists():
        return None
    free = ImportJob.objects.filter(pk=job_id, state=JobState.CHECKING, check_version=job.check_version)
    free = free.filter(Q(closing_lease_until=None) | Q(closing_lease_until__lt=now))
    return job if free.update(closing_lease_until=now + CLOSING_LEASE) else None


def _keys(job: ImportJob) -> Iterator[tuple[RowSlice, "array[int]", "array[int]"]]:
    """Each slice with the spreadsheet row numbers and the key hashes of its good rows."""
    for row_slice in RowSlice.objects.current(job):
        yield row_slice, *split_keys(job.vault.get(row_slice.keys_name(job.check_version)))


def _find_duplicates(job: ImportJob) -> tuple[list[tuple[RowSlice, "array[int]"]], int, bool]:
    """Per slice the pairs (place among its good rows, spreadsheet row sent instead), how many rows repeat a key, and
    whether every row has one.

    Two passes, so that only the keys that do repeat are ever held with their rows.
    """
    repeated, filled = _repeated_keys(job)
    if not repeated:
        return [], 0, filled
    rule = job.destination.duplicates if job.destination else "last"
    kept, held = _kept_rows(job, repeated, first=rule == "first")
    asides = []
    for row_slice, numbers, keys in _keys(job) if rule != "all" else ():
        pairs = array("I")
        for place, key in enumerate(keys):
            if key in repeated and kept[key] != numbers[place]:
                pairs.extend((place, kept[key]))
        if pairs:
            asides.append((row_slice, pairs))
    return asides, held - len(kept), filled


def _repeated_keys(job: ImportJob) -> tuple[set[int], bool]:
    every = array("Q")
    for _, _, keys in _keys(job):
        every.extend(keys)
    ordered = sorted(every)
    repeated = {key for key, following in zip(ordered, ordered[1:], strict=False) if key == following and key}
    return repeated, not ordered or ordered[0] != 0


def _kept_rows(job: ImportJob, repeated: set[int], *, first: bool) -> tuple[dict[int, int], int]:
    """For each repeated key the spreadsheet row that is sent, and how many rows carry such a key."""
    kept: dict[int, int] = {}
    held = 0
    for _, numbers, keys in _keys(job):
        for place, key in enumerate(keys):
            if key in repeated:
                held += 1
                if not (first and key in kept):
                    kept[key] = numbers[place]
    return kept, held


def _shared_contacts(job: ImportJob, left_out: Mapping[int, set[int]]) -> Iterator[tuple[str, int]]:
    """(field, rows) for each contact people are not found by that several of the rows to be sent share."""
    mapped = {target.field for target in job.mapping.targets}
    for name in other_contacts(job.destination, mapped) if job.destination else ():
        every = array("Q")
        for row_slice in RowSlice.objects.current(job):
            hashes = array("Q")
            hashes.frombytes(job.vault.get(row_slice.contacts_name(job.check_version, name)))
            every.extend(hashes[place] for place in sendable_places(len(hashes), left_out.get(row_slice.pk, set())))
        ordered = sorted(every)
        groups = (sum(1 for _ in same) for key, same in groupby(ordered) if key)
        if shared := sum(rows for rows in groups if rows > 1):
            yield name, shared


def _set_aside(job: ImportJob, row_slice: RowSlice, pairs: "array[int]") -> None:
    count = len(pairs) // 2
    RowSlice.objects.filter(pk=row_slice.pk).update(
        aside=count,
        sealed_aside=job.vault.seal(pairs.tobytes(), f"aside/{row_slice.pk}"),
        summary=[*row_slice.summary, [Outcome.SET_ASIDE, "duplicate_key", -1, count]],
    )


def _most_together(job: ImportJob, connection: Connection) -> int:
    """How many profiles go in one request: few where a lost answer would leave them all to a person's judgement."""
    if job.destination is not None and job.destination.single:
        return 1
    usual = connection.profiles_per_request
    return usual if job.repeatable else min(usual, MOST_IN_DOUBT)


def _freeze(job: ImportJob, left_out: Mapping[int, set[int]]) -> Iterator[Batch]:
    connection, envelope = job.connection, batch_request(job).envelope_size()
    if connection is None:
        return
    limits = {"max_count": _most_together(job, connection), "max_bytes": connection.bytes_per_request}
    number = 0
    for row_slice, numbers, _ in _keys(job):
        lengths = PreparedTexts(job.vault.get(row_slice.prepared_name(job.check_version))).lengths
        places = sendable_places(len(lengths), left_out.get(row_slice.pk, set()))
        sizes = [lengths[place] for place in places]
        for start, stop in cut(sizes, envelope=envelope, **limits):
            number += 1
            yield Batch(
                job=job,
                row_slice=row_slice,
                number=number,
                start=start,
                stop=stop,
                first_row=numbers[places[start]],
                last_row=numbers[places[stop - 1]],
                rows=stop - start,
                body_bytes=envelope + sum(sizes[start:stop]) + stop - start - 1,
            )
