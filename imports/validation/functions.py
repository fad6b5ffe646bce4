"""Functional updates and what becomes of wrong cells. Source: "Database fields functional update"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson

from imports.mapping import ColumnTarget, Kind, Problem, TargetField
from imports.validation.cells import clean_cell
from imports.validation.changes import EMPTIED, REPLACED, Change
from imports.validation.text import TRIMMED, UNSET, Refused


def asked_field(target: ColumnTarget, field: TargetField) -> TargetField:
    """The field as its cells are to be read: what is deleted from a list of objects is named by texts, and a property
    of an object is a text unless it is written as JSON."""
    if target.action == "delete" and field.kind is Kind.OBJECTS:
        return replace(field, kind=Kind.TAGS)
    if target.action == "upsert":
        return replace(field, kind=Kind.LINE)
    return field


def as_function(values: Sequence[Any], target: ColumnTarget, field: TargetField) -> list[Any]:
    """Clean values as the function calls to send; None and UNSET stay what they are."""
    call: dict[str, Any] = {"action": target.action}
    last = {"submatch": target.submatch} if field.kind in (Kind.OBJECT, Kind.OBJECTS) else {}
    read = _property if target.action == "upsert" else _same
    return [value if value is None or value == UNSET else {**call, "value": read(value), **last} for value in values]


def mended(
    cells: Sequence[str], values: list[Any], refused: Sequence[Problem], target: ColumnTarget, field: TargetField
) -> tuple[Sequence[Problem], list[Change]]:
    """The problems that stay, and what is done about the others.

    Their values, which are None, are left so or set: as the choice for the word says where there is one, else as the
    column's. A substitute the field does not take mends nothing.
    """
    if not refused or (target.on_bad == "refuse" and not target.values):
        return refused, []
    chosen = {leveled(word): choice for word, choice in target.values}
    instead = dict(_accepted(target, field))
    stayed, changes = [], []
    for problem in refused:
        choice = chosen.get(leveled(cells[problem.index]), target.on_bad) if chosen else target.on_bad
        if choice not in instead:
            stayed.append(problem)
            continue
        values[problem.index] = instead[choice]
        done = EMPTIED if instead[choice] is None else REPLACED
        changes.append(Change(problem.index, done, problem.code, problem.column))
    return stayed, changes


def leveled(word: str) -> str:
    """A word as translations are told apart: without what surrounds it, in small letters."""
    return word.strip(TRIMMED).casefold()


def _accepted(target: ColumnTarget, field: TargetField) -> Iterator[tuple[str, Any]]:
    """What each choice but "refuse" sends in place of a wrong value."""
    yield "empty", None
    for choice, text in target.substitutes.items():
        with suppress(Refused):
            yield choice, clean_cell(text, target, field)


def _same(value: Any) -> Any:
    return value


def _property(text: str) -> Any:
    """An object or a list where the cell is JSON of one, else the text: a code of digits stays a code."""
    if text[:1] not in "{[":
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        return text
