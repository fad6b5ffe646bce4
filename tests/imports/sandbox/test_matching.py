"""The eleven modes, in batches and in single calls."""

from typing import Any

import pytest

from .conftest import Caller

KNOWN = {
    "email": "anna@example.com",
    "phones": ["+79000000001"],
    "CRM_ID": "00077",
    "Custom_ID": 77,
    "interests": ["tea", "books"],
    "subscriptions": [
        {"channel": "email", "resource_id": 1, "email": "work@example.com", "custom_fields": {"custom_field": "c-1"}},
        {"channel": "sms", "resource_id": 28, "phone": "+79000000002"},
        {"channel": "push", "resource_id": 1, "provider": "Firefox", "subscription_id": "device-1"},
    ],
}
SMS = {"channel": "sms", "resource_id": 28, "phone": "+79000000002"}
MAIL = {"channel": "email", "resource_id": 1, "email_data": {"email": "Work@example.com"}}
PUSH = {"channel": "push", "resource_id": 1, "provider": "Firefox", "subscription_id": "device-1"}


@pytest.fixture
def anna(api: Caller) -> str:
    return str(api.rows("profiles/import_batch", [KNOWN])[0]["profile_id"])


@pytest.mark.parametrize(
    ("mode", "profile"),
    [
        ({}, {"email": "Anna@example.com"}),
        ({"matching": "email"}, {"email": "anna@example.com"}),
        ({"matching": "email_profile"}, {"email": "anna@example.com"}),
        ({"matching": "email_sub"}, {"subscriptions": [MAIL]}),
        ({"matching": "phone"}, {"phones": ["+79000000009", "+79000000001"]}),
        ({"matching": "phone"}, {"phones": ["+79000000002"]}),
        ({"matching": "phone_sub"}, {"subscriptions": [SMS]}),
        ({"matching": "phone_sub"}, {"phones": ["+79000000002"]}),
        ({"matching": "push_sub"}, {"subscriptions": [PUSH]}),
        ({"matching": "custom", "field_name": "CRM_ID"}, {"CRM_ID": "00077"}),
        ({"matching": "custom", "field_name": "Custom_ID"}, {"Custom_ID": 77}),
        ({"matching": "custom_sub", "field_name": "custom_field"}, {"subscriptions": KNOWN["subscriptions"]}),
        ({"matching": "email_phone"}, {"phones": ["+79000000001"]}),
        ({"matching": "email_phone"}, {"email": "anna@example.com", "phones": ["+79000000001"]}),
        ({"matching": "email_phone_sub"}, {"subscriptions": [SMS]}),
    ],
)
def test_batch_finds_the_profile(api: Caller, anna: str, mode: dict[str, Any], profile: dict[str, Any]) -> None:
    (row,) = api.rows("profiles/update_batch", [{**profile, "_city": "Tver"}], **mode)
    assert (row["error"], row["profile_id"]) == (0, anna)
    assert api.sandbox.platform.profile(anna)["_city"] == "Tver"


def test_batch_by_profile_id_has_the_id_in_the_profile(api: Caller, anna: str) -> None:
    (row,) = api.rows("profiles/update_batch", [{"profile_id": anna, "_city": "Tver"}], matching="profile_id")
    assert row["profile_id"] == anna
    assert "profile_id" not in api.sandbox.platform.profile(anna)


@pytest.mark.parametrize(
    "asked",
    [
        {"matching": "email", "email": "work@example.com"},
        {"matching": "email_profile", "email": "anna@example.com"},
        {"matching": "email_sub", "email": "work@example.com"},
        {"matching": "phone", "phone": "+79000000001"},
        {"matching": "phone_sub", "phone": "+79000000002"},
        {"matching": "push_sub", "provider": "Firefox", "subscription_id": "device-1"},
        {"matching": "custom", "field_name": "CRM_ID", "field_value": "00077"},
        {"matching": "custom", "field_name": "Custom_ID", "field_value": "77"},
        {"matching": "custom", "field_name": "interests", "field_value": "books, tea"},
        {"matching": "custom_sub", "field_name": "custom_field", "field_value": "c-1"},
        {"matching": "email_phone", "phone": "+79000000001"},
        {"matching": "email_phone_sub", "email": "work@example.com"},
    ],
)
def test_single_call_finds_the_profile(api: Caller, anna: str, asked: dict[str, Any]) -> None:
    assert api("profiles/get", db_id=1, **asked)["data"]["_id"] == anna
    assert api("profiles/update", db_id=1, data={"_city": "Tver"}, **asked)["profile_id"] == anna


def test_profile_id_needs_no_matching_in_a_single_update(api: Caller, anna: str) -> None:
    assert api("profiles/update", db_id=1, profile_id=anna, data={"points": 1})["profile_id"] == anna


@pytest.mark.parametrize(
    "asked",
    [
        {"matching": "email_profile", "email": "work@example.com"},
        {"matching": "email_sub", "email": "anna@example.com"},
        {"matching": "phone_sub", "phone": "+79000000001"},
        {"matching": "email_phone_sub", "email": "anna@example.com", "phone": "+79000000001"},
        {"matching": "email_phone", "phone": "+79000000002"},
        {"matching": "phone", "phone": "+79000000002", "resource_id": 1},
        {"matching": "custom", "field_name": "CRM_ID", "field_value": "77"},
    ],
)
def test_mode_does_not_look_elsewhere(api: Caller, anna: str, asked: dict[str, Any]) -> None:
    assert api("profiles/get", db_id=1, **asked) == {"error": 404, "error_text": "Profile not found"}


@pytest.mark.parametrize(
    ("mode", "missing"),
    [
        ({"matching": "email"}, "email"),
        ({"matching": "phone"}, "phones"),
        ({"matching": "push_sub"}, "subscription_id"),
        ({"matching": "profile_id"}, "profile_id"),
        ({"matching": "custom", "field_name": "CRM_ID"}, "CRM_ID"),
        ({"matching": "email_phone"}, "email, phones"),
    ],
)
def test_profile_without_its_key_is_refused(api: Caller, mode: dict[str, Any], missing: str) -> None:
    (row,) = api.rows("profiles/import_batch", [{"_fname": "Anna"}], **mode)
    assert (row["error"], row["error_text"]) == (1001, f"Matching field is missing: {missing}")


def test_unknown_profile_id_is_never_created(api: Caller) -> None:
    assert api.codes([{"profile_id": "f" * 24}], matching="profile_id") == [404]


def test_several_people_with_one_key_are_refused(api: Caller) -> None:
    people = [{"email": f"{name}@example.com", "phones": ["+79000000005"]} for name in ("a", "b")]
    assert api.codes([*people]) == [0, 0]
    assert api.codes([{"phones": ["+79000000005"], "_city": "Tver"}], matching="phone") == [409]


def test_resource_limits_the_search_in_subscriptions(api: Caller, anna: str) -> None:
    assert api("profiles/get", db_id=1, matching="phone", phone="+79000000002", resource_id=28)["data"]["_id"] == anna


def test_changed_contact_is_found_by_the_new_one_only(api: Caller, anna: str) -> None:
    api.codes([{"CRM_ID": "00077", "email": "new@example.com"}], matching="custom", field_name="CRM_ID")
    assert api.sandbox.platform.find("new@example.com") == [anna]
    assert api.sandbox.platform.find("anna@example.com") == []


def test_duplicate_keys_in_one_batch_hit_the_same_profile(api: Caller) -> None:
    first, second = api.rows("profiles/import_batch", [{"email": "x@example.com"}, {"email": "X@example.com"}])
    assert first["profile_id"] == second["profile_id"]
    assert api.sandbox.platform.times_applied("x@example.com") == 2
