"""Marks of contacts: 32 bits for each cell of some columns, by which a search knows where to look at all.

A mark only says where a text may be; whoever finds one looks at the cell itself. Letter case does not matter, nor the
punctuation of a phone; 8 and +7 begin the same Russian number.
"""

import struct
from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from zlib import crc32

from imports.byteorder import little_endian

SHORTEST_PHONE = 5  # digits; what has fewer is compared as it is written
SIGNIFICANT = 10  # last digits of a phone that tell it from others
_TAIL = slice(-SIGNIFICANT, None)
_HEAD = struct.Struct("<III")  # columns, rows, marks of further values
_WIDTH = 4
_DRESS = {ord(character): None for character in " ()-+.\u00a0\u2010\u2011\u2012\u2013"}


def form_of(text: str) -> str:
    """What two spellings of one value have in common: significant digits of what looks like a phone, else the text
    without letter case and outer blanks."""
    return digits_of(text) or text.strip().casefold()


def digits_of(text: str) -> str:
    """Significant digits of what looks like a phone; "" for anything else."""
    if any(character.isalpha() or character == "@" for character in text):
        return ""
    digits = "".join(character for character in text if character.isdecimal())
    return digits[-SIGNIFICANT:] if len(digits) >= SHORTEST_PHONE else ""


def forms_of(cells: Sequence[str]) -> list[str]:
    """The form of each cell; several times faster for a column of addresses or of phones than cell by cell."""
    joined = "\n".join(cells)
    if joined.count("\n") != max(0, len(cells) - 1):
        return list(map(form_of, cells))
    if not cells:
        return []
    if "@" in joined:
        folded = zip(joined.casefold().split("\n"), cells, strict=True)
        return [quick.strip() if "@" in quick else form_of(cell) if cell else "" for quick, cell in folded]
    bare = zip(joined.translate(_DRESS).split("\n"), cells, strict=True)
    shortest, tail = SHORTEST_PHONE, _TAIL
    return [
        quick[tail] if len(quick) >= shortest and quick.isdecimal() else form_of(cell) if cell else ""
        for quick, cell in bare
    ]


def marks_of(texts: Sequence[str]) -> "array[int]":
    """A mark for each text; 0 for an empty one."""
    return _marks(forms_of(texts))


def _marks(forms: Sequence[str]) -> "array[int]":
    marks = list(map(crc32, map(str.encode, forms)))  # of nothing it is 0, of a text once in 4 billion
    if marks.count(0) > forms.count(""):
        marks = [mark or 1 if form else 0 for mark, form in zip(marks, forms, strict=True)]
    return array("I", marks)


def join_marks(
    columns: Sequence[Sequence[str]],
    further: Iterable[tuple[int, str]],
    beside: Sequence[Sequence[str]] = (),
    phones: Sequence[Sequence[str]] = (),
) -> bytes:
    """The marks of columns of cells, and of texts that stand for a row without being in a cell of it: `further` as
    (row, text), `beside` in columns, "" for none, and so `phones`, each +E.164. What a cell of its row says already is
    left out."""
    forms = [forms_of(cells) for cells in columns]
    found = [_marks(one) for one in forms]
    left = list(further)
    for column in beside:
        left += [(row, column[row]) for row in _unsaid(column, columns)]
    for column in phones:
        left += [(row, column[row]) for row in _unsaid([phone[_TAIL] for phone in column], forms)]
    marks, rows = marks_of([text for _, text in left]), [row for row, _ in left]
    new = [
        (mark, row) for mark, row in zip(marks, rows, strict=True) if mark and all(one[row] != mark for one in found)
    ]
    tail = array("I", [mark for mark, _ in new]), array("I", [row for _, row in new])
    head = _HEAD.pack(len(found), len(found[0]) if found else 0, len(new))
    return head + b"".join(little_endian(part).tobytes() for part in (*found, *tail))


def _unsaid(column: Sequence[str], others: Sequence[Sequence[str]]) -> list[int]:
    """The rows whose text stands in none of the other columns. The one that has the first has nearly all."""
    rows = list(compress(range(len(column)), column))
    for other in sorted(others, key=lambda one: one[rows[0]] != column[rows[0]]) if rows else ():
        rows = [row for row in rows if column[row] != other[row]]
    return rows


def places_of(stored: bytes, text: str) -> list[int]:
    """The rows, in order, whose marks say that they may hold the text. Raises ValueError for what is no marks."""
    if len(stored) < _HEAD.size:
        raise ValueError("marks are cut short")
    columns, rows, further = _HEAD.unpack_from(stored)
    if len(stored) != _HEAD.size + _WIDTH * (columns * rows + 2 * further):
        raise ValueError("these are no marks")
    end = _HEAD.size + _WIDTH * (columns * rows + further)
    owners = array("I")
    owners.frombytes(stored[end:])
    owners, cells = little_endian(owners), columns * rows
    mark = marks_of([text])[0].to_bytes(_WIDTH, "little")
    return sorted({place % rows if place < cells else owners[place - cells] for place in _places(stored, mark, end)})


def without_rows(stored: bytes, rows: Iterable[int]) -> bytes:
    """The same without any mark of these rows. Raises ValueError for what is no marks."""
    if len(stored) < _HEAD.size:
        raise ValueError("marks are cut short")
    columns, count, further = _HEAD.unpack_from(stored)
    if len(stored) != _HEAD.size + _WIDTH * (columns * count + 2 * further):
        raise ValueError("these are no marks")
    gone, numbers = set(rows), array("I")
    numbers.frombytes(stored[_HEAD.size :])
    numbers = little_endian(numbers)
    for row in gone:
        for column in range(columns):
            numbers[column * count + row] = 0
    cells = columns * count
    for place in range(further):
        if numbers[cells + further + place] in gone:
            numbers[cells + place] = 0
    return stored[: _HEAD.size] + little_endian(numbers).tobytes()


def _places(stored: bytes, mark: bytes, end: int) -> Iterator[int]:
    at = stored.find(mark, _HEAD.size, end)
    while at >= 0:
        place, aside = divmod(at - _HEAD.size, _WIDTH)
        if not aside:
            yield place
        at = stored.find(mark, at + _WIDTH - aside, end)
