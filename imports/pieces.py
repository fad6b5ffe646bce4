"""JSON of whole columns, woven into rows by a few calls for the column and one for all rows, instead of one each.

A strand is what stands at one place of every row: one text for each row, or a single one for all. Its texts hold UTF-8
as Latin-1, a character for each byte: Python joins such texts three times as fast as bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson

Strand = str | Sequence[str]

HEAD: Final = 500  # values that tell whether a column's values repeat
_TEXTS: Final = {str, type(None)}


def wire(value: Any) -> str:
    """The JSON of a value, a character for each byte."""
    return orjson.dumps(value).decode("latin-1")


def around(column: Sequence[Any], before: str, after: str = "") -> list[Strand]:
    """`before` + the value's JSON + `after` for each value, nothing for None."""
    if (different := few_texts(column)) is not None:
        pieces = {value: "" if value is None else before + wire(value) + after for value in different}
        return [list(map(pieces.__getitem__, column))]
    gone = places_of_none(column)
    if len(gone) == len(column):
        return []
    if not gone:
        start, values, end = _json(column)
        return [before + start, values, end + after]
    start, values, end = _json(_filled(column, gone))
    parts = [before + start] * len(column), values, [end + after] * len(column)
    return [_with("", part, gone) for part in parts]


def woven(strands: Iterable[Strand], rows: int) -> str:
    """The strands of each row one after the other, and all rows one after the other."""
    merged: list[Strand] = []
    for strand in strands:
        if isinstance(strand, str) and merged and isinstance(merged[-1], str):
            merged[-1] += strand
        else:
            merged.append(strand)
    flat = [strand if isinstance(strand, str) else "" for strand in merged] * rows
    for place, strand in enumerate(merged):
        if not isinstance(strand, str):
            flat[place :: len(merged)] = strand
    return "".join(flat)


def in_rows(strands: Iterable[Strand], rows: int) -> list[str]:
    """The strands of each row as one text."""
    return woven([*strands, "\n"], rows).split("\n")[:-1]  # JSON holds no raw line break


def places_of_none(column: Sequence[Any]) -> list[int]:
    return [] if all(column) else [place for place, value in enumerate(column) if value is None]


def few_texts(column: Sequence[Any]) -> set[Any] | None:
    """The different values of a column of texts (and None) in which they repeat; None for any other column."""
    head = column[:HEAD]
    try:
        if len(set(head)) * 2 >= len(head):
            return None
        different = set(column)
    except TypeError:  # lists and objects
        return None
    # Only texts: True equals 1, and 0.0 equals -0.0, but their JSON differs.
    return different if set(map(type, different)) <= _TEXTS else None


def _filled(column: Sequence[Any], gone: Sequence[int]) -> list[Any]:
    """The column with something small of its own kind for each None, so that it is of one kind."""
    fill: dict[type, Any] = {str: "", list: [""]}
    kind = type(next(value for value in column if value is not None))
    return _with(fill.get(kind), column, gone)


def _with(value: Any, column: Sequence[Any], places: Sequence[int]) -> list[Any]:
    """The column with this value at these places."""
    changed = list(column)
    for place in places:
        changed[place] = value
    return changed


def _json(column: Sequence[Any]) -> tuple[str, Sequence[str], str]:
    """What begins the JSON of every value, the rest of each one's, what ends it."""
    if _is_plain(column):
        return '"', column, '"'
    if set(map(type, column)) == {list} and set(map(len, column)) == {1}:
        firsts = [value for (value,) in column]
        if _is_plain(firsts):
            return '["', firsts, '"]'
    return "", _numbers(column) or _lines(column) or list(map(wire, column)), ""


def _is_plain(column: Sequence[Any]) -> bool:
    """Whether these are texts whose JSON is they themselves in quotes, of one byte a character."""
    try:
        whole = "".join(column)
    except TypeError:
        return False
    return whole.isascii() and len(orjson.dumps(whole)) == len(whole) + 2


def _numbers(column: Sequence[Any]) -> list[str] | None:
    """The JSON of each value where that of none holds a comma."""
    if isinstance(column[0], (str, list, dict)):
        return None
    text = orjson.dumps(column).decode("latin-1")[1:-1]
    return None if any(mark in text for mark in '"[{') else text.split(",")


def _lines(column: Sequence[Any]) -> list[str] | None:
    """The JSON of each value as a line of its own; None when some value takes more than one line."""
    text = orjson.dumps(column, option=orjson.OPT_INDENT_2)
    lines = text[4:-2].replace(b",\n    ", b",").replace(b"[\n    ", b"[").replace(b"\n  ]", b"]")
    # A filled object has line breaks of its own left, and so has whatever lies deeper.
    found = lines.replace(b",\n  ", b"\n").decode("latin-1").split("\n")
    return found if len(found) == len(column) else None
