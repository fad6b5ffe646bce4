"""Functional updates and what becomes of wrong cells. Source: "Database fields functional update"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson

from imports.mapping import ColumnTarget, Kind, Problem, TargetField
from imports.validation.cells import clean_cell
from imports.validation.text import UNSET, Refused


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
    values: list[Any], refused: Sequence[Problem], target: ColumnTarget, field: TargetField
) -> Sequence[Problem]:
    """The problems that stay. The others' values, which are None, are left so or set, as the column's choice says."""
    if target.on_bad == "refuse" or not refused:
        return refused
    if target.substitute is not None:
        try:
            value = clean_cell(target.substitute, target, field)
        except Refused:
            return refused
        for problem in refused:
            values[problem.index] = value
    return []


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
