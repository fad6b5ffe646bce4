"""What an account holds besides people: databases with their fields, resources, scenarios, segments."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from .fields import Field

SYSTEM_FIELDS: tuple[Field, ...] = tuple(
    Field(name, kind, title, options, "system")
    for name, kind, title, options in (
        ("email", "email", "Email", ()),
        ("phones", "phones", "Phones", ()),
        ("_fname", "line", "First name", ()),
        ("_lname", "line", "Last name", ()),
        ("_bdate", "date", "Date of birth", ()),
        ("_sex", "sex", "Gender", ("male", "female")),
        ("_regdate", "date", "Registration date", ()),
        ("_regip", "ip", "Registration IP", ()),
        ("_ip", "ip", "Last IP", ()),
        ("_regcity", "line", "Registration city", ()),
        ("_city", "line", "City", ()),
        ("_region", "line", "Region", ()),
        ("_regcountry", "line", "Registration country", ()),
        ("_country", "line", "Country", ()),
        ("_regurl", "line", "Registration URL", ()),
        ("_postal_code", "postal_code", "Postal code", ()),
        ("_tz", "line", "Time zone", ()),
        ("_vendor", "line", "Source", ()),
        ("_os", "line", "Operating system", ()),
        ("_browser", "line", "Browser", ()),
        ("_status", "status", "Global status", ()),
    )
)
# resources/fields_get answers these for every channel; push alone has the rest of the device's fields
_SUBSCRIPTION_FIELDS = (("_device_type", "unicode", "devices"), ("_browser_name", "unicode", ""))
_PUSH_FIELDS = (
    ("_device_model", "unicode", ""),
    ("_device_name", "unicode", ""),
    ("_os", "unicode", "oses"),
    ("_os_ver", "version", ""),
    ("_os_tz", "unicode", "tz"),
    ("_os_language", "unicode", "languages"),
    ("_ad_track", "bool", ""),
    ("_ad_id", "unicode", ""),
    ("_app_id", "unicode", ""),
    ("_app_iid", "unicode", ""),
)


@dataclass(frozen=True, slots=True)
class DatabaseInfo:
    id: int
    name: str
    description: str
    suppress_id: int
    fields: tuple[Field, ...]  # the custom ones
    group: str = "Demo"

    def all_fields(self) -> tuple[Field, ...]:
        return SYSTEM_FIELDS + self.fields


@dataclass(frozen=True, slots=True)
class Resource:
    id: int
    name: str
    channels: tuple[str, ...]
    database_ids: tuple[int, ...]
    url: str
    custom_fields: tuple[str, ...] = ()

    def fields(self, channel: str) -> list[dict[str, Any]]:
        """Source: resources/fields_get, response."""
        system = _SUBSCRIPTION_FIELDS + (_PUSH_FIELDS if channel == "push" else ())
        shown = [_described("system", name, kind, words) for name, kind, words in system]
        return shown + [_described("custom", name, "unicode", "") for name in self.custom_fields]


@dataclass(frozen=True, slots=True)
class Scenario:
    id: int
    name: str
    database_id: int
    is_active: bool


@dataclass(slots=True)
class Segment:
    id: int
    name: str
    database_id: int
    is_static: bool
    members: set[str] = field(default_factory=set)


@cache
def subscription_field_names(resource: Resource, channel: str) -> frozenset[str]:
    """The names `custom_fields` of a subscription may hold."""
    return frozenset(shown["name"] for shown in resource.fields(channel))


def _described(category: str, name: str, kind: str, dictionary: str) -> dict[str, Any]:
    shown = {"category": category, "title": name.strip("_"), "name": name, "required": False, "type": kind}
    return shown | ({"dictionary": dictionary} if dictionary else {})


@dataclass(slots=True)
class Catalogue:
    """Everything by its id, in order of ids."""

    databases: dict[int, DatabaseInfo]
    resources: dict[int, Resource]
    scenarios: dict[int, Scenario]
    segments: dict[int, Segment]
