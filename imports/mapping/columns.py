"""Which column feeds which field, and what is wrong with such a choice."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from imports.mapping.fields import KEY_KINDS, LIST_KINDS, TargetField, match_key_fields

Fault = tuple[str, dict[str, str]]

DATE_ORDERS = ("", "dmy", "mdy", "ymd")
EMPTY_CHOICES = ("keep", "clear")
_REGION = re.compile(r"(?:[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class ColumnTarget:
    """One column (0-based) feeding one field.

    `date_order` "dmy" | "mdy" | "ymd" | "" (decided from the column), `region` the ISO country of phones written
    without a code ("" none), `empty` what an empty cell means: "keep" the stored value or "clear" it.
    """

    column: int
    header: str
    field: str
    date_order: str = ""
    region: str = ""
    empty: str = "keep"


@dataclass(frozen=True, slots=True)
class SubscriptionRule:
    """Subscribe a row's email ("email") or first phone ("sms") to a resource."""

    channel: str
    resource_id: int


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
        return cls(tuple(ColumnTarget(**item) for item in plain))

    def faults(self, fields: Mapping[str, TargetField], matching: str, match_field: str) -> list[Fault]:
        """Return everything that forbids this mapping, as (code, params); an empty list means it may be used."""
        return [
            *self._faults_of_targets(fields),
            *self._faults_of_repeats(fields),
            *self._faults_of_key(fields, matching, match_field),
        ]

    def _faults_of_targets(self, fields: Mapping[str, TargetField]) -> Iterator[Fault]:
        for target in self.targets:
            if target.field not in fields:
                yield "field_unknown", {"header": target.header, "field": target.field}
            if target.field == "email" and target.empty == "clear":
                yield "email_not_clearable", {"header": target.header}
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

    def _faults_of_key(self, fields: Mapping[str, TargetField], matching: str, match_field: str) -> Iterator[Fault]:
        mapped = {target.field for target in self.targets}
        try:
            keys = match_key_fields(matching, match_field)
        except ValueError:
            yield "matching_unknown", {"matching": matching, "field": match_field}
            return
        if keys and mapped.isdisjoint(keys):
            yield "key_not_mapped", {"fields": ", ".join(keys)}
        if matching == "custom" and match_field in fields and fields[match_field].kind not in KEY_KINDS:
            yield "key_kind", {"field": match_field, "kind": str(fields[match_field].kind)}
        if "profile_id" in mapped and matching != "profile_id":
            yield "profile_id_not_key", {"matching": matching}


def _bad_choice(target: ColumnTarget) -> str:
    if target.date_order not in DATE_ORDERS:
        return target.date_order
    if not _REGION.fullmatch(target.region):
        return target.region
    return "" if target.empty in EMPTY_CHOICES else target.empty
