"""Looking a row up by its spreadsheet number, or by a cell's whole text such as an e-mail or a phone."""

import re
from bisect import bisect_left

import orjson

from imports.models import ImportJob, RowSlice

from .row import Row
from .slices import OpenSlice, batches_of

SHORTEST_PHONE = 5


def find_rows(job: ImportJob, text: str, *, most: int = 50) -> list[Row]:
    """Rows with this number, or with a cell equal to the text (letter case and phone punctuation do not matter)."""
    asked = text.strip()
    if not asked:
        return []
    if asked.isdecimal() and (row := find_row(job, int(asked))):
        return [row]
    return _rows_with_cell(job, asked, most)


def find_row(job: ImportJob, number: int) -> Row | None:
    """The row with this spreadsheet number; None for the header, a blank row or a number outside the file."""
    row_slice = RowSlice.objects.holding_row(job, number)
    if row_slice is None:
        return None
    opened = OpenSlice(job, row_slice, batches_of(row_slice))
    place = bisect_left(opened.table.row_numbers, number)
    return opened.row(place) if opened.table.row_numbers[place] == number else None


def _rows_with_cell(job: ImportJob, asked: str, most: int) -> list[Row]:
    found: list[Row] = []
    needle = Needle(asked)
    for row_slice in RowSlice.objects.current(job).light():
        if not needle.may_be_in(job.vault.get(row_slice.table_name)):
            continue
        opened = OpenSlice(job, row_slice, batches_of(row_slice))
        places = {i for column in opened.table.columns for i, cell in enumerate(column) if needle.equals(cell)}
        found += opened.rows(sorted(places))
        if len(found) >= most:
            break
    return found[:most]


class Needle:
    """A cell's text to look for: letter case does not matter, nor the punctuation of a phone."""

    def __init__(self, asked: str) -> None:
        self._asked, self._text = asked, asked.casefold()
        self._digits = _digits(asked)
        self._ascii = _stored(self._text) if self._text.isascii() else b""
        self._pattern = self._rough_pattern()

    def may_be_in(self, payload: bytes) -> bool:
        """Whether a stored slice can hold it, told from its bytes: most slices need not be opened."""
        if self._pattern is not None:
            return self._pattern.search(payload) is not None
        return self._ascii in payload.lower()

    def _rough_pattern(self) -> "re.Pattern[bytes] | None":
        if self._digits:
            return re.compile(rb"[^0-9]{0,3}".join(digit.encode() for digit in self._digits))
        return None if self._text.isascii() else re.compile(b"".join(map(_any_case, self._asked)))

    def equals(self, cell: str) -> bool:
        if not self._digits:
            return cell.strip().casefold() == self._text
        return _digits(cell) == self._digits


def _stored(text: str) -> bytes:
    """As it stands inside a stored slice, which is JSON."""
    return orjson.dumps(text)[1:-1]


def _any_case(ch: str) -> bytes:
    """A pattern of the bytes of this character in any letter case."""
    spellings = {ch, ch.lower(), ch.upper(), ch.casefold()}
    return b"(?:" + b"|".join(re.escape(_stored(each)) for each in sorted(spellings)) + b")"


def _digits(text: str) -> str:
    """Significant digits of what looks like a phone; "" for anything else. 8 and +7 begin the same Russian number."""
    if any(ch.isalpha() or ch == "@" for ch in text):
        return ""
    digits = "".join(ch for ch in text if ch.isdecimal())
    return digits[-10:] if len(digits) >= SHORTEST_PHONE else ""
