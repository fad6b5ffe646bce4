"""One row to its profile, the slow and obvious way: what the pipeline, which works in columns, must equal row by row.

Nothing of the product calls this. It is here to be read first, and to be compared with: tests/imports/test_reference.py
puts a hundred thousand mixed rows through both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from imports.mapping import (
    ColumnMapping,
    ColumnTarget,
    Kind,
    Problem,
    RuleValues,
    SubscriptionRule,
    TargetField,
    column_of,
    match_channels,
    match_key_fields,
)
from imports.profiles import build_profile
from imports.validation import (
    EMPTIED,
    REPLACED,
    UNSET,
    UNSUBSCRIBED,
    Change,
    Refused,
    Subscribing,
    clean_cell,
    merge_row,
)
from imports.validation.functions import as_function, asked_field, leveled
from imports.validation.given import contact_of

KEY_OF_CHANNEL = {"email": "email", "sms": "phones", "push": "subscription_id"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was chosen for an import. Date columns have their `date_order`: that is a matter of the whole file."""

    mapping: ColumnMapping
    fields: Mapping[str, TargetField]
    matching: str
    match_field: str = ""
    subscribing: Subscribing = field(default_factory=Subscribing)
    nested_email: bool = True
    wrapped: bool = False


@dataclass(slots=True)
class Judged:
    """What becomes of one row: the exact JSON text, "" where a problem keeps it from being sent; the key repeats are
    found by; what is wrong; what goes otherwise than the file has it. The index of problems and changes is 0."""

    text: bytes = b""
    key: str | None = None
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def judge_row(cells: Sequence[str], asked: Asked) -> Judged:
    """Clean the cells of one row, find its key, and write its profile when nothing is wrong with it."""
    row = Judged()
    values = _values(cells, asked, row)
    taken = [_taken(rule, cells, values, asked, row, place) for place, rule in enumerate(asked.subscribing.rules)]
    row.problems += _wrong_given(values, asked)
    row.key = _key(values, taken, asked)
    if row.key is None and asked.matching and not _key_was_refused(row, asked):
        row.problems.append(Problem(0, -1, "key_missing", {"fields": ", ".join(_key_names(asked))}))
    row.problems.sort(key=lambda problem: problem.column)
    if not row.problems:
        row.text = build_profile(
            _with_functions(values, asked),
            subscriptions=asked.subscribing.rules,
            nested_email=asked.nested_email,
            wrapped=asked.wrapped,
            subscribed=taken,
        )
    return row


# --- values of the profile ---


def _values(cells: Sequence[str], asked: Asked, row: Judged) -> dict[str, Any]:
    """One value a field; None leaves it out. Several columns of one field give one list."""
    parts: dict[str, list[Any]] = defaultdict(list)
    for target in asked.mapping.targets:
        parts[target.field].append(_value(cells[target.column], target, asked, row))
    return {name: found[0] if len(found) == 1 else merge_row(found) for name, found in parts.items()}


def _value(cell: str, target: ColumnTarget, asked: Asked, row: Judged) -> Any:
    kind = asked_field(target, asked.fields[target.field])
    try:
        return clean_cell(cell, target, kind)
    except Refused as refused:
        choice = _choice_for(cell, target)
        if choice == "empty":
            row.changes.append(Change(0, EMPTIED, refused.code, target.column))
            return None
        if choice.startswith("set:") and (instead := _substitute(choice[4:], target, kind)) is not None:
            row.changes.append(Change(0, REPLACED, refused.code, target.column))
            return instead
        row.problems.append(Problem(0, target.column, refused.code, refused.params))
        return None


def _choice_for(cell: str, target: ColumnTarget) -> str:
    """What a person chose for this wrong word, else for all wrong cells of the column."""
    return {leveled(word): choice for word, choice in target.values}.get(leveled(cell), target.on_bad)


def _substitute(text: str, target: ColumnTarget, kind: TargetField) -> Any:
    try:
        return clean_cell(text, target, kind)
    except Refused:
        return None


def _with_functions(values: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    """Values a column adds, deletes, counts up ... instead of setting them."""
    sent = dict(values)
    for target in asked.mapping.targets:
        if target.action:
            (sent[target.field],) = as_function([values[target.field]], target, asked.fields[target.field])
    return sent


# --- subscriptions ---


def _taken(
    rule: SubscriptionRule, cells: Sequence[str], values: Mapping[str, Any], asked: Asked, row: Judged, place: int
) -> RuleValues:
    """What a rule takes from the row; a contact of None gives no subscription."""
    wrong: list[Problem] = []
    contact = _contact(rule, cells, values, asked, wrong)
    beside: list[Problem] = []
    provider = _provider(rule, cells, beside)
    custom = dict(_custom(rule, cells, asked, beside))
    if contact is not None:
        wrong += beside
    if wrong and rule.on_bad == "skip":
        contact = None
        row.changes.append(Change(0, UNSUBSCRIBED, wrong[0].code, wrong[0].column, place))
    else:
        row.problems += wrong
    return RuleValues([contact], [provider] if rule.provider else [], {name: [one] for name, one in custom.items()})


def _contact(
    rule: SubscriptionRule, cells: Sequence[str], values: Mapping[str, Any], asked: Asked, wrong: list[Problem]
) -> Any:
    column = column_of(rule.contact)
    if column is None:
        own = values.get(rule.own_field)
        own = own[0] if isinstance(own, list) and own else own
        return own if isinstance(own, str) else None
    target = ColumnTarget(column, "", rule.channel, region=asked.subscribing.region)
    found = _cleaned(cells[column], target, TargetField(rule.channel, rule.contact_kind, rule.channel), wrong)
    return found[0] if rule.contact_kind is Kind.PHONES and found else found


def _provider(rule: SubscriptionRule, cells: Sequence[str], wrong: list[Problem]) -> Any:
    column = column_of(rule.provider)
    if column is None:
        return rule.provider
    before = len(wrong)
    found = _cleaned(
        cells[column], ColumnTarget(column, "", "provider"), TargetField("provider", Kind.LINE, "provider"), wrong
    )
    if found is None and len(wrong) == before:
        wrong.append(Problem(0, column, "provider_empty", {}))
    return found


def _custom(
    rule: SubscriptionRule, cells: Sequence[str], asked: Asked, wrong: list[Problem]
) -> Iterator[tuple[str, Any]]:
    known = asked.subscribing.fields.get((rule.resource_id, rule.channel), {})
    for name, choice in rule.custom_fields:
        column, kind = column_of(choice), known.get(name) or TargetField(name, Kind.LINE, name)
        if column is None:
            yield name, clean_cell(choice, ColumnTarget(-1, "", name), kind)
        else:
            target = ColumnTarget(column, "", name, region=asked.subscribing.region)
            yield name, _cleaned(cells[column], target, kind, wrong)


def _cleaned(cell: str, target: ColumnTarget, kind: TargetField, wrong: list[Problem]) -> Any:
    try:
        return clean_cell(cell, target, kind)
    except Refused as refused:
        wrong.append(Problem(0, target.column, refused.code, refused.params))
        return None


def _wrong_given(values: Mapping[str, Any], asked: Asked) -> Iterator[Problem]:
    """Subscriptions the row brings along that the account cannot have."""
    channels = asked.subscribing.channels
    column = next((target.column for target in asked.mapping.targets if target.field == "subscriptions"), -1)
    if channels is None:
        return
    for one in values.get("subscriptions") or ():
        told = {"resource": str(one["resource_id"]), "channel": one["channel"]}
        if one["resource_id"] not in channels:
            yield Problem(0, column, "given_resource_unknown", told)
        elif channels[one["resource_id"]] and one["channel"] not in channels[one["resource_id"]]:
            yield Problem(0, column, "given_channel_lacking", told)


# --- the key ---


def _key(values: Mapping[str, Any], taken: Sequence[RuleValues], asked: Asked) -> str | None:
    """The first thing the platform could find the profile by; a phone only where there is nothing else."""
    found = [(name, value) for name, value in _places(values, taken, asked) if value is not None and value != UNSET]
    for name, value in [one for one in found if one[0] != "phones"] + [one for one in found if one[0] == "phones"]:
        text = str(value[0] if isinstance(value, list) else value)
        return f"{name}:{text.casefold() if name == 'email' else text}"
    return None


def _places(values: Mapping[str, Any], taken: Sequence[RuleValues], asked: Asked) -> Iterator[tuple[str, Any]]:
    channels, by_own = match_channels(asked.matching), asked.matching == "custom_sub"
    given = values.get("subscriptions") or ()
    for rule, one in zip(asked.subscribing.rules, taken, strict=True):
        if rule.channel in channels:
            yield KEY_OF_CHANNEL[rule.channel], one.contacts[0]
        if by_own and asked.match_field in dict(rule.custom_fields):
            yield asked.match_field, one.custom[asked.match_field][0] if one.contacts[0] is not None else None
    for channel in channels:
        contacts = [contact_of(each, channel) for each in given]
        yield KEY_OF_CHANNEL[channel], next((contact for contact in contacts if contact is not None), None)
    if by_own:
        own = [each["custom_fields"] for each in given if asked.match_field in each.get("custom_fields", {})]
        yield asked.match_field, own[0][asked.match_field] if own else None
    for name in match_key_fields(asked.matching, asked.match_field):
        yield name, values.get(name)


def _key_names(asked: Asked) -> tuple[str, ...]:
    return match_key_fields(asked.matching, asked.match_field) or (asked.match_field or "subscription_id",)


def _key_was_refused(row: Judged, asked: Asked) -> bool:
    """Whether the key's own cell is wrong: that is one problem, not two."""
    names, channels = match_key_fields(asked.matching, asked.match_field), match_channels(asked.matching)
    by_subscription = bool(channels) or asked.matching == "custom_sub"
    columns = {target.column for target in asked.mapping.targets if target.field in names}
    if by_subscription:
        columns |= {target.column for target in asked.mapping.targets if target.field == "subscriptions"}
    for rule in asked.subscribing.rules:
        if rule.channel in channels or asked.matching == "custom_sub":
            columns |= set(rule.columns())
    return any(problem.column in columns for problem in row.problems)
