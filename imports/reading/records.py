"""Records -> a table: where its header is, how wide it is, slice after slice of its rows."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from imports.reading.charset import UNDECODABLE
from imports.reading.headers import clean_header, find_header, header_notes
from imports.reading.shaping import encode, filled_width, is_blank, level, replace_unstorable
from imports.reading.stats import ColumnTally
from imports.reading.table import (
    DETECT_HEADER,
    EncodedSlice,
    Limits,
    Note,
    ReadOptions,
    TableSummary,
    Unreadable,
    note,
)

ROWS_AHEAD = 1_000
LARGEST_SLICE = 16 * 1024 * 1024
MOST_CELLS = 500_000  # of a slice: each is an object of some 60 bytes while the slice is made


class Records(Protocol):
    """What every kind of source offers: rows of text cells in order, blank ones included. See `Marked`."""

    @property
    def first_number(self) -> int: ...

    @property
    def spanning(self) -> set[int]: ...

    @property
    def faults(self) -> dict[int, list[Note]]: ...

    @property
    def cost(self) -> int: ...

    def remarks(self) -> list[Note]: ...

    def __iter__(self) -> Iterator[list[str]]: ...


@dataclass(slots=True)
class Opened:
    """A source recognised and opened, before anybody looked at its rows. `headers` where no row holds them."""

    records: Records
    options: ReadOptions
    sheets: list[str]
    notes: list[Note]
    headers: list[str] | None = None


class Table:
    """A table whose header and width are known from its first thousand rows; the rest is read as it is asked for.

    Raises Unreadable when made: nothing in it, no rows under the header, too wide, the header row missing.
    """

    def __init__(self, opened: Opened, limits: Limits) -> None:
        self._records = opened.records
        self._limits = limits
        self._rows = iter(opened.records)
        self._ahead = self._look_ahead()
        self.options = opened.options
        self.sheets = opened.sheets
        self.notes = opened.notes + self._records.remarks()
        header = self._find_header() if opened.headers is None else opened.headers
        self._next_number = max(self.options.header_row + 1, self._records.first_number)
        self._last_allowed = self.options.header_row + limits.rows
        self.headers = self._name_columns(header)
        self._tallies = [ColumnTally(name) for name in self.headers]
        self._rows_read = self._blank = 0
        self._short = self._first_short = 0

    def slices(self, slice_rows: int) -> Iterator[EncodedSlice]:
        """Slices of at most `slice_rows` rows, 500,000 cells and about 16 MB, in order.

        Raises Unreadable as faults turn up.
        """
        rows = chain(self._ahead, self._rows)
        self._ahead = []
        number = spent = 0
        while taken := self._take(rows, slice_rows, spent):
            spent = self._records.cost
            encoded = self._encode(number, taken)
            if encoded is not None:
                yield encoded
                number += 1
        if not self._rows_read:
            raise Unreadable("no_rows", header_row=self.options.header_row)

    def summary(self) -> TableSummary:
        """Figures of what `slices` has yielded so far."""
        notes = [note("short_rows", count=self._short, row=self._first_short)] if self._short else []
        notes += [remark for remark in self._records.remarks() if remark not in self.notes]
        columns = [tally.result() for tally in self._tallies]
        return TableSummary(self.headers, self._rows_read, self._blank, columns, notes)

    def _look_ahead(self) -> list[list[str]]:
        """The first thousand rows, or 4 MB; more only while they are all blank."""
        ahead: list[list[str]] = []
        anything = False
        for row in self._rows:
            ahead.append(row)
            anything = anything or not is_blank(row)
            if anything and (len(ahead) >= ROWS_AHEAD or self._records.cost > LARGEST_SLICE // 4):
                break
            if not anything and len(ahead) > self._limits.rows:
                raise Unreadable("too_many_rows", limit=self._limits.rows)
        if not anything:
            raise Unreadable("empty_file")
        return ahead

    def _find_header(self) -> list[str]:
        """The row that names the columns, taken off the rows ahead; the options then say which it is."""
        place = self._header_place(self.options.header_row)
        header_row = 0 if place is None else self._records.first_number + place
        self.options = replace(self.options, header_row=header_row)
        return self._take_header(place)

    def _header_place(self, header_row: int) -> int | None:
        if header_row == DETECT_HEADER:
            return find_header(self._ahead)
        if header_row == 0:
            return None
        place = max(0, header_row - self._records.first_number)
        if place >= len(self._ahead):
            raise Unreadable("header_row_missing", row=header_row)
        return place

    def _take_header(self, place: int | None) -> list[str]:
        if place is None:
            return []
        self._refuse_undecodable(place)
        above = sum(1 for row in self._ahead[:place] if not is_blank(row))
        if above:
            self.notes.append(note("rows_above_header", count=above))
        header = self._ahead[place]
        del self._ahead[: place + 1]
        return header

    def _refuse_undecodable(self, last: int) -> None:
        """Rows up to the header are not encoded as cells are, where broken characters would show."""
        for place, row in enumerate(self._ahead[: last + 1]):
            if any(UNDECODABLE in cell for cell in row):
                row_number = self._records.first_number + place
                raise Unreadable("undecodable", row=row_number, encoding=self.options.encoding)

    def _name_columns(self, header: list[str]) -> list[str]:
        """Names as wide as the table: as far as the header names columns or the rows ahead fill them."""
        used = max(map(filled_width, self._ahead), default=0)
        if any(cell.strip() for cell in header):
            used = max(filled_width(header), min(used, len(header)))
        if used > self._limits.columns:
            raise Unreadable("too_many_columns", found=used, limit=self._limits.columns)
        headers = [clean_header(replace_unstorable(cell[: self._limits.cell])) for cell in header[:used]]
        headers += [""] * (used - len(headers))
        if self.options.header_row or header:
            self.notes.extend(header_notes(headers))
        return headers

    def _take(self, rows: Iterator[list[str]], slice_rows: int, spent: int) -> list[list[str]]:
        taken: list[list[str]] = []
        # An empty cell still costs its quotes and comma.
        frame = 3 * len(self.headers)
        most = min(slice_rows, MOST_CELLS // max(1, len(self.headers)))
        for row in rows:
            taken.append(row)
            if len(taken) >= most or self._records.cost - spent + frame * len(taken) > LARGEST_SLICE:
                break
        return taken

    def _encode(self, number: int, rows: list[list[str]]) -> EncodedSlice | None:
        first = self._next_number
        self._next_number += len(rows)
        faults = {row: found for row, found in self._records.faults.items() if first <= row < self._next_number}
        leveled = level(rows, first, len(self.headers), self._records.spanning, faults)
        self._blank += leveled.blank
        self._forget_marks()
        if not leveled.rows:
            return None
        if leveled.numbers[-1] > self._last_allowed:
            raise Unreadable("too_many_rows", limit=self._limits.rows)
        payload, columns, lengths = encode(number, leveled, self._limits.cell, self.options.encoding)
        for tally, column, sizes in zip(self._tallies, columns, lengths, strict=True):
            tally.add(column, sizes)
        self._rows_read += len(leveled.rows)
        self._short += len(leveled.short)
        self._first_short = self._first_short or next(iter(leveled.short), 0)
        return EncodedSlice(number, leveled.numbers[0], leveled.numbers[-1], len(leveled.rows), payload)

    def _forget_marks(self) -> None:
        spanning, faults = self._records.spanning, self._records.faults
        if spanning:
            spanning.difference_update([row for row in spanning if row < self._next_number])
        for row in [row for row in faults if row < self._next_number]:
            del faults[row]
