"""Looking a row up by its spreadsheet number, or by a cell's whole text such as an e-mail or a phone."""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson

from imports.marks import places_of
from imports.models import ImportJob, RowSlice
from imports.reading import StoredSlice

from .contacts import contact_columns
from .needle import Needle
from .row import Row
from .slices import OpenSlice, batches_of, opened_slices

MOST = 50
SECONDS = 0.4  # for looking at every cell; a file that takes longer is searched piece by piece


@dataclass(frozen=True, slots=True)
class Found:
    """The rows, and what was searched: these columns only (None: all of them), up to this row (0: to the end)."""

    rows: list[Row] = field(default_factory=list)
    columns: tuple[int, ...] | None = None
    stopped_at: int = 0


def find_rows(job: ImportJob, text: str, *, most: int = MOST) -> list[Row]:
    """Rows with this number, or with a cell equal to the text (letter case and phone punctuation do not matter)."""
    return search(job, text, most=most).rows


def search(
    job: ImportJob, text: str, *, everywhere: bool = False, after: int = 0, most: int = MOST, seconds: float = SECONDS
) -> Found:
    """The same with what was searched. Addresses and phones are looked for in the columns of contacts, by the marks of
    the check, both as the file has them and as they are sent; with `everywhere`, and any other text, in every cell
    behind the row `after`, as far as the time reaches."""
    asked = text.strip()
    if not asked:
        return Found()
    if asked.isdecimal() and not everywhere and (row := row_at(job, int(asked))):
        return Found([row])
    needle = Needle(asked)
    if needle.is_contact and not everywhere:
        rows = _by_marks(job, needle, after, most + 1)
        if rows or (rows is not None and needle.is_address):
            stopped_at = rows[most - 1].number if len(rows) > most else 0
            return Found(rows[:most], tuple(contact_columns(job)), stopped_at)
    return _by_cells(job, needle, after, most, time.monotonic() + seconds)


def row_at(job: ImportJob, number: int) -> Row | None:
    """The row with this spreadsheet number; None for the header, a blank row or a number outside the file."""
    row_slice = RowSlice.objects.holding_row(job, number)
    if row_slice is None:
        return None
    opened = OpenSlice(job, row_slice, batches_of(row_slice))
    place = bisect_left(opened.row_numbers, number)
    return opened.row(place) if opened.row_numbers[place] == number else None


def rows_at(job: ImportJob, numbers: Collection[int]) -> dict[int, Row]:
    """Rows by their spreadsheet numbers; each slice is opened once, and of it only what these rows need."""
    found: dict[int, Row] = {}
    reach = {"first_row__lte": max(numbers), "last_row__gte": min(numbers)} if numbers else {"pk": None}
    for row_slice in RowSlice.objects.current(job).light().filter(**reach):
        wanted = sorted(number for number in numbers if row_slice.first_row <= number <= row_slice.last_row)
        if wanted:
            opened = OpenSlice(job, row_slice, batches_of(row_slice))
            places = ((bisect_left(opened.row_numbers, number), number) for number in wanted)
            there = [place for place, number in places if opened.row_numbers[place] == number]
            found |= {row.number: row for row in opened.rows(there)}
    return found


def _by_marks(job: ImportJob, needle: Needle, after: int, most: int) -> list[Row] | None:
    """The first rows behind a row whose contacts are this text; None where the check has left no marks."""
    try:
        places = dict(_marked(job, needle, after)) if job.checked_at is not None else None
    except FileNotFoundError:
        return None
    if places is None:
        return None
    found: Iterator[Row] = (
        row
        for opened in opened_slices(job, list(places))
        for row in opened.rows(index for index in places[opened.pk] if _holds(opened, index, needle))
        if row.number > after
    )
    return list(islice(found, most))


def _marked(job: ImportJob, needle: Needle, after: int) -> Iterator[tuple[int, list[int]]]:
    """By the id of its slice, the indexes of the rows that may hold it."""
    for row_slice in RowSlice.objects.current(job).light().filter(last_row__gt=after):
        if places := places_of(job.vault.get(row_slice.marks_name(job.check_version)), needle.asked):
            yield row_slice.pk, places


def _holds(opened: OpenSlice, index: int, needle: Needle) -> bool:
    """Whether a cell of the row, or what is sent for it, is the text."""
    if _shows(opened, index, needle):
        return True
    sent = opened.sent(index)
    return bool(sent) and any(map(needle.equals, _texts(orjson.loads(sent))))


def _shows(opened: OpenSlice, index: int, needle: Needle) -> bool:
    """Whether a cell of the row is the text, as the file has it or as it was corrected."""
    cells, as_read = opened.cells(index), opened.cells_of_file(index)
    return any(map(needle.equals, cells)) or (cells != as_read and any(map(needle.equals, as_read)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(inner)


def _by_cells(job: ImportJob, needle: Needle, after: int, most: int, until: float) -> Found:
    """Slice by slice behind a row, at least one, until enough is found or the time is over."""
    found: list[Row] = []
    slices = list(RowSlice.objects.current(job).light().filter(last_row__gt=after))
    for row_slice in slices:
        indexes = list(islice(_holding(job, row_slice, needle, after), most - len(found)))
        if indexes:
            found += next(opened_slices(job, [row_slice.pk])).rows(indexes)
        if len(found) >= most:
            return Found(found, stopped_at=found[-1].number)
        if time.monotonic() > until and row_slice is not slices[-1]:
            return Found(found, stopped_at=row_slice.last_row)
    return Found(found)


def _holding(job: ImportJob, row_slice: RowSlice, needle: Needle, after: int) -> Iterator[int]:
    """The indexes of the rows of a slice, behind a row, with such a cell."""
    parts = job.vault.parts(row_slice.table_name)
    stored = StoredSlice(parts.__getitem__)
    first = bisect_right(stored.row_numbers, after)
    opened = OpenSlice(job, row_slice, [])
    for number, part in enumerate(parts):
        if row_slice.corrected or needle.may_be_in(part):
            for index in stored.indexes(number):
                if index >= first and _shows(opened, index, needle):
                    yield index
