"""Pages of rows: the file's cells beside what became of each row, any filter, at any depth, without counting rows."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from imports.masking import mask
from imports.models import Batch, ImportJob, RowSlice
from imports.outcomes import unpack
from imports.prepared import sendable_places
from imports.reading import TableSlice
from imports.states import BatchState, JobState, Outcome

from .places import asides, problems_of

B = BatchState
BY_STATE = {
    B.UNKNOWN: Outcome.UNKNOWN,
    B.CANCELLED: Outcome.NOT_SENT,
    B.FROZEN: Outcome.PENDING,
    B.READY: Outcome.PENDING,
    B.SENDING: Outcome.PENDING,
    B.HELD: Outcome.PENDING,
}
RESOLVED = {"arrived": Outcome.ACCEPTED, "not_arrived": Outcome.NOT_SENT, "close": Outcome.UNKNOWN}


@dataclass(slots=True)
class Row:
    """One row of the file and what became of it.

    `faults` are our findings as (column, code, params); `error` and `error_text` are the platform's exact answer;
    `doubles` is the row sent instead of a row set aside.
    """

    number: int
    index: int
    cells: list[str] = field(default_factory=list)
    outcome: str = Outcome.PENDING
    faults: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    error: int | None = None
    error_text: str = ""
    profile_id: str = ""
    doubles: int | None = None
    batch: int | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What to show: an outcome, and within it one code (and text) or one column; "" and -1 mean any."""

    outcome: str = ""
    code: str = ""
    text: str = ""
    column: int = -1

    def keeps(self, row: Row) -> bool:
        if self.outcome and row.outcome != self.outcome:
            return False
        if not self.code:
            return True
        if row.error is not None:
            return str(row.error) == self.code and (not self.text or mask(row.error_text) == self.text)
        if row.doubles is not None:
            return self.code == "duplicate_key"
        return any(code == self.code and self.column in (-1, column) for column, code, _ in row.faults)

    def may_be_in(self, row_slice: RowSlice, batches: list[Batch]) -> bool:
        """Whether a slice can hold such a row, told from summaries alone."""
        match self.outcome:
            case Outcome.INVALID:
                return any(self._invalid_as(item) for item in row_slice.summary)
            case Outcome.SET_ASIDE:
                return row_slice.aside > 0
            case Outcome.REJECTED:
                return any(batch.rejected and self._rejected_as(batch) for batch in batches)
            case Outcome.ACCEPTED:
                return any(batch.accepted for batch in batches)
            case Outcome.UNKNOWN | Outcome.NOT_SENT | Outcome.PENDING:
                wanted = {self.outcome, Outcome.PENDING if self.outcome == Outcome.NOT_SENT else self.outcome}
                return not batches or any(_outcome_of(batch) in wanted for batch in batches)
        return True

    def _invalid_as(self, item: list[Any]) -> bool:
        outcome, code, column, _ = item
        return outcome == Outcome.INVALID and self.code in ("", code) and self.column in (-1, column)

    def _rejected_as(self, batch: Batch) -> bool:
        return not self.code or any(
            str(code) == self.code and self.text in ("", text) for code, text, _ in batch.summary
        )


def row_page(
    job: ImportJob, wanted: RowFilter, *, after: int = 0, before: int = 0, size: int = 50
) -> tuple[list[Row], bool]:
    """Up to `size` rows after (or before) a spreadsheet row number, in file order; and whether there are more that way.

    Opens only the slices that can hold such rows, so that the cost of a page does not grow with the file.
    """
    found: list[Row] = []
    slices = RowSlice.objects.current(job)
    slices = slices.filter(first_row__lt=before).reverse() if before else slices.filter(last_row__gt=after)
    for row_slice in slices.iterator(chunk_size=50):
        batches = _batches(row_slice)
        if not wanted.may_be_in(row_slice, batches):
            continue
        rows = [row for row in slice_rows(job, row_slice, batches) if wanted.keeps(row)]
        near = [row for row in rows if (row.number < before if before else row.number > after)]
        found += reversed(near) if before else near
        if len(found) > size:
            break
    page = found[:size]
    return (page[::-1] if before else page), len(found) > size


def slice_rows(job: ImportJob, row_slice: RowSlice, batches: list[Batch] | None = None) -> list[Row]:
    """Every row of a slice with its cells and outcome."""
    table = TableSlice.from_bytes(job.vault.get(row_slice.table_name))
    rows = [
        Row(number, index, list(cells))
        for index, (number, cells) in enumerate(zip(table.row_numbers, _by_row(table), strict=True))
    ]
    if job.checked_at is None or row_slice.checked_version != job.check_version:
        if job.state == JobState.CANCELLED:
            for row in rows:
                row.outcome = Outcome.NOT_SENT
        return rows
    _tell_checked(job, row_slice, rows, _batches(row_slice) if batches is None else batches)
    return rows


def _by_row(table: TableSlice) -> Iterator[tuple[str, ...]]:
    if not table.columns:
        return iter([()] * len(table.row_numbers))
    return zip(*table.columns, strict=True)


def _tell_checked(job: ImportJob, row_slice: RowSlice, rows: list[Row], batches: list[Batch]) -> None:
    for problem in problems_of(job, row_slice):
        rows[problem.index].outcome = Outcome.INVALID
        rows[problem.index].faults.append((problem.column, problem.code, problem.params))
    good = [row for row in rows if row.outcome != Outcome.INVALID]
    aside = asides(job, row_slice)
    for place, doubled in aside.items():
        good[place].outcome, good[place].doubles = Outcome.SET_ASIDE, doubled
    sendable = [good[place] for place in sendable_places(len(good), aside)]
    for batch in batches:
        _tell_batch(job, batch, sendable[batch.start : batch.stop])


def _tell_batch(job: ImportJob, batch: Batch, rows: list[Row]) -> None:
    for place, row in enumerate(rows):
        row.batch, row.place = batch.number, place
    if batch.state in (B.ANSWERED, B.REFUSED):
        answers = unpack(job.vault.unseal(bytes(batch.sealed_outcomes), batch.outcomes_name))
        for row, (error, text, profile_id) in zip(rows, answers, strict=True):
            taken = error == 0 and batch.state == B.ANSWERED
            row.outcome = Outcome.ACCEPTED if taken else Outcome.REJECTED
            row.error, row.error_text, row.profile_id = error, text, profile_id
        return
    outcome = _outcome_of(batch)
    if outcome == Outcome.PENDING and job.state == JobState.CANCELLED:
        outcome = Outcome.NOT_SENT
    for row in rows:
        row.outcome = outcome or Outcome.UNKNOWN


def _outcome_of(batch: Batch) -> Outcome | None:
    """The one outcome of all rows of a batch that has no answer; None for a batch that has one."""
    return RESOLVED.get(batch.resolved_as) if batch.state == B.RESOLVED else BY_STATE.get(B(batch.state))


def _batches(row_slice: RowSlice) -> list[Batch]:
    return list(Batch.objects.filter(row_slice=row_slice).leaves().order_by("start"))
