"""Cutting a batch in two because the platform refuses it whole; the halves stand for its rows from then on."""

from typing import Any

from django.db.models import Max

from imports.actions.requests import batch_request
from imports.models import Batch, ImportJob
from imports.prepared import PreparedTexts, sendable_places, split_keys
from imports.results import aside_places
from imports.states import BatchState


def split_batch(job: ImportJob, batch: Batch, expected: BatchState, **fence: Any) -> bool:
    """Freeze the parent as `split` and make its halves ready, with Request-IDs of their own.

    Call it inside a transaction. False when somebody else moved the batch first.
    """
    if not Batch.objects.move(batch.pk, expected, BatchState.SPLIT, fence=fence):
        return False
    ImportJob.objects.select_for_update().get(pk=job.pk)
    last = Batch.objects.filter(job=job).aggregate(last=Max("number"))["last"]
    middle = (batch.start + batch.stop) // 2
    halves = ((batch.start, middle), (middle, batch.stop))
    Batch.objects.bulk_create(
        [_half(job, batch, last + place, start, stop) for place, (start, stop) in enumerate(halves, start=1)]
    )
    return True


def _half(job: ImportJob, parent: Batch, number: int, start: int, stop: int) -> Batch:
    row_slice, version = parent.row_slice, job.check_version
    lengths = PreparedTexts(job.vault.get(row_slice.prepared_name(version))).lengths
    numbers, _ = split_keys(job.vault.get(row_slice.keys_name(version)))
    places = sendable_places(len(lengths), aside_places(job, row_slice))[start:stop]
    return Batch(
        job=job,
        row_slice=row_slice,
        parent=parent,
        number=number,
        start=start,
        stop=stop,
        first_row=numbers[places[0]],
        last_row=numbers[places[-1]],
        rows=stop - start,
        body_bytes=batch_request(job).envelope_size() + sum(lengths[place] for place in places) + len(places) - 1,
        state=BatchState.READY,
    )
