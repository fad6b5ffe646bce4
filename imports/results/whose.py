"""In which rows of an import a person stands, in any cell: for erasing, where missing one would be worse than reading
everything."""

import re
from collections.abc import Callable, Iterator

from imports.marks import digits_of, form_of
from imports.models import ImportJob, RowSlice
from imports.reading import StoredSlice

from .corrected import fixes_of
from .needle import Needle
from .slices import ERASED as ERASED


class Somebody:
    """One person by an address, a phone or another key. An address or phone is found within longer cells too."""

    def __init__(self, asked: str) -> None:
        self.asked = asked.strip()
        self.form, digits = form_of(self.asked), digits_of(self.asked)
        self._needle = Needle(self.asked)
        self._within: re.Pattern[str] | None = None
        if "@" in self.asked:
            self._within = re.compile(rf"(?<![\w.%+-]){re.escape(self.asked)}(?![\w-])", re.IGNORECASE)
        elif digits:
            inner = r"[^0-9]{0,3}".join(digits)
            self._within = re.compile(rf"(?<![0-9])(?:[0-9]{{1,3}}[^0-9]{{0,3}})?{inner}(?![0-9])")

    def may_be_in(self, payload: bytes) -> bool:
        return self._needle.may_be_in(payload)

    def is_in(self, cell: str) -> bool:
        return self._needle.equals(cell) or (self._within is not None and self._within.search(cell) is not None)


def rows_of(
    job: ImportJob, who: Somebody, *, tell: Callable[[], None] = lambda: None
) -> Iterator[tuple[RowSlice, dict[int, int]]]:
    """Each slice that has the person, with {index: spreadsheet row}; rows erased before are among them, because what
    was begun must be ended. Rows that were merged from one of them go with it. `tell` is called once a slice."""
    found: dict[RowSlice, dict[int, int]] = {}
    for row_slice in RowSlice.objects.current(job):
        tell()
        if rows := _rows(job, row_slice, who):
            found[row_slice] = rows
    numbers = {number for rows in found.values() for number in rows.values()}
    for row_slice in RowSlice.objects.current(job).filter(corrected__gt=0) if numbers else ():
        taken = [place[0] for place, fix in fixes_of(job.vault, row_slice).items() if fix.merged_from in numbers]
        if taken:
            stored = StoredSlice(job.vault.parts(row_slice.table_name).__getitem__)
            found.setdefault(row_slice, {}).update({index: stored.row_numbers[index] for index in taken})
    yield from sorted(found.items(), key=lambda item: item[0].number)


def stored_erased(stored: StoredSlice) -> list[int]:
    """The indexes of the rows of an opened slice whose person was erased."""
    return [index for index, _column, code, _params in stored.faults if code == ERASED]


def _rows(job: ImportJob, row_slice: RowSlice, who: Somebody) -> dict[int, int]:
    parts = job.vault.parts(row_slice.table_name)
    stored = StoredSlice(parts.__getitem__)
    found = set(stored_erased(stored))
    for number, part in enumerate(parts):
        if who.may_be_in(part):
            found |= {index for index in stored.indexes(number) if any(map(who.is_in, stored.cells(index)))}
    fixed = fixes_of(job.vault, row_slice)
    found |= {index for (index, _column), fix in fixed.items() if who.is_in(fix.value)}
    return {index: stored.row_numbers[index] for index in sorted(found)}
