"""Pages of rows: the file's cells beside what became of each row, any filter, at any depth, without counting rows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, Q

from imports.masking import MASKED, mask
from imports.models import Batch, ImportJob, RowSlice
from imports.models.jobs import RowSliceQuerySet
from imports.outcomes import VARIOUS
from imports.states import BatchState, Outcome

from .row import Row
from .slices import BY_STATE, RESOLVED, OpenSlice, batches_of, has_answers, opened_slices, unchecked_outcome


@dataclass(frozen=True, slots=True)
class RowFilter:
    """What to show: an outcome, and within it one code (and text) or one column; "", -1 and VARIOUS mean any."""

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
            return self.likes(row.error, row.error_text)
        if row.doubles is not None:
            return self.code == ("duplicate_key" if row.doubles else "sent_before")
        return any(code == self.code and self.column in (-1, column) for column, code, _ in row.faults)

    def likes(self, code: int, text: str) -> bool:
        """Whether an answer is of the kind that was asked for."""
        if self.code not in ("", str(code)):
            return False
        if self.text in ("", VARIOUS):
            return True
        # What stands before the first mask is as it was: thousands of different texts need not be masked to see that.
        return text.startswith(self.text.partition(MASKED)[0]) and mask(text) == self.text

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
                return slices.filter(Exists(_leaves.filter(_ending_as(self.outcome))))
        return slices

    def ids_of(self, slices: RowSliceQuerySet) -> list[int]:
        """The ids of those that can hold a row of this kind, told from their summaries alone."""
        if self.outcome != Outcome.INVALID or not self.code:
            return list(slices.values_list("pk", flat=True))
        told = slices.values_list("pk", "summary")
        return [pk for pk, summary in told if any(map(self._invalid_as, summary))]

    def may_be_among(self, batches: Sequence[Batch]) -> bool:
        """Whether batches can hold a row of this kind, told from their summaries alone."""
        return self.outcome != Outcome.REJECTED or not self.code or any(self._rejected_in(batch) for batch in batches)

    def opens(self, batch: Batch) -> bool:
        """Whether the answers of a batch are sure to be looked into."""
        return self.outcome == Outcome.REJECTED and self._rejected_in(batch)

    def _rejected_in(self, batch: Batch) -> bool:
        return batch.rejected > 0 and any(map(self._rejected_as, batch.summary))

    def _invalid_as(self, item: list[Any]) -> bool:
        outcome, code, column, _ = item
        return outcome == Outcome.INVALID and self.code in ("", code) and self.column in (-1, column)

    def _rejected_as(self, item: list[Any]) -> bool:
        code, text, _ = item
        return self.code in ("", str(code)) and (self.text in ("", VARIOUS) or text in (self.text, VARIOUS))


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
    opened = OpenSlice(job, row_slice, batches_of(row_slice, has_answers))
    return list(opened.rows(range(row_slice.rows)))


def problem_rows(job: ImportJob, slices: Sequence[int], keeps: Callable[[Row], bool]) -> Iterator[Row]:
    """The rows of some slices, by their ids, that the check refused and that are kept, one by one, in file order;
    `keeps` sees no cells."""
    for opened in opened_slices(job, slices):
        yield from opened.rows(opened.with_outcome(Outcome.INVALID, opened.near()), keeps)


def _rows(job: ImportJob, wanted: RowFilter, after: int, before: int) -> Iterator[Row]:
    slices = RowSlice.objects.current(job)
    slices = wanted.slices(slices) if job.checked_at is not None else slices
    slices = slices.filter(first_row__lt=before).reverse() if before else slices.filter(last_row__gt=after)
    if job.checked_at is None and wanted.outcome not in ("", unchecked_outcome(job)):
        return
    for opened in opened_slices(job, wanted.ids_of(slices), wanted.opens):
        if wanted.may_be_among(opened.batches):
            near = opened.near(after=after, before=before)
            indexes = opened.with_outcome(wanted.outcome, near, wanted.likes, backward=bool(before))
            yield from opened.rows(indexes, wanted.keeps)
