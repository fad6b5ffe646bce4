"""Where the rows go and how: everything a person chooses besides the columns."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from imports.mapping import SubscriptionRule

DUPLICATE_RULES = ("last", "first", "merge", "all", "none")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file for the messages of a scenario, `size` in bytes: its bytes as base64 in `data`, or under the name `vault`
    in the job's vault, or still on the `shelf` of an unfinished page. Source: workflows/import_and_start_batch, Request
    parameters (attach); base64 is INFERRED."""

    name: str
    mimetype: str
    data: str = ""
    vault: str = ""
    size: int = 0
    sha256: str = ""
    shelf: str = ""


@dataclass(frozen=True, slots=True)
class Destination:
    """One job's destination and request options, as plain values.

    `duplicates` says which row goes when several share the matching key: the last, the first, the last with what only
    the earlier ones have (merge), all of them, or none.
    `skip_triggers` defaults to True here although Altcraft's own default is false: an import must not message people
    unless somebody asked for it (profiles/import_batch, Request parameters). `single` sends one row a request, which
    alone can put people into segments. `content` (name, value), `attach` and `custom_request` (JSON of a database
    query, for admins) go with a scenario.
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
    single: bool = False
    add_to_segments: tuple[int, ...] = ()
    remove_from_segments: tuple[int, ...] = ()
    content: tuple[tuple[str, str], ...] = ()
    attach: tuple[Attachment, ...] = ()
    custom_request: str = ""

    @property
    def searches(self) -> bool:
        """Whether the platform looks for each profile by a key; not when it only adds, or takes a query instead."""
        return self.operation != "add" and bool(self.matching)

    @property
    def key_rule(self) -> tuple[str, str]:
        """(matching, field) every row must have a key for; ("", "") where nothing is searched."""
        return (self.matching, self.match_field) if self.searches else ("", "")

    @property
    def duplicate_rule(self) -> tuple[str, str]:
        """(matching, field) equal rows are found by. Adding searches nobody, yet emails are unique (profiles/add)."""
        return self.key_rule if self.operation != "add" else ("email", "")

    def to_plain(self) -> dict[str, Any]:
        """As JSON-ready values."""
        own: dict[str, Any] = {name: list(getattr(self, name)) for name in ("add_to_segments", "remove_from_segments")}
        own |= {"content": dict(self.content), "attach": [asdict(one) for one in self.attach]}
        return asdict(self) | own | {"subscriptions": [rule.to_plain() for rule in self.subscriptions]}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Destination":
        """Rebuild what `to_plain` gave, also before it knew all of these names."""
        known = {field.name for field in fields(cls)}
        values = {name: value for name, value in plain.items() if name in known}
        values["subscriptions"] = tuple(SubscriptionRule.from_plain(rule) for rule in plain.get("subscriptions") or ())
        values["attach"] = tuple(Attachment(**one) for one in plain.get("attach") or ())
        values["content"] = tuple((str(n), str(v)) for n, v in dict(plain.get("content") or {}).items())
        for name in ("add_to_segments", "remove_from_segments"):
            values[name] = tuple(int(number) for number in plain.get(name) or ())
        return cls(**values)

    def told(self) -> dict[str, Any]:
        """What history keeps: choices, never what is written to people or read from them."""
        plain = self.to_plain()
        plain["content"] = [name for name, _ in self.content]
        plain["attach"] = [
            {"name": one.name, "mimetype": one.mimetype, "size": one.size, "sha256": one.sha256} for one in self.attach
        ]
        plain["custom_request"] = bool(self.custom_request)
        for rule in plain["subscriptions"]:
            rule["custom_fields"] = list(rule["custom_fields"])
        plain["subscriptions"] = [_without_empty(rule) for rule in plain["subscriptions"]]
        return _without_empty(plain)

    def chosen_options(self) -> Iterator[tuple[str, Any]]:
        """Request parameters that were asked for besides the matching, (name, value)."""
        names = ("skip_invalid_subscriptions", "detect_geo", "resource_id", "add_to_segments", "remove_from_segments")
        for name in (*names, "content", "attach", "custom_request"):
            if (value := getattr(self, name)) not in (None, False, "", ()):
                yield name, value


def _without_empty(plain: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain.items() if value not in ("", None, (), [], {})}
