"""The requests the documents print, restated with invented people, and the envelopes they print for answers.

Pages: profiles/import_batch (v72), workflows/import_and_start_batch (v72), profiles/update_batch (2026),
profiles/import (v74), "Import or update a profile" (user guide).
"""

from typing import Any

import pytest

from .conftest import Caller

OK = {"error": 0, "error_text": "Successful operation"}


def lala(email: str = "lala@example.com") -> dict[str, Any]:
    subscription = {
        "channel": "email",
        "email_data": {"email": email},
        "resource_id": 28,
        "custom_fields": {"custom_field": "test value"},
        "cats": ["category_1", "category_2"],
    }
    return {"_fname": "Lala", "_lname": "Doe", "Custom_ID": 77, "email": email, "subscriptions": [subscription]}


def batch(**changes: Any) -> dict[str, Any]:
    victor = {"_fname": "Victor", "Custom_ID": 88, "email": "victor@example.com"}
    by_custom = {"db_id": 1, "matching": "custom", "field_name": "Custom_ID", "skip_triggers": True}
    return {**by_custom, "data": [lala(), victor], **changes}


@pytest.mark.parametrize("path", ["profiles/import_batch", "profiles/import_batch/"])
def test_import_batch_by_a_custom_field(api: Caller, path: str) -> None:
    answered = api(path, **batch())
    ids = [row["profile_id"] for row in answered["result"]]
    assert answered == {**OK, "result": [{**OK, "profile_id": found} for found in ids]}
    assert [len(found) for found in ids] == [24, 24]


def test_update_batch_answers_the_ids_import_batch_gave(api: Caller) -> None:
    imported = api("profiles/import_batch", **batch())
    assert api("profiles/update_batch", **batch()) == imported


def test_two_people_with_one_address_clash_on_the_unique_email(api: Caller) -> None:
    people = [lala(), {"_fname": "Victor", "Custom_ID": 88, "email": "lala@example.com"}]
    rows = api("profiles/import_batch", **batch(data=people))["result"]
    assert [row["error"] for row in rows] == [0, 409]
    assert rows[1]["profile_id"] == ""


def test_single_import_with_phones_and_subscriptions(api: Caller) -> None:
    olly = {
        "_fname": "Olly",
        "email": "olly@example.com",
        "phones": ["+79000000000"],
        "_bdate": "1990-02-22T21:00:00Z",
        "_sex": 0,
        "_regdate": "2019-03-14T22:00:00Z",
        "_regip": "94.231.119.122",
        "_ip": "94.231.119.122",
        "_tz": "Europe/Moscow",
        "_postal_code": "390000",
        "_os": "Windows 10",
        "_browser": "Firefox",
        "_vendor": "form_#31",
        "custom_field": "custom_value",
        "subscriptions": [
            {"resource_id": 1, "channel": "email", "email": "olly@example.com"},
            {"resource_id": 28, "channel": "sms", "phone": "+79000000000"},
            {
                "resource_id": 1,
                "channel": "push",
                "subscription_id": "a81c264a938b475",
                "provider": "android-firebase",
                "custom_fields": {"_browser_name": "Firefox", "_device_type": "web", "custom_field_1": "test value"},
                "cats": ["category_1", "category_2"],
            },
            {"resource_id": 1, "channel": "whatsapp", "cc_data": {"phone": "+79000000000"}},
            {"resource_id": 1, "channel": "viber", "cc_data": {"phone": "+79000000000"}},
            {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 12345}},
            {"resource_id": 1, "channel": "notify", "cc_data": {"phone": "+79000000000"}},
        ],
    }
    asked = {"db_id": 1, "matching": "email", "email": "olly@example.com", "detect_geo": True}
    answered = api("profiles/import", **asked, data=olly)
    assert answered == {**OK, "profile_id": answered["profile_id"]}
    kept = api("profiles/get", db_id=1, matching="email", email="olly@example.com")["data"]
    assert len(kept["subscriptions"]) == 7


def test_user_guide_adds_then_updates_then_subscribes(api: Caller) -> None:
    asked = {"db_id": 5, "matching": "email", "email": "i.petrov@example.com"}
    person: dict[str, Any] = {"email": "i.petrov@example.com"}
    first = api("profiles/import", **asked, data=person)
    person |= {"_fname": "Ivan", "_lname": "Petrov", "_sex": "male", "_bdate": "1990-01-15T12:00:00Z"}
    person |= {"_city": "Moscow", "phones": ["+79000000000"]}
    second = api("profiles/import", **asked, data=person)
    person["subscriptions"] = [
        {"channel": "email", "email": "i.petrov@example.com", "resource_id": 1},
        {"channel": "sms", "phone": "+79000000000", "resource_id": 1},
        {"channel": "push", "provider": "Firefox", "resource_id": 1, "subscription_id": "abcdefghijklmnqrstuvwxyz"},
    ]
    third = api("profiles/import", **asked, data=person)
    assert first == second == third == {**OK, "profile_id": first["profile_id"]}


@pytest.mark.parametrize(
    "matching", [{"matching": "email"}, {"matching": "custom", "field_name": "CRM_ID"}], ids=["email", "custom"]
)
def test_scenario_batch_answers_profile_ids_alone(api: Caller, matching: dict[str, Any]) -> None:
    people = [
        {"_fname": "Alina", "email": "alina@example.com", "phones": "+79006574081", "CRM_ID": "00066"},
        {"_fname": "Victor", "email": "victor@example.com", "phones": "+79000005422", "CRM_ID": "00076"},
    ]
    wrapped = [{"data": person} for person in people]
    answered = api("workflows/import_and_start_batch", workflow_id=12, data=wrapped, **matching)
    assert answered == {**OK, "result": [{"profile_id": row["profile_id"]} for row in answered["result"]]}
    assert len({row["profile_id"] for row in answered["result"]}) == 2


def test_body_over_the_limit_is_answered_as_printed(api: Caller) -> None:
    api.post("/sandbox/control", {"body_limit": 500})
    answered = api("profiles/import_batch", **batch(data=[{"email": "lala@example.com", "notes": "x" * 500}]))
    assert answered == {"error": 400, "error_debug": "http: request body too large", "error_text": "Invalid request"}
    assert api.last.status == 200
    assert not api.sandbox.platform.find("lala@example.com")
