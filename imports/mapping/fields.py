"""The fields of an Altcraft profile a column can feed, and the fields a matching mode searches by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds; the names follow "Types of fields in the database" in Altcraft's user guide."""

    EMAIL = "email"
    PHONES = "phones"
    LINE = "line"
    INTEGER = "integer"
    FLOAT = "float"
    DATE = "date"
    BOOLEAN = "boolean"
    ENUM = "enum"
    IP = "ip"
    TAGS = "tags"
    SEX = "sex"
    OBJECT = "object"
    OBJECTS = "objects"
    SUBSCRIPTIONS = "subscriptions"


LIST_KINDS = frozenset({Kind.PHONES, Kind.TAGS})
"""Kinds whose value is a list, so that several columns may add to it."""

KEY_KINDS = frozenset({Kind.EMAIL, Kind.PHONES, Kind.LINE, Kind.INTEGER, Kind.ENUM, Kind.DATE, Kind.IP, Kind.TAGS})
"""Kinds a custom matching field may have: `field_value` is an int or a string, and a combination of tags is written as
one string (profiles/import_batch, Request parameters). A fraction, yes or no, and objects are neither."""


@dataclass(frozen=True, slots=True)
class TargetField:
    """One field of a profile. `name` is Altcraft's API name, `options` the allowed values of an ENUM."""

    name: str
    kind: Kind
    title: str
    group: str = "custom"
    options: tuple[str, ...] = ()


SYSTEM_FIELDS: tuple[TargetField, ...] = (
    TargetField("email", Kind.EMAIL, "Email", "contact"),
    TargetField("phones", Kind.PHONES, "Phones", "contact"),
    # INFERRED: no page shows where the id stands in a batch matched by it; inside each profile is the natural place.
    TargetField("profile_id", Kind.LINE, "Profile ID", "contact"),
    TargetField("_fname", Kind.LINE, "First name", "person"),
    TargetField("_lname", Kind.LINE, "Last name", "person"),
    TargetField("_bdate", Kind.DATE, "Birth date", "person"),
    TargetField("_sex", Kind.SEX, "Gender", "person"),
    TargetField("_city", Kind.LINE, "City", "place"),
    TargetField("_region", Kind.LINE, "Region", "place"),
    TargetField("_country", Kind.LINE, "Country", "place"),
    TargetField("_postal_code", Kind.LINE, "Postal code", "place"),
    TargetField("_tz", Kind.LINE, "Time zone", "place"),
    TargetField("_ip", Kind.IP, "IP address", "place"),
    TargetField("_regdate", Kind.DATE, "Registration date", "registration"),
    TargetField("_regip", Kind.IP, "Registration IP", "registration"),
    TargetField("_regcity", Kind.LINE, "Registration city", "registration"),
    TargetField("_regcountry", Kind.LINE, "Registration country", "registration"),
    TargetField("_regurl", Kind.LINE, "Registration page", "registration"),
    TargetField("_vendor", Kind.LINE, "Source", "registration"),
    TargetField("_os", Kind.LINE, "Operating system", "registration"),
    TargetField("_browser", Kind.LINE, "Browser", "registration"),
    TargetField("subscriptions", Kind.SUBSCRIPTIONS, "Subscriptions", "contact"),
)
"""Fields every database has, in the order they are written into a profile.

`_status` is left out on purpose: its 0 means "subscribed" and would bring back people who have left.
Source: "Types of fields in the database", "Profile data object", profiles/import (Request examples).
"""

_KEYS: dict[str, tuple[str, ...]] = {
    "": (),
    "email": ("email",),
    "email_profile": ("email",),
    "email_sub": ("email",),
    "phone": ("phones",),
    "phone_sub": ("phones",),
    "profile_id": ("profile_id",),
    "email_phone": ("email", "phones"),
    "email_phone_sub": ("email", "phones"),
    "push_sub": (),
}

_CHANNELS: dict[str, tuple[str, ...]] = {
    "email_sub": ("email",),
    "phone_sub": ("sms",),
    "email_phone_sub": ("email", "sms"),
    "push_sub": ("push",),
}


def match_key_fields(matching: str, match_field: str) -> tuple[str, ...]:
    """Return the profile fields a mode searches by; any one of them is enough.

    () when no field is searched: matching "", and push_sub and custom_sub, whose keys stand in subscriptions. Raises
    ValueError for an unknown mode and for "custom" or "custom_sub" without a field. Source: "Matching" (table of
    modes); that one of two suffices for email_phone is INFERRED.
    """
    if matching in ("custom", "custom_sub") and match_field:
        return (match_field,) if matching == "custom" else ()
    if matching not in _KEYS:
        raise ValueError(f"matching {matching!r} with field {match_field!r} is not known")
    return _KEYS[matching]


def match_channels(matching: str) -> tuple[str, ...]:
    """The channels whose subscriptions a mode searches: there a rule's contact is the key."""
    return _CHANNELS.get(matching, ())
