"""Pages of rows: the file's cells beside what became of each row, any filter, at any depth, without counting rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q

from imports.masking import mask
from imports.models import Batch, ImportJob, RowSlice
from imports.models.jobs import RowSliceQuerySet
from imports.states import BatchState, Outcome

from .row import Row
from .slices import BY_STATE, RESOLVED, OpenSlice, batches_of


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

    def slices(self, slices: RowSliceQuerySet) -> RowSliceQuerySet:
        """Those that can hold such a row, told by the database from counts alone."""
        match self.outcome:
            case Outcome.INVALID:
                return slices.filter(invalid__gt=0)
            case Outcome.SET_ASIDE:
                return slices.filter(aside__gt=0)
            case Outcome.REJECTED:
                return slices.filter(Exists(_leaves.filter(rejected__gt=0)))
            case Outcome.ACCEPTED:
                return slices.filter(Exists(_leaves.filter(accepted__gt=0)))
            case Outcome.UNKNOWN | Outcome.NOT_SENT | Outcome.PENDING:
                return slices.filter(Exists(_leaves.filter(_ending_as(self.outcome))) | ~Exists(_leaves))
        return slices

    def may_be_in(self, row_slice: RowSlice) -> bool:
        """Whether a slice can hold a row of this kind, told from summaries alone."""
        match self.outcome:
            case Outcome.INVALID:
                return any(self._invalid_as(item) for item in row_slice.summary)
            case Outcome.REJECTED if self.code:
                summaries = Batch.objects.filter(row_slice=row_slice, rejected__gt=0).leaves()
                return any(map(self._rejected_as, summaries.values_list("summary", flat=True)))
        return True

    def _invalid_as(self, item: list[Any]) -> bool:
        outcome, code, column, _ = item
        return outcome == Outcome.INVALID and self.code in ("", code) and self.column in (-1, column)

    def _rejected_as(self, summary: list[list[Any]]) -> bool:
        return any(str(code) == self.code and self.text in ("", text) for code, text, _ in summary)


_leaves = Batch.objects.filter(row_slice=OuterRef("pk")).leaves()


def _ending_as(outcome: str) -> Q:
    """Batches whose rows all have this outcome. What waits in a cancelled job counts as not sent."""
    wanted = {outcome, Outcome.PENDING if outcome == Outcome.NOT_SENT else outcome}
    states = [state for state, ends in BY_STATE.items() if ends in wanted]
    decided = [choice for choice, ends in RESOLVED.items() if ends in wanted]
    return Q(state__in=states) | Q(state=BatchState.RESOLVED, resolved_as__in=decided)


def row_page(
    job: ImportJob, wanted: RowFilter, *, after: int = 0, before: int = 0, size: int = 50
) -> tuple[list[Row], bool]:
    """Up to `size` rows after (or before) a spreadsheet row number, in file order; and whether there are more that way.

    Opens only the slices that can hold such rows, so that the cost of a page does not grow with the file.
    """
    found = list(islice(_rows(job, wanted, after, before), size + 1))
    page = found[:size]
    return (page[::-1] if before else page), len(found) > size


def slice_rows(job: ImportJob, row_slice: RowSlice) -> list[Row]:
    """Every row of a slice with its cells and outcome."""
    opened = OpenSlice(job, row_slice, batches_of(row_slice))
    return list(opened.rows(range(row_slice.rows)))


def problem_rows(job: ImportJob, row_slice: RowSlice) -> Iterator[Row]:
    """The rows of a slice that the check refused, one by one, in file order."""
    opened = OpenSlice(job, row_slice, [])
    return opened.rows(opened.with_outcome(Outcome.INVALID))


def _rows(job: ImportJob, wanted: RowFilter, after: int, before: int) -> Iterator[Row]:
    slices = wanted.slices(RowSlice.objects.current(job).light())
    slices = slices.filter(first_row__lt=before).reverse() if before else slices.filter(last_row__gt=after)
    for row_slice in slices.iterator(chunk_size=50):
        if wanted.may_be_in(row_slice):
            opened = OpenSlice(job, row_slice, batches_of(row_slice))
            near = opened.near(after=after, before=before)
            indexes = [index for index in opened.with_outcome(wanted.outcome) if index in near]
            yield from filter(wanted.keeps, opened.rows(reversed(indexes) if before else indexes))
