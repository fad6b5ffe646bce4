"""Pages of rows: the file's cells beside what became of each row, any filter, at any depth, without counting rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from imports.masking import mask
from imports.models import Batch, ImportJob, RowSlice
from imports.states import Outcome

from .row import Row
from .slices import OpenSlice, batches_of, outcome_of


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
                return not batches or any(outcome_of(batch) in wanted for batch in batches)
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
    found = list(islice(_rows(job, wanted, after, before), size + 1))
    page = found[:size]
    return (page[::-1] if before else page), len(found) > size


def slice_rows(job: ImportJob, row_slice: RowSlice, batches: list[Batch] | None = None) -> list[Row]:
    """Every row of a slice with its cells and outcome."""
    opened = OpenSlice(job, row_slice, batches_of(row_slice) if batches is None else batches)
    return list(opened.rows(range(row_slice.rows)))


def _rows(job: ImportJob, wanted: RowFilter, after: int, before: int) -> Iterator[Row]:
    slices = RowSlice.objects.current(job)
    slices = slices.filter(first_row__lt=before).reverse() if before else slices.filter(last_row__gt=after)
    for row_slice in slices.iterator(chunk_size=50):
        batches = batches_of(row_slice)
        if wanted.may_be_in(row_slice, batches):
            opened = OpenSlice(job, row_slice, batches)
            near = opened.near(after=after, before=before)
            indexes = [index for index in opened.with_outcome(wanted.outcome) if index in near]
            yield from filter(wanted.keeps, opened.rows(reversed(indexes) if before else indexes))
