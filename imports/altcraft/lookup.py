"""Looking one profile up by the key it was sent with, and how far it is as it was sent. Changes nothing there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from imports.altcraft.client import Client
from imports.altcraft.errors import CallFailed

PATH: Final = "profiles/get/"  # printed with the closing slash (profiles/get)
NOT_FOUND: Final = 404  # "There is no such ... profile"; the page of profiles/get names no code: INFERRED


def lookup_params(
    sent: Mapping[str, Any], *, database_id: int, matching: str, match_field: str = "", resource_id: int | None = None
) -> dict[str, Any] | None:
    """What to ask profiles/get for this profile, as it was sent; None where it has no key one can ask by.

    Source: profiles/get (all matchings, their fields at request level), "Matching" (required fields).
    """
    key = {name: value for name, value in _key(sent, matching, match_field).items() if value not in (None, "")}
    if not key or (matching == "push_sub" and len(key) < 2):
        return None
    if matching == "custom":
        key["field_name"] = match_field
    asked: dict[str, Any] = {"db_id": database_id, "matching": matching, **key}
    return asked if resource_id is None else {**asked, "resource_id": resource_id}


def profile_of(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """The profile itself, also where it stands beside its key or inside a wrapper."""
    inner = sent.get("data")
    return inner if isinstance(inner, Mapping) else sent


def fetch_profile(client: Client, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """The profile as the platform has it now, None when it has none. Raises CallFailed for everything else."""
    try:
        found = client.read(PATH, asked).get("data")
    except CallFailed as fault:
        if fault.answer.error == NOT_FOUND:
            return None
        raise
    return found if isinstance(found, dict) else None


def differing(sent: Mapping[str, Any], found: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Names of the sent fields (as sent, otherwise) in the profile found. What is an instruction rather than a value,
    as `incr`, and subscriptions, are not compared."""
    plain = [(name, value) for name, value in profile_of(sent).items() if not _is_instruction(name, value)]
    same = [name for name, value in plain if _alike(value, found.get(name))]
    return same, [name for name, _ in plain if name not in same]


def _key(sent: Mapping[str, Any], matching: str, match_field: str) -> dict[str, Any]:
    """The members this matching searches by, empty where the profile has none; {} for what cannot be asked."""
    profile = profile_of(sent)
    beside: Mapping[str, Any] = sent if profile is not sent else {}
    email = beside.get("email") or profile.get("email")
    phone = beside.get("phone") or _first(profile.get("phones"))
    match matching:
        case "email" | "email_profile":
            return {"email": email}
        case "phone":
            return {"phone": phone}
        case "email_phone":
            return {"email": email, "phone": phone}
        case "email_sub":
            return {"email": _subscribed(profile, "email") or email}
        case "phone_sub":
            return {"phone": _subscribed(profile, "sms") or phone}
        case "email_phone_sub":
            return {"email": _subscribed(profile, "email") or email, "phone": _subscribed(profile, "sms") or phone}
        case "profile_id":
            return {"profile_id": beside.get("profile_id") or profile.get("profile_id")}
        case "custom":
            value = beside.get("field_value", profile.get(match_field))
            return {"field_value": ", ".join(map(str, value)) if isinstance(value, list) else value}
        case "push_sub":
            return _device(beside) or next(filter(None, map(_device, _subscriptions(profile))), {})
    return {}


def _device(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one[name] for name in ("provider", "subscription_id") if one.get(name)}


def _subscribed(profile: Mapping[str, Any], channel: str) -> Any:
    """The contact of the first subscription of a channel, in either spelling."""
    for one in _subscriptions(profile):
        if one.get("channel") == channel:
            nested = one.get("email_data") if channel == "email" else None
            contact = nested.get("email") if isinstance(nested, Mapping) else None
            return contact or one.get("email" if channel == "email" else "phone")
    return None


def _subscriptions(profile: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    kept = profile.get("subscriptions")
    return [one for one in kept if isinstance(one, Mapping)] if isinstance(kept, list) else []


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else None if isinstance(value, list) else value


def _is_instruction(name: str, value: Any) -> bool:
    return name in ("subscriptions", "profile_id") or isinstance(value, Mapping)


def _alike(sent: Any, kept: Any) -> bool:
    """Equal as far as one can tell: the platform may write a number as a text, or a day as a moment."""
    if isinstance(sent, list) and isinstance(kept, list):
        return sorted(map(_folded, sent)) == sorted(map(_folded, kept))
    left, right = _folded(sent), _folded(kept)
    return left == right or (len(left) == len("2024-01-31") and right.startswith(f"{left}t"))


def _folded(value: Any) -> str:
    return str(value).strip().casefold()
