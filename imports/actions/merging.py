"""Rows of one person merged: the last row takes from the earlier ones what it has no value for.

What is taken lies over the kept row like a correction, with the row it came from; the file does not change. The rows it
was taken from are set aside, as with the rule "last".
"""

from array import array
from collections import defaultdict
from dataclasses import dataclass, field

from imports.models import ImportJob, RowSlice
from imports.reading import TableSlice, added_columns
from imports.results import Fix, fixes_of, rows_of_groups, sealed_fixes, table_of

MERGE = "merge"
Place = tuple[int, int]


@dataclass(slots=True)
class _Kept:
    """The last row of a group: where it is, and its columns that are still empty."""

    slice_id: int
    index: int
    empty: list[int] = field(default_factory=list)


def fill_merged(job: ImportJob, groups: "array[int]") -> bool:
    """Lay over each group's last row what it lacks; True when anything was filled, so that its slice must be checked
    again. Every slice is opened once, from the last to the first."""
    if job.destination is None or job.destination.duplicates != MERGE:
        return False
    group_of = {number: place for place, rows in enumerate(rows_of_groups(groups)) for number in rows}
    kept: dict[int, _Kept] = {}
    fills: dict[int, dict[Place, Fix]] = defaultdict(dict)
    foreign = set(added_columns(job.headers))
    for row_slice in RowSlice.objects.current(job).light().reverse() if group_of else ():
        if any(row_slice.first_row <= number <= row_slice.last_row for number in group_of):
            table = table_of(job.vault, row_slice)
            for index, number in reversed(list(enumerate(table.row_numbers))):
                if (group := group_of.get(number)) is not None:
                    _look_at(table, row_slice.pk, index, kept, group, fills, foreign)
    for pk, fixes in fills.items():
        _lay_over(job, pk, fixes)
    return bool(fills)


def _look_at(
    table: TableSlice,
    slice_id: int,
    index: int,
    kept: dict[int, _Kept],
    group: int,
    fills: dict[int, dict[Place, Fix]],
    foreign: set[int],
) -> None:
    columns = table.columns
    if group not in kept:
        empty = [place for place, cells in enumerate(columns) if place not in foreign and not cells[index].strip()]
        kept[group] = _Kept(slice_id, index, empty)
        return
    last = kept[group]
    for place in list(last.empty):
        if (value := columns[place][index]).strip():
            fills[last.slice_id][last.index, place] = Fix(value, "", table.row_numbers[index])
            last.empty.remove(place)


def _lay_over(job: ImportJob, pk: int, fixes: dict[Place, Fix]) -> None:
    row_slice = RowSlice.objects.get(pk=pk)
    fields = sealed_fixes(job, row_slice, fixes_of(job.vault, row_slice) | fixes)
    RowSlice.objects.filter(pk=pk).update(**fields, checked_version=0, lease_until=None)
