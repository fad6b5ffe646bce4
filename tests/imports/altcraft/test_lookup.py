"""What profiles/get is asked for, for each way of finding people, and how a profile found is compared."""

from typing import Any

import pytest

from imports.altcraft.lookup import differing, lookup_params

MAIL, PHONE = "anna@example.com", "+79000000001"
SUBSCRIPTIONS = [
    {"channel": "email", "resource_id": 4, "email_data": {"email": "sub@example.com"}},
    {"channel": "sms", "resource_id": 4, "phone": "+79000000002"},
    {"channel": "push", "resource_id": 4, "provider": "android_firebase", "subscription_id": "device-1"},
]
PROFILE = {"email": MAIL, "phones": [PHONE], "Card": 77, "profile_id": "f" * 24, "subscriptions": SUBSCRIPTIONS}


@pytest.mark.parametrize(
    ("matching", "key"),
    [
        ("email", {"email": MAIL}),
        ("email_profile", {"email": MAIL}),
        ("email_sub", {"email": "sub@example.com"}),
        ("phone", {"phone": PHONE}),
        ("phone_sub", {"phone": "+79000000002"}),
        ("email_phone", {"email": MAIL, "phone": PHONE}),
        ("email_phone_sub", {"email": "sub@example.com", "phone": "+79000000002"}),
        ("profile_id", {"profile_id": "f" * 24}),
        ("push_sub", {"provider": "android_firebase", "subscription_id": "device-1"}),
        ("custom", {"field_name": "Card", "field_value": 77}),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_the_key_is_what_was_sent(matching: str, key: dict[str, Any], wrapped: bool) -> None:
    sent = {"data": PROFILE} if wrapped else PROFILE
    assert lookup_params(sent, database_id=5, matching=matching, match_field="Card") == {
        "db_id": 5,
        "matching": matching,
        **key,
    }


def test_a_key_that_stood_beside_the_profile_is_asked_for() -> None:
    sent = {"field_value": "A-7", "data": {"email": MAIL}}
    asked = lookup_params(sent, database_id=5, matching="custom", match_field="Card", resource_id=4)
    assert asked == {"db_id": 5, "matching": "custom", "field_value": "A-7", "field_name": "Card", "resource_id": 4}


@pytest.mark.parametrize("matching", ["email", "phone", "custom", "push_sub", "profile_id", "custom_sub", ""])
def test_without_a_key_nothing_is_asked(matching: str) -> None:
    assert lookup_params({"_fname": "Anna"}, database_id=5, matching=matching, match_field="Card") is None


def test_fields_are_compared_and_instructions_are_not() -> None:
    sent = {
        "email": MAIL,
        "_bdate": "1990-02-01",
        "Tags": ["b", "a"],
        "Points": {"incr": 5},
        "_fname": "Anna",
        "Age": 7,
    }
    found = {"email": MAIL.upper(), "_bdate": "1990-02-01T00:00:00Z", "Tags": ["a", "b"], "_fname": "Inna", "Age": "7"}
    assert differing(sent, found) == (["email", "_bdate", "Tags", "Age"], ["_fname"])
