"""Subscribing rows to resources: which channel, whose contact, what goes with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final

from imports.mapping.fields import Kind

if TYPE_CHECKING:
    from imports.mapping.columns import Problem

CONTACT_KINDS: Final[dict[str, Kind]] = {
    "email": Kind.EMAIL,
    "sms": Kind.PHONES,
    "push": Kind.LINE,
    "telegram_bot": Kind.INTEGER,
    "whatsapp": Kind.PHONES,
    "viber": Kind.PHONES,
    "notify": Kind.PHONES,
}
"""What a contact of each channel is. Source: profiles/import (Subscriptions array); notify stands there only."""

STATUSES: Final = ("subscribed", "unsubscribed", "complained", "hardbounced", "unconfirmed", "suspended", "invalid")
"""Source: "Subscription status". The numbers 0 to 6 mean the same and are never written by us."""

ON_BAD_CONTACT: Final = ("refuse", "skip")
_COLUMN: Final = re.compile(r"column:(0|[1-9][0-9]{0,4})")
_OWN_FIELD: Final = {Kind.EMAIL: "email", Kind.PHONES: "phones"}

Fault = tuple[str, dict[str, str]]


def column_of(choice: str) -> int | None:
    """The 0-based column a choice "column:N" names, None for a fixed text."""
    found = _COLUMN.fullmatch(choice)
    return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class SubscriptionRule:
    """Subscribe every row that has the contact to a resource.

    `contact` "" takes the row's email or first phone, "column:N" the cells of a column. `provider` (push only) and the
    values of `custom_fields` (name, value) are fixed texts or "column:N". `status` "" and `priority` None are not
    sent: a status of 0 means "subscribed" and would bring back people who have left (profiles/update_batch,
    Description). `on_bad` says what a wrong contact does: "refuse" the row or "skip" the subscription.
    """

    channel: str
    resource_id: int
    contact: str = ""
    provider: str = ""
    cats: tuple[str, ...] = ()
    custom_fields: tuple[tuple[str, str], ...] = ()
    status: str = ""
    priority: int | None = None
    on_bad: str = "refuse"

    def to_plain(self) -> dict[str, Any]:
        return asdict(self) | {"cats": list(self.cats), "custom_fields": dict(self.custom_fields)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> SubscriptionRule:
        """Rebuild a rule saved by `to_plain`, also one saved before it could say more than channel and resource."""
        values = {one.name: plain[one.name] for one in fields(cls) if one.name in plain}
        own = plain.get("custom_fields") or ()
        pairs = own.items() if isinstance(own, Mapping) else own
        kept = {"cats": tuple(plain.get("cats") or ()), "custom_fields": tuple((str(n), str(v)) for n, v in pairs)}
        return cls(**values | kept)

    @property
    def contact_kind(self) -> Kind:
        return CONTACT_KINDS[self.channel]

    @property
    def own_field(self) -> str:
        """The profile field whose value is the contact when no column is named; "" when the channel has none."""
        return _OWN_FIELD.get(CONTACT_KINDS.get(self.channel, Kind.LINE), "")

    def columns(self) -> Iterator[int]:
        """Every column this rule reads."""
        for choice in (self.contact, self.provider, *(choice for _, choice in self.custom_fields)):
            if (column := column_of(choice)) is not None:
                yield column

    def faults(self, width: int | None = None) -> Iterator[Fault]:
        """What forbids this rule whatever the account has; `width` is the number of columns where it is known."""
        told = {"channel": self.channel, "resource": str(self.resource_id)}
        if self.channel not in CONTACT_KINDS:
            yield "channel_unknown", told
            return
        if self.contact and column_of(self.contact) is None:
            yield "subscription_choice_unknown", told | {"choice": self.contact}
        if not self.contact and not self.own_field:
            yield "contact_column_missing", told
        if (self.channel == "push") != bool(self.provider):
            yield "provider_missing" if self.channel == "push" else "provider_not_for_channel", told
        if self.status not in ("", *STATUSES):
            yield "subscription_choice_unknown", told | {"choice": self.status}
        if self.priority is not None and self.priority < 0:
            yield "subscription_choice_unknown", told | {"choice": str(self.priority)}
        if self.on_bad not in ON_BAD_CONTACT:
            yield "subscription_choice_unknown", told | {"choice": self.on_bad}
        if width is not None and any(column >= width for column in self.columns()):
            yield "subscription_column_unknown", told


@dataclass(slots=True)
class RuleValues:
    """What one rule takes from the rows, a value a row in every list. A contact of None: no such subscription.

    `providers` is empty but for push; `custom` holds the fields fed by columns (None leaves the field out), `fixed`
    those that are alike for all rows. `skipped` says why subscriptions were left out that are wrong in their rows.
    """

    contacts: list[Any]
    providers: list[Any] = field(default_factory=list)
    custom: dict[str, list[Any]] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    skipped: Sequence[Problem] = ()

    def picked(self, indexes: Sequence[int]) -> RuleValues:
        """The same for some of the rows, in that order."""
        custom = {name: [column[i] for i in indexes] for name, column in self.custom.items()}
        providers = [self.providers[i] for i in indexes] if self.providers else []
        return RuleValues([self.contacts[i] for i in indexes], providers, custom, self.fixed)


def own_contacts(rule: SubscriptionRule, values: Mapping[str, Sequence[Any]], rows: int) -> list[Any]:
    """The row's email or first phone, None where there is none or where it is being cleared."""
    column = values.get(rule.own_field)
    if column is None:
        return [None] * rows
    if rule.contact_kind is Kind.EMAIL:
        return [value if isinstance(value, str) else None for value in column]
    return [value[0] if isinstance(value, list) and value else None for value in column]
