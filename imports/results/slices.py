"""One slice opened: its cells, and what became of each row, looked up only for the rows that are asked for."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from imports.mapping import Problem
from imports.models import Batch, ImportJob, RowSlice
from imports.outcomes import ids, reason_indexes, reasons
from imports.prepared import sendable_places
from imports.reading import TableSlice
from imports.states import CLOSED, STOPPED, BatchState, JobState, Outcome

from .places import asides, problems_of
from .row import Row

B = BatchState
BY_STATE = {
    B.UNKNOWN: Outcome.UNKNOWN,
    B.CANCELLED: Outcome.NOT_SENT,
    B.FROZEN: Outcome.PENDING,
    B.READY: Outcome.PENDING,
    B.SENDING: Outcome.PENDING,
    B.HELD: Outcome.PENDING,
}
RESOLVED = {
    "arrived": Outcome.ACCEPTED,
    "not_arrived": Outcome.NOT_SENT,
    CLOSED: Outcome.UNKNOWN,
    STOPPED: Outcome.UNKNOWN,
}


class OpenSlice:
    """The rows of a slice by their index in it."""

    def __init__(self, job: ImportJob, row_slice: RowSlice, batches: Sequence[Batch]) -> None:
        self._job, self._slice, self._batches = job, row_slice, batches
        self._answers: dict[int, Answers] = {}
        self.table = TableSlice.from_bytes(job.vault.get(row_slice.table_name))
        self.checked = job.checked_at is not None and row_slice.checked_version == job.check_version

    def rows(self, indexes: Iterable[int]) -> Iterator[Row]:
        return map(self.row, indexes)

    def row(self, index: int) -> Row:
        """One row with its cells, its outcome and why."""
        row = Row(self.table.row_numbers[index], index, [column[index] for column in self.table.columns])
        if not self.checked:
            row.outcome = Outcome.NOT_SENT if self._job.state == JobState.CANCELLED else Outcome.PENDING
        elif index in self.problems:
            row.outcome = Outcome.INVALID
            row.faults = [(problem.column, problem.code, problem.params) for problem in self.problems[index]]
        else:
            self._tell_sendable(row)
        return row

    def near(self, *, after: int = 0, before: int = 0) -> range:
        """Indexes of the rows behind a spreadsheet row number, or (with `before`) in front of it."""
        numbers = self.table.row_numbers
        return range(bisect_left(numbers, before)) if before else range(bisect_right(numbers, after), len(numbers))

    def with_outcome(self, outcome: str) -> Iterable[int]:
        """Indexes, in order, among which every row of this outcome is; "" for all."""
        if not outcome or not self.checked:
            return range(len(self.table.row_numbers))
        if outcome == Outcome.INVALID:
            return sorted(self.problems)
        if outcome == Outcome.SET_ASIDE:
            return [self._good[place] for place in sorted(self._aside)]
        return [index for batch in self._batches for index in self._of_batch(batch, outcome)]

    @cached_property
    def problems(self) -> dict[int, list[Problem]]:
        found: dict[int, list[Problem]] = {}
        for problem in problems_of(self._job, self._slice):
            found.setdefault(problem.index, []).append(problem)
        return found

    @cached_property
    def _good(self) -> list[int]:
        return [index for index in range(len(self.table.row_numbers)) if index not in self.problems]

    @cached_property
    def _aside(self) -> dict[int, int]:
        return asides(self._job, self._slice)

    @cached_property
    def _sendable(self) -> list[int]:
        return [self._good[place] for place in sendable_places(len(self._good), self._aside)]

    def _of_batch(self, batch: Batch, outcome: str) -> list[int]:
        rows = self._sendable[batch.start : batch.stop]
        if batch.state not in (B.ANSWERED, B.REFUSED):
            return rows
        wanted = batch.accepted if outcome == Outcome.ACCEPTED else batch.rejected
        if not wanted or outcome not in (Outcome.ACCEPTED, Outcome.REJECTED):
            return []
        answers = self._answers_of(batch)
        return [index for place, index in enumerate(rows) if answers.outcome(place) == outcome]

    def _tell_sendable(self, row: Row) -> None:
        place = bisect_left(self._sendable, row.index)
        if place == len(self._sendable) or self._sendable[place] != row.index:
            row.outcome, row.doubles = Outcome.SET_ASIDE, self._aside[bisect_left(self._good, row.index)]
            return
        batch = next((batch for batch in self._batches if batch.start <= place < batch.stop), None)
        if batch is not None:
            row.batch, row.place = batch.number, place - batch.start
            self._tell_batch(row, batch, row.place)

    def _tell_batch(self, row: Row, batch: Batch, place: int) -> None:
        if batch.state in (B.ANSWERED, B.REFUSED):
            answers = self._answers_of(batch)
            row.outcome = answers.outcome(place)
            row.error, row.error_text, row.profile_id = answers.of(place)
            return
        row.outcome, row.resolved_as = outcome_of(batch) or Outcome.UNKNOWN, batch.resolved_as
        if row.outcome == Outcome.PENDING and self._job.state == JobState.CANCELLED:
            row.outcome = Outcome.NOT_SENT

    def _answers_of(self, batch: Batch) -> "Answers":
        if batch.pk not in self._answers:
            blob = self._job.vault.unseal(bytes(batch.sealed_outcomes), batch.outcomes_name)
            self._answers[batch.pk] = Answers(blob, refused=batch.state == B.REFUSED)
        return self._answers[batch.pk]


class Answers:
    """The packed answers of one batch; ids are unpacked only when a row is shown."""

    def __init__(self, blob: bytes, *, refused: bool) -> None:
        self._blob, self._refused = blob, refused
        self._reasons, self._indexes = reasons(blob), reason_indexes(blob)

    def outcome(self, place: int) -> Outcome:
        taken = not self._refused and self._reasons[self._indexes[place]][0] == 0
        return Outcome.ACCEPTED if taken else Outcome.REJECTED

    def of(self, place: int) -> tuple[int, str, str]:
        return (*self._reasons[self._indexes[place]], self._ids[place])

    @cached_property
    def _ids(self) -> list[str]:
        return ids(self._blob)


def outcome_of(batch: Batch) -> Outcome | None:
    """The one outcome of all rows of a batch that has no answer; None for a batch that has one."""
    return RESOLVED.get(batch.resolved_as) if batch.state == B.RESOLVED else BY_STATE.get(B(batch.state))


def batches_of(row_slice: RowSlice) -> list[Batch]:
    """The batches that stand for the rows of a slice, in its order."""
    return list(Batch.objects.filter(row_slice=row_slice).leaves().order_by("start"))
