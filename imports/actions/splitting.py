"""Cutting a batch because the platform refuses it whole; the pieces stand for its rows from then on."""

from typing import Any

from django.db.models import Max

from imports.actions.requests import batch_request
from imports.history import record
from imports.models import Batch, ImportJob
from imports.prepared import sendable_places, split_keys
from imports.results import aside_places
from imports.states import CUT_FIRST, BatchState


def split_batch(
    job: ImportJob, batch: Batch, expected: BatchState, *, reason: str, sampled: bool = False, **fence: Any
) -> bool:
    """Freeze the parent as `split` and make its pieces ready, with Request-IDs of their own and `reason` (CUT_...).

    Two halves; `sampled` takes its first and last row out besides, to see whether single rows fare alike.
    Call it inside a transaction. False when somebody else moved the batch first.
    """
    if not Batch.objects.move(batch.pk, expected, BatchState.SPLIT, fence=fence, refusal=batch.refusal):
        return False
    ImportJob.objects.select_for_update().get(pk=job.pk)
    last = Batch.objects.filter(job=job).aggregate(last=Max("number"))["last"]
    cuts = samples_of(batch.start, batch.stop) if sampled else halves_of(batch.start, batch.stop)
    pieces = _Pieces(job, batch, reason)
    Batch.objects.bulk_create([pieces.make(last + place, *cut) for place, cut in enumerate(cuts, start=1)])
    record("batch_split", job=job, batch=batch.number, rows=batch.rows, cut=reason, pieces=len(cuts))
    return True


def cut_off(job: ImportJob, batch: Batch, rows: int) -> None:
    """Cut the first rows off a frozen batch and make them ready; the others stay frozen. Nothing of it was ever sent.

    Call it in a transaction that holds the job's row.
    """
    if not Batch.objects.move(batch.pk, BatchState.FROZEN, BatchState.SPLIT, fence={}):
        return
    last = Batch.objects.filter(job=job).aggregate(last=Max("number"))["last"]
    pieces, middle = _Pieces(job, batch, CUT_FIRST), batch.start + rows
    first, others = pieces.make(last + 1, batch.start, middle), pieces.make(last + 2, middle, batch.stop)
    others.state = BatchState.FROZEN
    first.origin_id = others.origin_id = None  # planned anew, each with a budget of its own
    Batch.objects.bulk_create([first, others])
    record("batch_split", job=job, batch=batch.number, rows=batch.rows, cut=CUT_FIRST, pieces=2)


def halves_of(start: int, stop: int) -> list[tuple[int, int]]:
    middle = (start + stop) // 2
    return [(start, middle), (middle, stop)]


def samples_of(start: int, stop: int) -> list[tuple[int, int]]:
    """The first and the last row alone, then what lies between them in halves. At least four rows."""
    middle = (start + stop) // 2
    return [(start, start + 1), (stop - 1, stop), (start + 1, middle), (middle, stop - 1)]


class _Pieces:
    """What the pieces of one batch are made from."""

    def __init__(self, job: ImportJob, parent: Batch, reason: str) -> None:
        row_slice, version = parent.row_slice, job.check_version
        self._job, self._parent, self._reason = job, parent, reason
        self._numbers, _, self._lengths = split_keys(job.vault.get(row_slice.keys_name(version)))
        self._places = sendable_places(len(self._lengths), aside_places(job, row_slice))
        self._envelope = batch_request(job).envelope_size()

    def make(self, number: int, start: int, stop: int) -> Batch:
        places = self._places[start:stop]
        return Batch(
            job=self._job,
            row_slice=self._parent.row_slice,
            parent=self._parent,
            cut_reason=self._reason,
            origin_id=self._parent.origin_id or self._parent.pk,
            number=number,
            start=start,
            stop=stop,
            first_row=self._numbers[places[0]],
            last_row=self._numbers[places[-1]],
            rows=stop - start,
            body_bytes=self._envelope + sum(self._lengths[place] for place in places) + len(places) - 1,
            state=BatchState.READY,
        )
