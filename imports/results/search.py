"""Looking a row up by its spreadsheet number, or by a cell's whole text such as an e-mail or a phone."""

from imports.models import ImportJob, RowSlice
from imports.reading import TableSlice

from .rows import Row, slice_rows

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
    return next((row for row in slice_rows(job, row_slice) if row.number == number), None)


def _rows_with_cell(job: ImportJob, asked: str, most: int) -> list[Row]:
    found: list[Row] = []
    needle, digits = asked.casefold(), _digits(asked)
    for row_slice in RowSlice.objects.current(job):
        table = TableSlice.from_bytes(job.vault.get(row_slice.table_name))
        places = {i for column in table.columns for i, cell in enumerate(column) if _equal(cell, needle, digits)}
        if places:
            rows = slice_rows(job, row_slice)
            found += [rows[place] for place in sorted(places)]
        if len(found) >= most:
            break
    return found[:most]


def _equal(cell: str, needle: str, digits: str) -> bool:
    if len(cell) < len(needle) - 8:
        return False
    return cell.strip().casefold() == needle or bool(digits) and _digits(cell) == digits


def _digits(text: str) -> str:
    """Significant digits of what looks like a phone; "" for anything else. 8 and +7 begin the same Russian number."""
    if any(ch.isalpha() or ch == "@" for ch in text):
        return ""
    digits = "".join(ch for ch in text if ch.isdecimal())
    return digits[-10:] if len(digits) >= SHORTEST_PHONE else ""
