"""Subscriptions a file of JSON brings along, in the shapes of the documents' own examples.

Source: profiles/import, profiles/import_batch and profiles/update_batch (Subscriptions array, Request examples).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from imports.mapping import CONTACT_KINDS, STATUSES, Kind
from imports.validation.emails import clean_email
from imports.validation.phones import clean_phones
from imports.validation.plain import clean_objects
from imports.validation.text import Refused, trim

Given = Mapping[str, Any]
UNCHANGED: Final = -1
"""Sent for a status or priority it changes neither; the same as leaving it out (profiles/update_batch, Description)."""

_PLACES: Final[dict[str, tuple[str, ...]]] = {
    "email": ("email", "email_data"),
    "sms": ("phone", "phone_data"),
    "push": ("subscription_id", "provider"),
}
_COMMON: Final = ("channel", "resource_id", "cats", "custom_fields", "status", "priority")
_LARGEST_ID: Final = 2**31 - 1


def clean_given(text: str, region: str, statuses: str) -> list[dict[str, Any]] | None:
    """Return the subscriptions of a cell, contacts cleaned, e-mails in the flat spelling; None for an empty list.

    `statuses` says what a status or a priority does: "refuse" it, "leave_out" or "send". Raises Refused with
    "given_not_list", or with a code that starts with "given_" and the `number` of the subscription in its list.
    """
    try:
        found = clean_objects(text)
    except Refused:
        raise Refused("given_not_list") from None
    return [_one(given, str(number), region, statuses) for number, given in enumerate(found, 1)] or None


def _one(given: Given, number: str, region: str, statuses: str) -> dict[str, Any]:
    channel, resource = given.get("channel"), given.get("resource_id")
    if not isinstance(channel, str) or channel not in CONTACT_KINDS:
        raise Refused("given_channel", number=number, channel=str(channel or "")[:50])
    if not isinstance(resource, int) or isinstance(resource, bool) or not 0 < resource <= _LARGEST_ID:
        raise Refused("given_resource", number=number)
    places = _PLACES.get(channel, ("cc_data",))
    if unknown := next((name for name in given if name not in (*_COMMON, *places)), None):
        raise Refused("given_key_unknown", number=number, key=unknown[:50])
    try:
        contact = _contact(given, channel, region)
    except Refused:
        raise Refused("given_contact", number=number, channel=channel) from None
    rest = {name: given[name] for name in ("cats", "custom_fields") if given.get(name)}
    asked = dict(_asked(given))
    for name, value in (rest | asked).items():
        if not _RIGHT[name](value):
            raise Refused("given_value", number=number, name=name)
    if asked and statuses == "refuse":
        raise Refused("given_status", number=number)
    return {"channel": channel, "resource_id": resource, **contact, **rest, **(asked if statuses == "send" else {})}


def _asked(given: Given) -> Iterator[tuple[str, Any]]:
    for name in ("status", "priority"):
        if given.get(name) not in (None, "", UNCHANGED):
            yield name, given[name]


def _contact(given: Given, channel: str, region: str) -> dict[str, Any]:
    if channel == "email":
        return {"email": clean_email(_text(_inner(given, "email", "email_data")))}
    if channel == "sms":
        return {"phone": _phone(_inner(given, "phone", "phone_data"), region)}
    if channel == "push":
        return {name: _text(given.get(name)) for name in ("provider", "subscription_id")}
    inner = given.get("cc_data")
    name = "id" if channel == "telegram_bot" else "phone"
    if not isinstance(inner, dict) or set(inner) != {name}:
        raise Refused("given_contact")
    return {"cc_data": {name: _chat(inner[name]) if name == "id" else _phone(inner[name], region)}}


def _inner(given: Given, flat: str, nested: str) -> Any:
    """The flat form of the tables or the nested one of the batch examples; both at once would be two contacts."""
    inner = given.get(nested)
    if (flat in given) == (nested in given):
        raise Refused("given_contact")
    if flat in given:
        return given[flat]
    if not isinstance(inner, dict) or set(inner) != {flat}:
        raise Refused("given_contact")
    return inner[flat]


def _text(value: Any) -> str:
    text = trim(value) if isinstance(value, str) else ""
    if not text:
        raise Refused("given_contact")
    return text


def _phone(value: Any, region: str) -> str:
    numbers = clean_phones(_text(value), region)
    if len(numbers) != 1:
        raise Refused("given_contact")
    return numbers[0]


def _chat(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused("given_contact")
    return value


def _is_status(value: Any) -> bool:
    return value in STATUSES or (type(value) is int and 0 <= value < len(STATUSES))


def _is_priority(value: Any) -> bool:
    return type(value) is int and value >= 0


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) and item for item in value)


_RIGHT: Final[dict[str, Callable[[Any], bool]]] = {
    "cats": _are_texts,
    "custom_fields": lambda value: isinstance(value, dict),
    "status": _is_status,
    "priority": _is_priority,
}


def contact_of(given: Given, channel: str) -> Any:
    """What a cleaned subscription of this channel is found by; None for one of another channel."""
    if given["channel"] != channel:
        return None
    kind = CONTACT_KINDS[channel]
    return given.get("subscription_id" if kind is Kind.LINE else "email" if kind is Kind.EMAIL else "phone")
