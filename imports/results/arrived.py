"""Which rows of an import reached the platform, or may have."""

from collections.abc import Iterable, Iterator
from itertools import compress

from imports.models import Batch, ImportJob, RowSlice
from imports.outcomes import reason_indexes, reasons
from imports.prepared import sendable_places, split_keys
from imports.states import FINISHED, BatchState, Outcome

from .places import aside_places
from .slices import batches_of, has_answers

B = BatchState
UNDER_WAY = frozenset({B.READY, B.SENDING, B.HELD})  # in an import that has not ended they still go


def arrived_keys(job: ImportJob) -> Iterator[int]:
    """The key hashes of the rows that were accepted, that may have arrived or that are about to go; 0 for none.

    Raise FileNotFoundError or Sealed when the job's data is gone.
    """
    for row_slice, places in arrived_places(job):
        keys = split_keys(job.vault.get(row_slice.keys_name(job.check_version))).keys
        yield from map(keys.__getitem__, places)


def arrived_rows(job: ImportJob) -> Iterator[int]:
    """The spreadsheet numbers of the same rows, in file order."""
    for row_slice, places in arrived_places(job):
        numbers = split_keys(job.vault.get(row_slice.keys_name(job.check_version))).numbers
        yield from map(numbers.__getitem__, places)


def arrived_places(job: ImportJob) -> Iterator[tuple[RowSlice, list[int]]]:
    """Each slice with the places among its good rows that reached the platform, or may have."""
    slices = RowSlice.objects.current(job).filter(good__gt=0, checked_version=job.check_version)
    for row_slice in slices.defer("sealed_problems", "sealed_changed"):
        places = sendable_places(row_slice.good, aside_places(job, row_slice))
        batches = batches_of(row_slice, has_answers)
        yield row_slice, [places[start] for batch in batches for start in _arrived(job, batch)]


def handed_over(job: ImportJob) -> Iterator[tuple[RowSlice, list[tuple[int, Outcome]]]]:
    """Each slice with the places among its good rows that were given to the platform, and what became of them."""
    slices = RowSlice.objects.current(job).filter(good__gt=0, checked_version=job.check_version)
    for row_slice in slices.defer("sealed_problems", "sealed_changed"):
        places = sendable_places(row_slice.good, aside_places(job, row_slice))
        batches = batches_of(row_slice, has_answers)
        yield row_slice, [(places[start], end) for batch in batches for start, end in _ends(job, batch)]


def _ends(job: ImportJob, batch: Batch) -> Iterable[tuple[int, Outcome]]:
    whole = range(batch.start, batch.stop)
    if has_answers(batch):
        taken = _accepted(job, batch) if batch.state == B.ANSWERED else [False] * batch.rows
        ends = (Outcome.ACCEPTED if one else Outcome.REJECTED for one in taken)
        return zip(whole, ends, strict=True)
    match B(batch.state), batch.resolved_as:
        case B.RESOLVED, "arrived":
            return ((place, Outcome.ACCEPTED) for place in whole)
        case (B.UNKNOWN, _) | (B.RESOLVED, "close" | "stopped"):
            return ((place, Outcome.UNKNOWN) for place in whole)
        case state, _ if state in UNDER_WAY and job.state not in FINISHED:
            return ((place, Outcome.PENDING) for place in whole)
    return ()


def _arrived(job: ImportJob, batch: Batch) -> Iterable[int]:
    whole = range(batch.start, batch.stop)
    match B(batch.state), batch.resolved_as:
        case B.ANSWERED, _:
            return compress(whole, _accepted(job, batch))
        case (B.UNKNOWN, _) | (B.RESOLVED, "arrived" | "close" | "stopped"):
            return whole
        case state, _ if state in UNDER_WAY and job.state not in FINISHED:
            return whole
    return ()


def _accepted(job: ImportJob, batch: Batch) -> list[bool]:
    blob = job.vault.unseal(bytes(batch.sealed_outcomes), batch.outcomes_name)
    taken = [code == 0 for code, _text in reasons(blob)]
    return [taken[index] for index in reason_indexes(blob)]
