"""The key of each row: what Altcraft will search a profile by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from imports.mapping import RuleValues, SubscriptionRule, match_channels, match_key_fields
from imports.validation.given import contact_of
from imports.validation.text import UNSET

Source = tuple[str, Sequence[Any]]

_MEMBERS: Final = {"phones": "phone", "email": "email", "profile_id": "profile_id"}
_TEXT_OR_NONE: Final = {str, type(None)}
_OF_CHANNEL: Final = {"email": "email", "sms": "phones", "push": "subscription_id"}


def match_keys(
    values: Mapping[str, Sequence[Any]],
    matching: str,
    match_field: str,
    rules: Sequence[SubscriptionRule] = (),
    subscribed: Sequence[RuleValues] = (),
) -> list[str | None]:
    """Return the normalised key of each row, for finding rows that mean the same profile; None where there is none.

    Of several phones the first counts; email_phone searches by the email where there is one, else by the phone. The
    modes that look into subscriptions take the rules' contacts (`subscribed`, a RuleValues for each rule) before the
    profile's own. INFERRED: addresses differing by case only are one mailbox. Raises ValueError for an unknown mode.
    """
    keys: list[str | None] = [None] * _rows(values, subscribed)
    for name, column in _sources(values, matching, match_field, rules, subscribed):
        found = _keys_in(name, column)
        keys = [key or other for key, other in zip(keys, found, strict=True)] if any(keys) else found
    return keys


def _keys_in(name: str, column: Sequence[Any]) -> list[str | None]:
    """The keys one place gives; columns of nothing but texts are the usual case."""
    if set(map(type, column)) <= _TEXT_OR_NONE:
        if name == "email":
            return [None if text is None else f"email:{text.casefold()}" for text in column]
        return [None if text is None else f"{name}:{text}" for text in column]
    return [None if value is None or value == UNSET else f"{name}:{_folded(name, value)}" for value in column]


def match_members(
    values: Mapping[str, Sequence[Any]],
    matching: str,
    match_field: str,
    rules: Sequence[SubscriptionRule] = (),
    subscribed: Sequence[RuleValues] = (),
) -> list[dict[str, Any]]:
    """Return what each row's single request searches by: the members that stand beside `data`.

    Source: "Matching" (required fields), profiles/import (Request examples). Of a mode with two contacts both are
    given where the row has both.
    """
    members: list[dict[str, Any]] = [{} for _ in range(_rows(values, subscribed))]
    for name, column in _sources(values, matching, match_field, rules, subscribed):
        member = _MEMBERS.get(name, name if name == "subscription_id" else "field_value")
        for index, value in enumerate(column):
            if value is not None and value != UNSET:
                members[index].setdefault(member, value[0] if isinstance(value, list) else value)
    for index, given in enumerate(values.get("subscriptions", ())) if matching == "push_sub" else ():
        for one in given or ():
            if one.get("subscription_id") == members[index].get("subscription_id", ""):
                members[index].setdefault("provider", one["provider"])
    for rule, taken in zip(rules, subscribed, strict=True) if matching == "push_sub" else ():
        for index, contact in enumerate(taken.contacts):
            if rule.channel == "push" and contact is not None and members[index].get("subscription_id") == contact:
                members[index].setdefault("provider", taken.providers[index])
    return members


def _rows(values: Mapping[str, Sequence[Any]], subscribed: Sequence[RuleValues]) -> int:
    return len(subscribed[0].contacts) if subscribed else len(next(iter(values.values()), ()))


def _sources(
    values: Mapping[str, Sequence[Any]],
    matching: str,
    match_field: str,
    rules: Sequence[SubscriptionRule],
    subscribed: Sequence[RuleValues],
) -> list[Source]:
    """Where the key of a mode stands, the likelier place first."""
    found: list[Source] = []
    channels = match_channels(matching)
    for rule, taken in zip(rules, subscribed, strict=bool(subscribed)):
        if rule.channel in channels:
            found.append((_OF_CHANNEL[rule.channel], taken.contacts))
        if matching == "custom_sub" and match_field in dict(rule.custom_fields):
            found.append((match_field, _custom_keys(taken, match_field)))
    if given := values.get("subscriptions"):
        found += [(_OF_CHANNEL[channel], [_first(row, channel) for row in given]) for channel in channels]
        if matching == "custom_sub":
            found.append((match_field, [_first_own(row, match_field) for row in given]))
    found += [(name, values[name]) for name in match_key_fields(matching, match_field) if name in values]
    return sorted(found, key=lambda source: source[0] == "phones")


def _first(given: Sequence[Mapping[str, Any]] | None, channel: str) -> Any:
    """The first contact of a channel among the subscriptions a row brings along."""
    return next((contact for one in given or () if (contact := contact_of(one, channel)) is not None), None)


def _first_own(given: Sequence[Mapping[str, Any]] | None, name: str) -> Any:
    """The first value of a custom field among the subscriptions a row brings along."""
    return next((own[name] for one in given or () if name in (own := one.get("custom_fields", {}))), None)


def _custom_keys(taken: RuleValues, name: str) -> list[Any]:
    own = taken.custom.get(name) or [taken.fixed.get(name)] * len(taken.contacts)
    return [value if contact is not None else None for value, contact in zip(own, taken.contacts, strict=True)]


def _folded(name: str, value: Any) -> str:
    if isinstance(value, list):
        value = value[0]
    return str(value).casefold() if name == "email" else str(value)
