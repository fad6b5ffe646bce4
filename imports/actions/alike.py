"""One rule for all bad cells of a column that are alike: found, counted, then corrected as cells are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from imports.actions.connections import mapped_fields
from imports.actions.correcting import DATES, EMPTIED, MOST_CELLS, REPLACED, Cell, correct_cells
from imports.actions.errors import Refused
from imports.mapping import ColumnTarget, Kind, TargetField
from imports.models import Correction, ImportJob, RowSlice
from imports.results import problems_of, table_of
from imports.states import Outcome
from imports.validation import Refused as RefusedCell
from imports.validation import clean_cell

MOST_OPENED = 40  # slices looked into at once: 400,000 rows
DATE_ORDERS = ("dmy", "mdy", "ymd")


@dataclass(frozen=True, slots=True)
class Alike:
    """Of the cells of `column` the check refused: replace the text `find` by `put` (REPLACED), read them as dates in
    the order `put` (DATES), or empty them (EMPTIED)."""

    kind: str
    column: int
    find: str = ""
    put: str = ""


@dataclass(slots=True)
class Found:
    """The cells the rule changes, with their new values; `rest` is True when more of the file is still to be looked
    at, because what may be changed at once is limited."""

    cells: dict[Cell, str] = field(default_factory=dict)
    rest: bool = False
    examples: list[tuple[int, str, str]] = field(default_factory=list)


def find_alike(job: ImportJob, rule: Alike, *, examples: int = 3) -> Found:
    """What the rule would change; opens only slices in which this column keeps rows back. Raise Refused for a rule
    that cannot be."""
    change, found = _change(job, rule), Found()
    for opened, row_slice in enumerate(_slices(job, rule.column)):
        if opened >= MOST_OPENED or len(found.cells) >= MOST_CELLS:
            found.rest = True
            break
        table = table_of(job.vault, row_slice)
        bad = dict.fromkeys(one.index for one in problems_of(job, row_slice) if one.column == rule.column)
        for index in bad:
            cell, row = table.columns[rule.column][index], table.row_numbers[index]
            if (value := change(cell)) == cell:
                continue
            if len(found.cells) >= MOST_CELLS:
                found.rest = True
                break
            found.cells[row, rule.column] = value
            if len(found.examples) < examples:
                found.examples.append((row, cell, value))
    return found


def correct_alike(job: ImportJob, rule: Alike, *, seen: int, by: Any) -> tuple[Correction, bool]:
    """Correct all such cells; True beside it when there is a rest of the file to do. Raise Refused as `correct_cells`
    does."""
    found = find_alike(job, rule)
    made = correct_cells(job, found.cells, seen=seen, by=by, kind=rule.kind, column=rule.column)
    return made, found.rest


def takes_dates(job: ImportJob, column: int) -> bool:
    """Whether a column feeds a field of dates."""
    found = _target(job, column)
    return found is not None and found[1].kind is Kind.DATE


def _change(job: ImportJob, rule: Alike) -> Callable[[str], str]:
    if not 0 <= rule.column < len(job.headers):
        raise Refused("no_such_column")
    if rule.kind == REPLACED and rule.find:
        return lambda cell: cell.replace(rule.find, rule.put)
    if rule.kind == EMPTIED:
        return lambda cell: ""
    target = _target(job, rule.column)
    if rule.kind == DATES and rule.put in DATE_ORDERS and target is not None and target[1].kind is Kind.DATE:
        return _dates(target[0], target[1], rule.put)
    raise Refused("nothing_to_replace")


def _dates(target: ColumnTarget, field: TargetField, order: str) -> Callable[[str], str]:
    """Dates as 1990-12-31, which nobody reads in two ways; a cell that is none in this order stays."""
    asked = ColumnTarget(target.column, target.header, target.field, date_order=order)

    def read(cell: str) -> str:
        try:
            value = clean_cell(cell, asked, field)
        except RefusedCell:
            return cell
        return value if isinstance(value, str) else cell

    return read


def _target(job: ImportJob, column: int) -> tuple[ColumnTarget, TargetField] | None:
    if job.connection is None or job.destination is None:
        return None
    fields = mapped_fields(job.connection, job.destination.database_id, job.mapping)
    return next(((one, fields[one.field]) for one in job.mapping.targets if one.column == column), None)


def _slices(job: ImportJob, column: int) -> Iterator[RowSlice]:
    for row_slice in RowSlice.objects.current(job).filter(invalid__gt=0):
        if any(outcome == Outcome.INVALID and place == column for outcome, _, place, _ in row_slice.summary):
            yield row_slice
