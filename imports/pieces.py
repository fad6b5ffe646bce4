"""JSON of whole columns: one piece of text for each row, by a few calls for the column instead of one for each cell."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any, Final

import orjson

HEAD: Final = 500  # values that tell whether a column's values repeat
_TEXTS: Final = {str, type(None)}


def around(column: Sequence[Any], before: bytes, after: bytes = b"") -> list[bytes]:
    """`before` + the value's JSON + `after` for each value, b"" for None. Neither may hold a line break."""
    if (different := few_texts(column)) is not None:
        pieces = {value: b"" if value is None else before + orjson.dumps(value) + after for value in different}
        return list(map(pieces.__getitem__, column))
    lines = _lines(column)
    if lines is None:
        dumps = orjson.dumps
        return [b"" if value is None else before + dumps(value) + after for value in column]
    # JSON holds no raw line break, so each one is the end of a value, and what surrounds it can be put around all.
    text = before + lines.replace(b"\n", after + b"\n" + before) + after + b"\n"
    if b"null" in text:
        text = text.replace(before + b"null" + after + b"\n", b"\n")
    return text.split(b"\n")[:-1]


def in_rows(columns: Sequence[Sequence[bytes]], start: bytes, end: bytes) -> list[bytes]:
    """The pieces of each row, each of which begins with a comma, joined and put between `start` and `end`."""
    first, *others = columns
    if not all(first):
        return [start + b"".join(row)[1:] + end for row in zip(*columns, strict=True)]
    begun = [start + piece[1:] for piece in first]
    return list(map(b"".join, zip(begun, *others, repeat(end, len(begun)), strict=True)))


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


def _lines(column: Sequence[Any]) -> bytes | None:
    """The JSON of each value in a line of its own; None when some value takes more than one line."""
    text = orjson.dumps(column, option=orjson.OPT_INDENT_2)
    lines = text[4:-2].replace(b",\n    ", b",").replace(b"[\n    ", b"[").replace(b"\n  ]", b"]")
    lines = lines.replace(b",\n  ", b"\n")
    # A filled object has line breaks of its own left, and so has whatever lies deeper.
    return lines if column and lines.count(b"\n") == len(column) - 1 else None
