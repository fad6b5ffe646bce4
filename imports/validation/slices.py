"""A slice of a table: clean values by field, and the problems of its cells and rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from imports.mapping import (
    ColumnMapping,
    ColumnTarget,
    Kind,
    Problem,
    RuleValues,
    SubscriptionRule,
    TargetField,
    match_channels,
    match_key_fields,
)
from imports.reading.evidence import date_evidence
from imports.validation.changes import Change, skipped_subscriptions
from imports.validation.columns import clean_column
from imports.validation.functions import as_function, asked_field, mended
from imports.validation.keys import match_keys
from imports.validation.subscriptions import RuleFields, Table, clean_subscriptions
from imports.validation.text import UNSET


@dataclass
class Cleaned:
    """Per field one value a row (None: the field is left out of the profile), and the problems in order of rows.

    `subscribed` holds what each subscription rule takes from the rows, in the order of the rules; `changes` are the
    wrong cells that do not keep their rows from being sent; `keys` are what `match_keys` gives for the matching.
    """

    values: dict[str, list[Any]]
    problems: list[Problem]
    subscribed: list[RuleValues] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Subscribing:
    """The subscription rules of an import, the types of their fields as far as known, the country of phones, and the
    channels of the resources people of the database can be subscribed to (None: not known)."""

    rules: Sequence[SubscriptionRule] = ()
    fields: RuleFields = field(default_factory=dict)
    region: str = ""
    channels: Mapping[int, Sequence[str]] | None = None


def clean_slice(
    columns: Sequence[Sequence[str]],
    mapping: ColumnMapping,
    fields: Mapping[str, TargetField],
    *,
    matching: str,
    match_field: str,
    subscribing: Subscribing | None = None,
) -> Cleaned:
    """Clean all rows of a slice. Rows with a problem must not be sent; their other values are still given.

    A row whose every key field is empty has the problem "key_missing" (fields) at column -1. Give date columns their
    `date_order` from `date_evidence` of the whole file: left open, it is decided from this slice alone, and dates that
    stay ambiguous are refused. Raises KeyError or IndexError for a mapping that does not fit fields and columns.
    """
    merged, problems, changes = _clean_columns(columns, mapping, fields)
    asked = subscribing or Subscribing()
    table = Table(columns, merged, len(columns[0]) if columns else 0, asked.region)
    subscribed, refused = clean_subscriptions(asked.rules, table, asked.fields)
    problems += refused
    problems += _given_problems(merged, mapping, asked.channels)
    keys = match_keys(merged, matching, match_field, asked.rules, subscribed)
    problems += _missing_keys(
        keys, problems, _key_columns(mapping, asked.rules, matching, match_field), matching, match_field
    )
    for target in {target.field: target for target in mapping.targets if target.action}.values():
        merged[target.field] = as_function(merged[target.field], target, fields[target.field])
    changes += skipped_subscriptions(subscribed)
    in_order = sorted(problems, key=lambda problem: (problem.index, problem.column))
    return Cleaned(merged, in_order, subscribed, changes, keys)


def _given_problems(
    values: Mapping[str, Sequence[Any]], mapping: ColumnMapping, channels: Mapping[int, Sequence[str]] | None
) -> list[Problem]:
    """Subscriptions rows bring along to resources the account does not have, or by channels those lack."""
    column = next((target.column for target in mapping.targets if target.field == "subscriptions"), -1)
    if channels is None or column < 0:
        return []
    found = []
    for index, given in enumerate(values["subscriptions"]):
        for one in given or ():
            told = {"resource": str(one["resource_id"]), "channel": one["channel"]}
            offered = channels.get(one["resource_id"])
            if offered is None or (offered and one["channel"] not in offered):
                code = "given_resource_unknown" if offered is None else "given_channel_lacking"
                found.append(Problem(index, column, code, told))
    return found


def _clean_columns(
    columns: Sequence[Sequence[str]], mapping: ColumnMapping, fields: Mapping[str, TargetField]
) -> tuple[dict[str, list[Any]], list[Problem], list[Change]]:
    parts: dict[str, list[list[Any]]] = defaultdict(list)
    problems: list[Problem] = []
    changes: list[Change] = []
    for target in mapping.targets:
        cells, asked = columns[target.column], asked_field(target, fields[target.field])
        ready = with_order(target, asked, cells)
        values, refused = clean_column(cells, ready, asked)
        parts[target.field].append(values)
        stayed, done = mended(cells, values, refused, ready, asked)
        problems += stayed
        changes += done
    return {name: _merged(lists) for name, lists in parts.items()}, problems, changes


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


def _key_columns(
    mapping: ColumnMapping, rules: Sequence[SubscriptionRule], matching: str, match_field: str
) -> set[int]:
    """Columns whose cells are the key: a refused cell there is one problem, not two."""
    names, channels = match_key_fields(matching, match_field), match_channels(matching)
    found = {target.column for target in mapping.targets if target.field in names}
    if channels or matching == "custom_sub":
        found.update(target.column for target in mapping.targets if target.field == "subscriptions")
    for rule in rules:
        if rule.channel in channels or matching == "custom_sub":
            found.update(rule.columns())
    return found


def _missing_keys(
    keys: Sequence[str | None], problems: Sequence[Problem], key_columns: set[int], matching: str, match_field: str
) -> list[Problem]:
    """Report rows without a key, except where the key was given but refused: one cell, one problem."""
    if not matching:
        return []
    names = match_key_fields(matching, match_field) or (match_field or "subscription_id",)
    refused = {problem.index for problem in problems if problem.column in key_columns}
    params = {"fields": ", ".join(names)}
    return [
        Problem(index, -1, "key_missing", params)
        for index, key in enumerate(keys)
        if key is None and index not in refused
    ]
