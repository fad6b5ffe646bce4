"""Rows as they come -> a slice of columns, with a fault for everything that had to be bent into shape."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from imports.reading.charset import UNDECODABLE
from imports.reading.table import Fault, Note, TableSlice, Unreadable

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
REPLACEMENT = "\ufffd"
DOS_END_OF_FILE = ["\x1a"]
# How orjson writes control characters. Text that merely holds a backslash matches too and only costs a closer look.
ESCAPES = (b"\\u00", b"\\b", b"\\f")


@dataclass(slots=True)
class Leveled:
    """Rows all as wide as the table, blank ones left out."""

    numbers: Sequence[int]
    rows: list[list[str]]
    faults: list[Fault] = field(default_factory=list)
    blank: int = 0
    short: list[int] = field(default_factory=list)


def level(
    rows: list[list[str]], first: int, width: int, spanning: Container[int], faults: Mapping[int, list[Note]]
) -> Leveled:
    """Leave out blank rows, pad short ones, cut long ones. Rows are numbered from `first`, blank ones included.

    A row with a fault stays, blank or not: it must be told.
    """
    if not faults and _even(rows, width):
        return Leveled(range(first, first + len(rows)), rows)
    leveled = Leveled([], [])
    numbers: list[int] = []
    for number, row in enumerate(rows, first):
        if is_blank(row) and number not in faults:
            leveled.blank += 1
            continue
        place = len(numbers)
        numbers.append(number)
        leveled.faults.extend((place, -1, code, params) for code, params in faults.get(number, ()))
        if len(row) != width:
            row = _fit(row, width, place, number in spanning, leveled)
            if len(row) < width:
                leveled.short.append(number)
                row += [""] * (width - len(row))
        leveled.rows.append(row)
    leveled.numbers = numbers
    return leveled


def is_blank(row: Sequence[str]) -> bool:
    """No cell holds anything but blanks. The lone end-of-file sign of DOS counts as blank."""
    return not row or (not row[0].strip() and not "".join(row).strip()) or row == DOS_END_OF_FILE


def filled_width(row: Sequence[str]) -> int:
    """Cells up to the last that holds anything but blanks."""
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def encode(
    number: int, leveled: Leveled, cell_limit: int, encoding: str
) -> tuple[bytes, list[Sequence[str]], list[list[int]]]:
    """The slice's bytes, its columns and the lengths of their cells. Raises Unreadable("undecodable")."""
    columns: list[Sequence[str]] = list(zip(*leveled.rows, strict=True))
    lengths = [list(map(len, column)) for column in columns]
    for place, sizes in enumerate(lengths):
        if max(sizes) > cell_limit:
            columns[place] = _cut_cells(columns[place], place, cell_limit, leveled.faults)
            lengths[place] = [min(size, cell_limit) for size in sizes]
    payload = _dump(number, leveled, columns)
    if payload is None or any(escape in payload for escape in ESCAPES):
        columns = [_storable(column, place, leveled, encoding) for place, column in enumerate(columns)]
        payload = _dump(number, leveled, columns)
    if payload is None:
        raise TypeError("cells that were made storable are not")
    return payload, columns, lengths


def replace_unstorable(text: str) -> str:
    """Control characters and lone surrogates become the replacement character; tab and line ends stay."""
    return UNSTORABLE.sub(REPLACEMENT, text)


def _even(rows: list[list[str]], width: int) -> bool:
    if set(map(len, rows)) != {width}:
        return False
    return not any(not row[0].strip() and is_blank(row) for row in rows)


def _fit(row: list[str], width: int, place: int, spanning: bool, leveled: Leveled) -> list[str]:
    found = len(row)
    while found > width and not row[found - 1].strip():
        found -= 1
    expected = {"found": str(found), "expected": str(width)}
    if found > width:
        leveled.faults.append((place, -1, "too_many_cells", expected))
    elif len(row) < width and spanning:
        # A quote that was meant as an inch sign and closed rows later looks just like this.
        leveled.faults.append((place, -1, "short_after_line_break", expected))
    return row[:width]


def _cut_cells(cells: Sequence[str], column: int, limit: int, faults: list[Fault]) -> list[str]:
    cut = list(cells)
    for place, cell in enumerate(cells):
        if len(cell) > limit:
            cut[place] = cell[:limit]
            faults.append((place, column, "cell_too_long", {"length": str(len(cell)), "limit": str(limit)}))
    return cut


def _dump(number: int, leveled: Leveled, columns: list[Sequence[str]]) -> bytes | None:
    """None when a cell holds a lone surrogate."""
    faults = sorted(leveled.faults, key=lambda fault: fault[:2])
    try:
        return TableSlice(number, list(leveled.numbers), columns, faults).to_bytes()  # type: ignore[arg-type]
    except orjson.JSONEncodeError:
        return None


def _storable(cells: Sequence[str], column: int, leveled: Leveled, encoding: str) -> Sequence[str]:
    if not UNSTORABLE.search("".join(cells)):
        return cells
    storable = list(cells)
    for place, cell in enumerate(cells):
        found = UNSTORABLE.search(cell)
        if found is None:
            continue
        if UNDECODABLE in cell:
            raise Unreadable("undecodable", row=leveled.numbers[place], column=column + 1, encoding=encoding)
        storable[place] = replace_unstorable(cell)
        leveled.faults.append((place, column, "control_character", {"name": _sign_name(found[0])}))
    return storable


def _sign_name(sign: str) -> str:
    if sign >= "\ud800":
        return "half a surrogate pair"
    return "NUL" if sign == "\0" else f"U+{ord(sign):04X}"
