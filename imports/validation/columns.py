"""Whole columns, fast. Each quick way accepts a part of what `clean_cell` accepts, and must give the same value."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

from imports.mapping import ColumnTarget, Kind, Problem, TargetField
from imports.validation.cells import clean_cell, empty_value
from imports.validation.dates import quick_dates
from imports.validation.emails import quick_emails
from imports.validation.phones import quick_phones
from imports.validation.plain import SHEET_ERRORS, is_shortened
from imports.validation.text import Refused, trim_column

HEAD: Final = 500  # values that tell whether a column's values repeat

Why = tuple[str, dict[str, str]]
Quick = Callable[[list[str], ColumnTarget, TargetField], list[Any]]

_WHOLE = r"-?[0-9]{1,18}+"
_BROKEN = r"-?[0-9]{1,15}+(?:\.[0-9]{1,15}+|,(?:[0-9]{1,2}(?![0-9])|[0-9]{4,15}+))?+"
_INTEGER, _INTEGERS = (re.compile(one).fullmatch for one in (_WHOLE, rf"{_WHOLE}(?:\n{_WHOLE})*+"))
_FLOAT, _FLOATS = (re.compile(one).fullmatch for one in (_BROKEN, rf"{_BROKEN}(?:\n{_BROKEN})*+"))


def clean_column(cells: Sequence[str], target: ColumnTarget, field: TargetField) -> tuple[list[Any], list[Problem]]:
    """Return one value per cell, as `clean_cell` would, and a Problem for each refused one (its value is None).

    Equal cells share one value: it must not be changed in place.
    """
    if not values_repeat(cells):
        values, refused = _cleaned(cells, target, field)
        return values, [Problem(index, target.column, *why) for index, why in refused.items()]
    different = list(set(cells))
    values, refused = _cleaned(different, target, field)
    known = dict(zip(different, values, strict=True))
    if not refused:
        return list(map(known.__getitem__, cells)), []
    wrong = {different[place]: why for place, why in refused.items()}
    problems = [Problem(index, target.column, *wrong[cell]) for index, cell in enumerate(cells) if cell in wrong]
    return [known[cell] for cell in cells], problems


def values_repeat(column: Sequence[Hashable]) -> bool:
    """Whether a look at its head says that it pays to treat each different value of a column once."""
    head = column[:HEAD]
    return len(set(head)) * 2 < len(head)


def _cleaned(cells: Sequence[str], target: ColumnTarget, field: TargetField) -> tuple[list[Any], dict[int, Why]]:
    """One value a cell, and by index why some were refused. What the quick way left open the plain one decides."""
    if not cells:
        return [], {}
    texts = trim_column(cells)
    values = _QUICK.get(field.kind, _none)(texts, target, field)
    nothing = empty_value(target, field)
    refused: dict[int, Why] = {}
    if None not in values:
        return values, refused
    for index, value in enumerate(values):
        if value is None:
            try:
                values[index] = clean_cell(texts[index], target, field) if texts[index] else nothing
            except Refused as refusal:
                # Not the exception itself: its traceback holds this frame, and with it the whole column.
                refused[index] = refusal.code, refusal.params
    return values, refused


def _emails(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return quick_emails(texts)


def _phones(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return quick_phones(texts, target.region)


def _lines(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    if target.nested or not SHEET_ERRORS.isdisjoint(texts) or not _all_whole(texts):
        return [None] * len(texts)
    # A plus sign is rare in lines, and every shortened number has one.
    return [None if not text or ("+" in text and is_shortened(text)) else text for text in texts]


def _all_whole(texts: list[str]) -> bool:
    joined = "".join(texts)
    try:
        return joined.isascii() or bool(joined.encode())
    except UnicodeEncodeError:
        return False


def _all_match(pattern: Callable[[str], object], texts: list[str]) -> bool:
    """Whether a pattern of lines takes the column as a whole: one match instead of one for each cell."""
    joined = "\n".join(texts)
    return joined.count("\n") == len(texts) - 1 and pattern(joined) is not None


def _integers(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    if _all_match(_INTEGERS, texts):
        return list(map(int, texts))
    return [int(text) if _INTEGER(text) else None for text in texts]


def _floats(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    if target.decimal:  # a sign may group thousands then
        return [float(text) if _INTEGER(text) else None for text in texts]
    if _all_match(_FLOATS, texts):
        return list(map(float, "\n".join(texts).replace(",", ".").split("\n")))
    return [float(text.replace(",", ".")) if _FLOAT(text) else None for text in texts]


def _dates(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return quick_dates(texts, target.date_order)


def _none(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    """For kinds without a quick way."""
    return [None] * len(texts)


_QUICK: dict[Kind, Quick] = {
    Kind.EMAIL: _emails,
    Kind.PHONES: _phones,
    Kind.LINE: _lines,
    Kind.INTEGER: _integers,
    Kind.FLOAT: _floats,
    Kind.DATE: _dates,
}
