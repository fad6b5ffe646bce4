"""A slice of a table: clean values by field, and the problems of its cells and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from imports.mapping import ColumnMapping, ColumnTarget, Kind, Problem, TargetField, match_key_fields
from imports.validation.columns import clean_column
from imports.validation.evidence import date_evidence
from imports.validation.keys import match_keys
from imports.validation.text import UNSET


@dataclass
class Cleaned:
    """Per field one value a row (None: the field is left out of the profile), and the problems in order of rows."""

    values: dict[str, list[Any]]
    problems: list[Problem]


def clean_slice(
    columns: Sequence[Sequence[str]],
    mapping: ColumnMapping,
    fields: Mapping[str, TargetField],
    *,
    matching: str,
    match_field: str,
) -> Cleaned:
    """Clean all rows of a slice. Rows with a problem must not be sent; their other values are still given.

    A row whose every key field is empty has the problem "key_missing" (fields) at column -1. Give date columns their
    `date_order` from `date_evidence` of the whole file: left open, it is decided from this slice alone, and dates that
    stay ambiguous are refused. Raises KeyError or IndexError for a mapping that does not fit fields and columns.
    """
    parts: dict[str, list[list[Any]]] = defaultdict(list)
    problems: list[Problem] = []
    for target in mapping.targets:
        cells, field = columns[target.column], fields[target.field]
        values, refused = clean_column(cells, with_order(target, field, cells), field)
        parts[target.field].append(values)
        problems += refused
    merged = {name: _merged(lists) for name, lists in parts.items()}
    problems += _missing_keys(merged, problems, mapping, matching, match_field)
    return Cleaned(merged, sorted(problems, key=lambda problem: (problem.index, problem.column)))


def with_order(target: ColumnTarget, field: TargetField, cells: Sequence[str]) -> ColumnTarget:
    """Return the target with its date order decided from these cells, where that is open and they can tell."""
    if field.kind is not Kind.DATE or target.date_order:
        return target
    evidence = date_evidence(cells)
    return target if evidence.ambiguous else replace(target, date_order=evidence.order())


def _merged(lists: list[list[Any]]) -> list[Any]:
    return lists[0] if len(lists) == 1 else [merge_row(row) for row in zip(*lists, strict=True)]


def merge_row(row: Sequence[Any]) -> Any:
    """Join the lists several columns give to one field, without repeats; a list wins over clearing."""
    found = list(dict.fromkeys(item for value in row if isinstance(value, list) for item in value))
    return found or (UNSET if UNSET in row else None)


def _missing_keys(
    values: Mapping[str, list[Any]],
    problems: Sequence[Problem],
    mapping: ColumnMapping,
    matching: str,
    match_field: str,
) -> list[Problem]:
    """Report rows without a key, except where the key was given but refused: one cell, one problem."""
    names = match_key_fields(matching, match_field)
    if not names:
        return []
    key_columns = {target.column for target in mapping.targets if target.field in names}
    refused = {problem.index for problem in problems if problem.column in key_columns}
    keys = match_keys(values, matching, match_field)
    params = {"fields": ", ".join(names)}
    return [
        Problem(index, -1, "key_missing", params)
        for index, key in enumerate(keys)
        if key is None and index not in refused
    ]
