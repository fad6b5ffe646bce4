"""Where the rows go and how: everything a person chooses besides the columns."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from imports.mapping import SubscriptionRule

DUPLICATE_RULES = ("last", "first", "all")


@dataclass(frozen=True, slots=True)
class Destination:
    """One job's destination and request options, as plain values.

    `duplicates` says which row goes when several share the matching key: the last, the first, or all of them.
    `skip_triggers` defaults to True here although Altcraft's own default is false: an import must not message people
    unless somebody asked for it (profiles/import_batch, Request parameters).
    """

    database_id: int
    database_name: str = ""
    operation: str = "import"
    matching: str = "email"
    match_field: str = ""
    scenario_id: int | None = None
    scenario_name: str = ""
    skip_triggers: bool = True
    skip_invalid_subscriptions: bool = False
    detect_geo: bool | None = None
    resource_id: int | None = None
    phone_region: str = ""
    duplicates: str = "last"
    subscriptions: tuple[SubscriptionRule, ...] = ()

    def to_plain(self) -> dict[str, Any]:
        return asdict(self) | {"subscriptions": [asdict(rule) for rule in self.subscriptions]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Destination":
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        values["subscriptions"] = tuple(SubscriptionRule(**rule) for rule in plain.get("subscriptions") or ())
        return cls(**values)
