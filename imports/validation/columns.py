"""Whole columns, fast. Each quick way accepts a part of what `clean_cell` accepts, and must give the same value."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from imports.mapping import ColumnTarget, Kind, Problem, TargetField
from imports.validation.cells import clean_cell, empty_value
from imports.validation.emails import quick_emails
from imports.validation.phones import quick_phones
from imports.validation.plain import SHEET_ERRORS
from imports.validation.text import Refused, trim_column

Quick = Callable[[list[str], ColumnTarget, TargetField], list[Any]]

_INTEGER = re.compile(r"-?[0-9]{1,18}").fullmatch
_FLOAT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15}|,(?:[0-9]{1,2}|[0-9]{4,15}))?").fullmatch


def clean_column(cells: Sequence[str], target: ColumnTarget, field: TargetField) -> tuple[list[Any], list[Problem]]:
    """Return one value per cell, as `clean_cell` would, and a Problem for each refused one (its value is None)."""
    texts = trim_column(cells)
    values = _QUICK.get(field.kind, _by_distinct)(texts, target, field)
    nothing = empty_value(target, field)
    problems: list[Problem] = []
    for index, value in enumerate(values):
        if value is None:
            if not texts[index]:
                values[index] = nothing
                continue
            try:
                values[index] = clean_cell(texts[index], target, field)
            except Refused as refusal:
                problems.append(Problem(index, target.column, refusal.code, refusal.params))
    return values, problems


def _emails(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return quick_emails(texts)


def _phones(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return quick_phones(texts, target.region)


def _lines(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    if target.nested or any(text in SHEET_ERRORS for text in set(texts)) or not _all_whole(texts):
        return [None] * len(texts)
    return [text or None for text in texts]


def _all_whole(texts: list[str]) -> bool:
    joined = "".join(texts)
    try:
        return joined.isascii() or bool(joined.encode())
    except UnicodeEncodeError:
        return False


def _integers(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return [int(text) if _INTEGER(text) else None for text in texts]


def _floats(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    return [float(text.replace(",", ".")) if _FLOAT(text) else None for text in texts]


def _by_distinct(texts: list[str], target: ColumnTarget, field: TargetField) -> list[Any]:
    """Clean each different text once; worth it wherever values repeat, and no loss where they do not."""
    known = {text: _accepted(text, target, field) for text in set(texts)}
    return [known[text] for text in texts]


def _accepted(text: str, target: ColumnTarget, field: TargetField) -> Any:
    try:
        return clean_cell(text, target, field)
    except Refused:
        return None


_QUICK: dict[Kind, Quick] = {
    Kind.EMAIL: _emails,
    Kind.PHONES: _phones,
    Kind.LINE: _lines,
    Kind.INTEGER: _integers,
    Kind.FLOAT: _floats,
}
