"""Which row names the columns, and what is odd about the names."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence

from imports.reading.table import Note, note

MOSTLY_FILLED = 0.6
ROWS_LOOKED_AT = 50
TELLING = 100  # characters of a cell; the patterns below are slow on long ones

EMAIL = re.compile(r"\S+@\S+\.\S+")
# Numbers, phones, dates, times, amounts: digits and the signs written between them.
FIGURES = re.compile(r"[+(№#-]?[\d\s().,:/+%₽$€\u00a0-]*\d[\d\s().,:/+%₽$€TZ\u00a0-]*")
TRUTHS = frozenset(("true", "false", "да", "нет", "yes", "no"))


def find_header(rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the header among the first rows of a table, or None when it begins with data.

    Titles above a header fill few cells; a header's cells are names, unlike what stands below them.
    """
    start = next((place for place, row in enumerate(rows) if any(map(str.strip, row))), None)
    if start is None:
        return None
    filled = [sum(1 for cell in row if cell.strip()) for row in rows[start : start + ROWS_LOOKED_AT]]
    counts = [count for count in filled if count]
    usual = sorted(counts[len(counts) // 2 :])[(len(counts) - len(counts) // 2) // 2]
    place = next(place for place, count in enumerate(filled, start) if count >= MOSTLY_FILLED * usual)
    below = rows[place + 1 : place + 1 + ROWS_LOOKED_AT]
    return place if _names_columns(rows[place], below) else None


def clean_header(cell: str) -> str:
    """A column's name on one line, without blanks around it."""
    return " ".join(cell.split())


def header_notes(headers: Sequence[str]) -> list[Note]:
    """Names used twice (whatever their case), and columns without a name. Columns count from 1."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, header in enumerate(headers, 1):
        places[unicodedata.normalize("NFC", header).casefold()].append(place)
    nameless = places.pop("", [])
    notes = [
        note("duplicate_header", header=headers[same[0] - 1], columns=_listed(same))
        for same in places.values()
        if len(same) > 1
    ]
    if nameless:
        notes.append(note("empty_header", count=len(nameless), columns=_listed(nameless)))
    return notes


def _listed(places: list[int]) -> str:
    return ", ".join(map(str, places[:20])) + (", …" if len(places) > 20 else "")


def _names_columns(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    names = {column: cell.strip()[:TELLING] for column, cell in enumerate(row) if cell.strip()}
    if any(EMAIL.fullmatch(name) for name in names.values()):
        return False
    likeness = [_likeness(name, _column(below, column)) for column, name in names.items()]
    if any(is_value(name) for name in names.values()):
        return sum(likeness) < 0
    repeated = sum(1 for column, name in names.items() if name in _column(below, column))
    return repeated == 0 or repeated == len(names) > 1 or sum(likeness) < 0


def _column(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    cells = (row[column].strip()[:TELLING] for row in rows if column < len(row))
    return [cell for cell in cells if cell]


def _likeness(name: str, cells: list[str]) -> int:
    """1 if the name is of the kind of the cells below, -1 if they are values and it is none, 0 if nothing tells."""
    values = sum(map(is_value, cells))
    if not cells or values * 2 <= len(cells):
        return 0
    return 1 if is_value(name) else -1


def is_value(cell: str) -> bool:
    """Whether this can only be a value: a figure, an address, yes or no."""
    return bool(FIGURES.fullmatch(cell) or EMAIL.fullmatch(cell)) or cell.lower() in TRUTHS
