"""Which column feeds which field, and what is wrong with such a choice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from imports.mapping.fields import KEY_KINDS, LIST_KINDS, Kind, TargetField, match_channels, match_key_fields
from imports.mapping.subscriptions import Fault, SubscriptionRule

DATE_ORDERS = ("", "dmy", "mdy", "ymd")
EMPTY_CHOICES = ("keep", "clear")
ON_BAD_CHOICES = ("refuse", "empty")
DECIMALS = ("", "comma", "dot")
TRANSLATED_KINDS = frozenset({Kind.ENUM, Kind.BOOLEAN, Kind.SEX})
"""Kinds with a closed set of values: a word that is none of them can be said to mean one."""
MOST_TRANSLATED = 100
LONGEST_TRANSLATED = 100
STATUS_CHOICES = ("refuse", "leave_out", "send")
SET = "set:"
ACTION_KINDS: dict[str, frozenset[Kind]] = {
    "incr": frozenset({Kind.INTEGER, Kind.FLOAT}),
    "add": frozenset({Kind.TAGS, Kind.OBJECTS}),
    "delete": frozenset({Kind.TAGS, Kind.OBJECTS}),
    "upsert": frozenset({Kind.OBJECT}),
}
"""Which kinds of fields an action may change. Source: "Database fields functional update" (table of actions)."""
_REGION = re.compile(r"(?:[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """One column (0-based) feeding one field.

    `date_order` "dmy" | "mdy" | "ymd" | "" (decided from the column), `region` the ISO country of phones written
    without a code ("" none), `empty` what an empty cell means: "keep" the stored value or "clear" it. `action` "" sets
    the value, "incr" | "add" | "delete" | "upsert" change what is stored; `submatch` is the property an upsert (and
    add and delete in a list of objects) is about. `on_bad` says what a wrong cell does: "refuse" the row, "empty" leave
    the field out, "set:VALUE" send that value. `statuses`, of a column of subscriptions, says what a status or a
    priority written there does: "refuse" the row, "leave_out" or "send" it. `nested`: some cells hold an object of a
    JSON file, told by the reading and never chosen. `values` are wrong words with a choice of their own, (word, the
    same as `on_bad`), case does not matter; `decimal` says which sign parts a number's fraction, "comma" | "dot" | ""
    (numbers that could be read in two ways are refused). Source: "Database fields functional update".
    """

    column: int
    header: str
    field: str
    date_order: str = ""
    region: str = ""
    empty: str = "keep"
    action: str = ""
    submatch: str = ""
    on_bad: str = "refuse"
    statuses: str = "refuse"
    nested: bool = False
    values: tuple[tuple[str, str], ...] = ()
    decimal: str = ""

    @property
    def substitutes(self) -> dict[str, str]:
        """Every text sent in place of a wrong one, by the choice that says so."""
        choices = (self.on_bad, *(choice for _word, choice in self.values))
        return {choice: choice.removeprefix(SET) for choice in choices if choice.startswith(SET)}

    @property
    def substitute(self) -> str | None:
        """The text sent in place of a wrong one, None when there is none."""
        return self.on_bad.removeprefix(SET) if self.on_bad.startswith(SET) else None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a cell. `index` is the row's place in its slice, `column` -1 means the whole row."""

    index: int
    column: int
    code: str
    params: dict[str, str]


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """All targets of a table. Several columns may feed phones and tags, any other field takes one."""

    targets: tuple[ColumnTarget, ...]

    def to_plain(self) -> list[dict[str, Any]]:
        return [asdict(target) for target in self.targets]

    @classmethod
    def from_plain(cls, plain: list[dict[str, Any]]) -> ColumnMapping:
        """Rebuild a mapping saved by `to_plain`. Raises TypeError when a key is missing or unknown."""
        return cls(tuple(ColumnTarget(**item | {"values": _pairs(item.get("values"))}) for item in plain))

    def faults(
        self,
        fields: Mapping[str, TargetField],
        matching: str,
        match_field: str,
        subscriptions: Sequence[SubscriptionRule] = (),
    ) -> list[Fault]:
        """Return everything that forbids this mapping, as (code, params); an empty list means it may be used."""
        return [
            *self._faults_of_targets(fields),
            *self._faults_of_repeats(fields),
            *self._faults_of_actions(fields, matching, match_field),
            *self._faults_of_key(fields, matching, match_field, subscriptions),
        ]

    def functions(self) -> set[str]:
        """The actions of functional updates its profiles may hold."""
        cleared = {"unset" for target in self.targets if target.empty == "clear"}
        return cleared | {target.action for target in self.targets if target.action}

    def sends_statuses(self) -> bool:
        """Whether a status or priority written in the file reaches the platform."""
        return any(target.field == "subscriptions" and target.statuses == "send" for target in self.targets)

    def _faults_of_targets(self, fields: Mapping[str, TargetField]) -> Iterator[Fault]:
        for target in self.targets:
            if target.field not in fields:
                yield "field_unknown", {"header": target.header, "field": target.field}
            if target.field == "email" and target.empty == "clear":
                yield "email_not_clearable", {"header": target.header}
            if target.field == "subscriptions" and target.empty == "clear":
                yield "choice_unknown", {"header": target.header, "choice": target.empty}
            if target.values and target.field in fields and fields[target.field].kind not in TRANSLATED_KINDS:
                yield "values_not_for_kind", {"header": target.header}
            if bad := _bad_choice(target):
                yield "choice_unknown", {"header": target.header, "choice": bad}

    def _faults_of_repeats(self, fields: Mapping[str, TargetField]) -> Iterator[Fault]:
        by_field: dict[str, list[ColumnTarget]] = defaultdict(list)
        for target in self.targets:
            by_field[target.field].append(target)
        for name, targets in by_field.items():
            takes_many = name in fields and fields[name].kind in LIST_KINDS
            repeated = len({target.column for target in targets}) < len(targets)
            if repeated or (len(targets) > 1 and not takes_many):
                yield "field_twice", {"field": name, "headers": ", ".join(target.header for target in targets)}

    def _faults_of_actions(self, fields: Mapping[str, TargetField], matching: str, match_field: str) -> Iterator[Fault]:
        keys = _keys_or_none(matching, match_field)
        chosen: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for target in self.targets:
            chosen[target.field].add((target.action, target.submatch))
            if target.field in fields:
                yield from _faults_of_action(target, fields[target.field].kind)
            if target.field in keys and (target.action or target.substitutes):
                yield "action_on_key", {"header": target.header}
        for name, ways in chosen.items():
            if len(ways) > 1:
                yield "actions_differ", {"field": name}

    def _faults_of_key(
        self,
        fields: Mapping[str, TargetField],
        matching: str,
        match_field: str,
        subscriptions: Sequence[SubscriptionRule],
    ) -> Iterator[Fault]:
        mapped = {target.field for target in self.targets}
        try:
            keys = match_key_fields(matching, match_field)
        except ValueError:
            yield "matching_unknown", {"matching": matching, "field": match_field}
            return
        by_subscription = matching == "custom_sub" or bool(match_channels(matching))
        subscribed = any(_gives_key(rule, matching, match_field) for rule in subscriptions)
        subscribed = subscribed or (by_subscription and "subscriptions" in mapped)
        if keys and mapped.isdisjoint(keys) and not subscribed:
            yield "key_not_mapped", {"fields": ", ".join(keys)}
        if matching in ("push_sub", "custom_sub") and not subscribed:
            yield "key_not_subscribed", {"matching": matching, "field": match_field}
        if matching == "custom" and match_field in fields and fields[match_field].kind not in KEY_KINDS:
            yield "key_kind", {"field": match_field, "kind": str(fields[match_field].kind)}
        if "profile_id" in mapped and matching != "profile_id":
            yield "profile_id_not_key", {"matching": matching}


def _pairs(values: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(word), str(choice)) for word, choice in values or ())


def _keys_or_none(matching: str, match_field: str) -> tuple[str, ...]:
    try:
        return match_key_fields(matching, match_field)
    except ValueError:
        return ()


def _gives_key(rule: SubscriptionRule, matching: str, match_field: str) -> bool:
    """Whether the people of this matching can be told by what the rule takes from a column."""
    if matching == "custom_sub":
        return match_field in dict(rule.custom_fields)
    return rule.channel in match_channels(matching) and bool(rule.contact)


def _faults_of_action(target: ColumnTarget, kind: Kind) -> Iterator[Fault]:
    if target.action not in ACTION_KINDS:
        return
    if kind not in ACTION_KINDS[target.action]:
        yield "action_not_for_kind", {"header": target.header, "action": target.action, "kind": str(kind)}
    elif kind in (Kind.OBJECT, Kind.OBJECTS) and not target.submatch:
        yield "submatch_missing", {"header": target.header}


def _is_on_bad(choice: str) -> bool:
    return choice in ON_BAD_CHOICES or choice.startswith(SET)


def _bad_choice(target: ColumnTarget) -> str:
    if target.date_order not in DATE_ORDERS:
        return target.date_order
    if not _REGION.fullmatch(target.region):
        return target.region
    if target.action and target.action not in ACTION_KINDS:
        return target.action
    if not _is_on_bad(target.on_bad):
        return target.on_bad
    if target.statuses not in STATUS_CHOICES:
        return target.statuses
    if target.decimal not in DECIMALS:
        return target.decimal
    if wrong := [choice for _word, choice in target.values if not _is_on_bad(choice)]:
        return wrong[0] or "-"
    if len(target.values) > MOST_TRANSLATED or any(len(word) > LONGEST_TRANSLATED for word, _ in target.values):
        return "values"
    return "" if target.empty in EMPTY_CHOICES else target.empty
