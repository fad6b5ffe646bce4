"""The request examples Altcraft's documents print, with the documents' own values: what must leave our side, and what
the sandbox must take.

Pages: profiles/import_batch (v72) and profiles/update_batch (2026), which print one example; profiles/import (v74);
workflows/import_and_start_batch (v72); "Import or update a profile" (user guide).
"""

from typing import Any

Json = dict[str, Any]


def printed(example: Json) -> Json:
    """An example without its token: ours is another."""
    return {name: value for name, value in example.items() if name != "token"}


# --- profiles/import_batch and profiles/update_batch ---

LALA: Json = {
    "_fname": "Lala",
    "_lname": "Doe",
    "Custom_ID": 77,
    "email": "example@example.com",
    "subscriptions": [
        {
            "channel": "email",
            "email_data": {"email": "example@example.com"},
            "resource_id": 28,
            "custom_fields": {"custom_field": "test value"},
            "cats": ["category_1", "category_2"],
        }
    ],
}
VICTOR: Json = {"_fname": "Victor", "Custom_ID": 88, "email": "example@example.com"}
BATCH: Json = {
    "token": "abcdefghijklmnqrstuvwxyz",
    "db_id": 1,
    "matching": "custom",
    "field_name": "Custom_ID",
    "skip_triggers": True,
    "data": [LALA, VICTOR],
}
BATCH_XML = BATCH | {"data": [LALA, {"_fname": "Alex", "Custom_ID": 345, "email": "example@example.com"}]}
PARAMETER_TABLE: Json = {  # `data`, with a field of ours for theirs
    "_fname": "John",
    "_lname": "Doe",
    "CRM_ID": "abcdefghijklmnqrstuvwxyz",
    "email": "john@example.com",
    "subscriptions": [{"channel": "email", "email_data": {"email": "john@example.com"}, "resource_id": 1}],
}
SUBSCRIPTION_TABLE: list[Json] = [
    {"resource_id": 1, "channel": "email", "email": "john@example.com"},
    {"resource_id": 1, "channel": "sms", "phone": "+79000000000"},
    {"resource_id": 1, "channel": "push", "provider": "Firefox", "subscription_id": "abcdefghijklmnqrstuvwxyz"},
    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 1}},
    {"resource_id": 1, "channel": "whatsapp", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "viber", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "notify", "cc_data": {"phone": "+79000000000"}},
]
SUBSCRIPTION_OPTIONS: Json = {
    "status": "subscribed",
    "priority": 1,
    "custom_fields": {"_device_type": "web"},
    "cats": ["category_1"],
}

# --- workflows/import_and_start_batch ---


def _scenario(*people: Json, **matching: str) -> Json:
    return {"token": "abc", "workflow_id": 12, **matching, "data": [{"data": person} for person in people]}


_ALISA = {"_fname": "Alisa", "_lname": "Lambert", "email": "example@example.com", "phones": "+79000000000"}
_ALINA = {"_fname": "Alina", "_lname": "Lambert", "email": "example@example.com", "phones": "+79006574081"}
_VICTOR = _ALINA | {"_fname": "Victor", "phones": "+79000005422", "CRM_ID": "00076"}
_BY_FIELD = {"matching": "custom", "field_name": "CRM_ID"}
SCENARIOS = {
    "by email": _scenario(_ALISA, _ALISA | {"_fname": "Alex"}, matching="email"),
    "by email, xml": _scenario(_ALINA | {"_fname": "John"}, _ALINA | {"_fname": "Bert"}, matching="email"),
    "by a field": _scenario(_ALINA | {"CRM_ID": "00066"}, _VICTOR, **_BY_FIELD),
    "by a field, xml": _scenario(
        _ALINA | {"_fname": "Polina", "CRM_ID": "00067"}, _VICTOR | {"_fname": "Dariya", "CRM_ID": "00077"}, **_BY_FIELD
    ),
}

# --- profiles/import ---

SINGLE: Json = {
    "token": "abcdefghijklmnqrstuvwxyz",
    "db_id": 1,
    "matching": "email",
    "email": "example@example.com",
    "detect_geo": True,
    "data": {
        "_fname": "Olly",
        "_lname": "Lambert",
        "email": "example@example.com",
        "phones": ["+79000000000"],
        "subscriptions": [
            {"resource_id": 1, "channel": "email", "email": "example@example.com"},
            {"resource_id": 1, "channel": "sms", "phone": "+79000000000"},
        ],
    },
}
OLLY = {name: SINGLE["data"][name] for name in ("_fname", "_lname", "email")}
MORE_FIELDS = {
    "_bdate": "1990-02-22T21:00:00Z",
    "_sex": "male",
    "_regdate": "2019-03-14T22:00:00Z",
    "_regip": "94.231.119.122",
    "_ip": "94.231.119.122",
    "_tz": "Europe/Moscow",
    "_postal_code": "390000",
    "_os": "Windows 10",
    "_browser": "Firefox",
    "_vendor": "form_#31",
    "custom_field": "custom_value",
}
PUSH: Json = {
    "resource_id": 1,
    "channel": "push",
    "subscription_id": "a81c264a938b475",
    "provider": "android-firebase",
    "custom_fields": {"_browser_name": "Firefox", "_device_type": "web", "custom_field_1": "test value"},
    "cats": ["category_1", "category_2"],
}
CHANNELS: list[Json] = [
    {"resource_id": 1, "channel": "email", "email": "example@example.com"},
    {"resource_id": 2, "channel": "sms", "phone": "+79000000000"},
    PUSH,
    {"resource_id": 1, "channel": "whatsapp", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "viber", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 12345}},
    {"resource_id": 1, "channel": "notify", "cc_data": {"phone": "+79000000000"}},
]
SINGLE_MORE = SINGLE | {"data": SINGLE["data"] | MORE_FIELDS}
SINGLES = {
    "first": SINGLE,
    "second": SINGLE_MORE,
    "xml dates": SINGLE | {"data": SINGLE_MORE["data"] | {"_bdate": "1990-07-06", "_regdate": "2023-07-06"}},
    "third": SINGLE | {"data": OLLY | {"subscriptions": CHANNELS}},
}

# --- "Import or update a profile" ---

IVAN: Json = {
    "email": "i.petrov@example.com",
    "_fname": "Ivan",
    "_lname": "Petrov",
    "_sex": "male",
    "_bdate": "1990-01-15T12:00:00Z",
    "_city": "Moscow",
    "phones": ["+79000000000"],
}
DEVICE = "abcdefghijklmnqrstuvwxyz"
STEPS = {
    "adding": {"email": "i.petrov@example.com"},
    "updating": IVAN,
    "subscribing": IVAN
    | {
        "subscriptions": [
            {"channel": "email", "email": "i.petrov@example.com", "resource_id": 1},
            {"channel": "sms", "phone": "+79000000000", "resource_id": 1},
            {"channel": "push", "provider": "Firefox", "resource_id": 1, "subscription_id": DEVICE},
        ]
    },
}
SEARCHES: dict[str, tuple[str, str, Json, Json]] = {  # matching, its field, what of the person finds it, and as sent
    "email": ("email", "", {"email": "example@example.com"}, {"email": "example@example.com"}),
    "phone": ("phone", "", {"phones": ["+79000000000"]}, {"phone": "+79000000000"}),
    "id": ("profile_id", "", {"profile_id": "012452gf62fcd71fjh8ec0"}, {"profile_id": "012452gf62fcd71fjh8ec0"}),
    "field": ("custom", "CRM_ID", {"CRM_ID": "12345"}, {"field_name": "CRM_ID", "field_value": "12345"}),
}


def guide_request(step: str) -> Json:
    """What leaves for a step of the guide, without our token."""
    asked = {"db_id": 5, "matching": "email", "email": "i.petrov@example.com"}
    return asked | {"skip_triggers": True, "data": STEPS[step]}
