"""What subscription rules take from the rows of a slice: contacts and fields, cleaned by their kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imports.mapping import (
    ColumnTarget,
    Kind,
    Problem,
    RuleValues,
    SubscriptionRule,
    TargetField,
    column_of,
    own_contacts,
)
from imports.validation.cells import clean_cell
from imports.validation.columns import clean_column

RuleFields = Mapping[tuple[int, str], Mapping[str, TargetField]]
"""{(resource, channel): {name: field}} of subscription fields whose types are known (resources/fields_get)."""


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a slice beside what its mapped columns were cleaned to."""

    columns: Sequence[Sequence[str]]
    values: Mapping[str, Sequence[Any]]
    rows: int
    region: str = ""


def clean_subscriptions(
    rules: Sequence[SubscriptionRule], table: Table, fields: RuleFields
) -> tuple[list[RuleValues], list[Problem]]:
    """Return what each rule takes, and the problems of the rows.

    A row without the contact has no such subscription. A wrong contact or field is a problem of the row, or leaves the
    subscription out when the rule's `on_bad` is "skip".
    """
    taken: list[RuleValues] = []
    problems: list[Problem] = []
    for rule in rules:
        found, refused = _clean_rule(rule, table, fields.get((rule.resource_id, rule.channel), {}))
        if rule.on_bad == "skip":
            found.skipped = refused
            for problem in refused:
                found.contacts[problem.index] = None
        else:
            problems += refused
        taken.append(found)
    return taken, problems


def fixed_fields(rule: SubscriptionRule, known: Mapping[str, TargetField]) -> dict[str, Any]:
    """The custom fields that are alike for all rows, with their types. Raises Refused for a text of the wrong type."""
    fixed = {name: text for name, text in rule.custom_fields if column_of(text) is None}
    return {name: clean_cell(text, *_target(name, -1, known, "")) for name, text in fixed.items()}


def _clean_rule(
    rule: SubscriptionRule, table: Table, known: Mapping[str, TargetField]
) -> tuple[RuleValues, list[Problem]]:
    contacts, problems = _contacts(rule, table)
    taken = RuleValues(contacts, fixed=fixed_fields(rule, known))
    wrong: list[Problem] = []
    if rule.provider:
        taken.providers, wrong = _providers(rule, table)
    for name, choice in rule.custom_fields:
        if (column := column_of(choice)) is not None:
            target, field = _target(name, column, known, table.region)
            taken.custom[name], refused = clean_column(table.columns[column], target, field)
            wrong += refused
    problems += [problem for problem in wrong if contacts[problem.index] is not None]
    return taken, problems


def _contacts(rule: SubscriptionRule, table: Table) -> tuple[list[Any], list[Problem]]:
    column = column_of(rule.contact)
    if column is None:
        return own_contacts(rule, table.values, table.rows), []
    field = TargetField(rule.channel, rule.contact_kind, rule.channel)
    cells, target = table.columns[column], ColumnTarget(column, "", rule.channel, region=table.region)
    values, problems = clean_column(cells, target, field)
    if rule.contact_kind is Kind.PHONES:
        values = [value[0] if value else None for value in values]
    return values, problems


def _providers(rule: SubscriptionRule, table: Table) -> tuple[list[Any], list[Problem]]:
    column = column_of(rule.provider)
    if column is None:
        return [rule.provider] * table.rows, []
    target = ColumnTarget(column, "", "provider")
    values, problems = clean_column(table.columns[column], target, TargetField("provider", Kind.LINE, "provider"))
    refused = {problem.index for problem in problems}
    missing = [index for index, value in enumerate(values) if value is None and index not in refused]
    return values, problems + [Problem(index, column, "provider_empty", {}) for index in missing]


def _target(name: str, column: int, known: Mapping[str, TargetField], region: str) -> tuple[ColumnTarget, TargetField]:
    field = known.get(name) or TargetField(name, Kind.LINE, name)
    return ColumnTarget(column, "", name, region=region), field
