"""Subscriptions: how one is written in a request, how it is kept, how a repeated one is merged.

Source: profiles/import, profiles/import_batch and profiles/update_batch, "Subscriptions array"; "Subscription status".
Kept in the extended shape profiles/get answers (`email_data`, `phone_data`, `cc_data`).
"""

from typing import Any

from .catalogue import Resource, subscription_field_names
from .errors import Refused
from .fields import STATUSES, email, phone

Subscription = dict[str, Any]
_UNCHANGED = -1  # "set the values to -1" in order not to change status or priority: profiles/update_batch
_CC_PHONE_CHANNELS = frozenset({"whatsapp", "viber", "notify"})


def check_subscription(given: Any, resources: dict[int, Resource], database_id: int) -> Subscription:
    """The subscription as kept, holding only what the request wants changed. Raises Refused."""
    if type(given) is not dict:
        raise Refused("subscriptions")
    resource_id, channel = given.get("resource_id"), given.get("channel")
    resource = resources.get(resource_id) if type(resource_id) is int else None
    if resource is None:
        raise Refused("sub_resource")
    if database_id not in resource.database_ids:
        raise Refused("sub_database")
    if type(channel) is not str or channel not in resource.channels:
        raise Refused("sub_channel")
    checked = {"resource_id": resource_id, "channel": channel, **_contact(channel, given)}
    if len(given) > 3:
        _check_rest(checked, given, resource)
    return checked


def _contact(channel: str, given: Subscription) -> Subscription:
    try:
        if channel == "email":
            return {"email_data": {"email": email(_either(given, "email", "email_data"))}}
        if channel == "sms":
            return {"phone_data": {"phone": phone(_either(given, "phone", "phone_data"))}}
        if channel == "push":
            return _push_contact(given)
        return {"cc_data": _cc_contact(channel, given.get("cc_data"))}
    except Refused:
        raise Refused("sub_contact") from None


def _either(given: Subscription, name: str, nested: str) -> Any:
    """The flat form of the tables (`email`) or the nested one of the batch examples (`email_data: {email}`)."""
    inner = given.get(nested)
    return inner.get(name) if type(inner) is dict else given.get(name)


def _push_contact(given: Subscription) -> Subscription:
    provider, token = given.get("provider"), given.get("subscription_id")
    if type(provider) is not str or type(token) is not str or not provider or not token:
        raise Refused("sub_contact")
    return {"provider": provider, "subscription_id": token}


def _cc_contact(channel: str, inner: Any) -> Subscription:
    if type(inner) is not dict:
        raise Refused("sub_contact")
    if channel in _CC_PHONE_CHANNELS:
        return {"phone": phone(inner.get("phone"))}
    if type(inner.get("id")) is not int:
        raise Refused("sub_contact")
    return {"id": inner["id"]}


def _check_rest(checked: Subscription, given: Subscription, resource: Resource) -> None:
    status = given.get("status", _UNCHANGED)
    if status != _UNCHANGED:
        checked["status"] = _status(status)
    priority = given.get("priority", _UNCHANGED)
    if type(priority) is not int or priority < _UNCHANGED:
        raise Refused("sub_priority")
    if priority != _UNCHANGED:
        checked["priority"] = priority
    custom, cats = given.get("custom_fields", {}), given.get("cats", [])
    if type(custom) is not dict or (
        custom and not custom.keys() <= subscription_field_names(resource, checked["channel"])
    ):
        raise Refused("sub_fields")
    if type(cats) is not list or any(type(name) is not str for name in cats):
        raise Refused("sub_cats")
    if custom:
        checked["custom_fields"] = custom
    if cats:
        checked["cats"] = cats


def _status(value: Any) -> str:
    """A word or its number; 0 is a real value, `subscribed`."""
    if type(value) is str and value in STATUSES:
        return value
    if type(value) is int and 0 <= value < len(STATUSES):
        return STATUSES[value]
    raise Refused("sub_status")


def merge_subscriptions(kept: list[Subscription], given: list[Subscription]) -> list[Subscription]:
    """The list after the request; one subscription per resource, channel and contact. New ones of `given` are kept
    as they are, with what a new subscription has filled in."""
    merged = list(kept)
    for wanted in given:  # a handful at most: a look at each is cheaper than a dictionary of them
        for place, known in enumerate(merged):
            if is_same(known, wanted):
                merged[place] = _merged(known, wanted)
                break
        else:
            wanted.setdefault("status", "subscribed")
            wanted.setdefault("priority", 0)
            merged.append(wanted)
    return merged


def _merged(known: Subscription, wanted: Subscription) -> Subscription:
    after = {**known, **wanted}
    if "custom_fields" in wanted:
        after["custom_fields"] = {**known.get("custom_fields", {}), **wanted["custom_fields"]}
    if "cats" in wanted:
        after["cats"] = list(dict.fromkeys([*known.get("cats", []), *wanted["cats"]]))
    return after


def is_same(one: Subscription, other: Subscription) -> bool:
    return (
        one["resource_id"] == other["resource_id"]
        and one["channel"] == other["channel"]
        and contact_key(one) == contact_key(other)
    )


def contact_key(subscription: Subscription) -> str | tuple[str, str]:
    """What tells two subscriptions of one channel apart; addresses are compared without case."""
    channel = subscription["channel"]
    if channel == "email":
        return str(subscription["email_data"]["email"].lower())
    if channel == "sms":
        return str(subscription["phone_data"]["phone"])
    if channel == "push":
        return subscription["provider"], subscription["subscription_id"]
    return ",".join(map(str, subscription["cc_data"].values()))


def written_contacts(profile: dict[str, Any], channel: str) -> list[Any]:
    """The addresses of a channel in a profile as written in a request, before anything in it was checked."""
    name, nested = ("email", "email_data") if channel == "email" else ("phone", "phone_data")
    given = profile.get("subscriptions")
    found = [
        _either(each, name, nested)
        for each in (given if type(given) is list else ())
        if type(each) is dict and each.get("channel") == channel
    ]
    return [contact for contact in found if type(contact) is str and contact]
