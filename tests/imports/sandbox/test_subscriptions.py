"""Subscriptions of all seven channels: accepted, refused, merged."""

from typing import Any

import pytest

from imports.sandbox.demo import demo_catalogue
from imports.sandbox.errors import Refused
from imports.sandbox.subscriptions import check_subscription, merge_subscriptions

from .conftest import Caller

RESOURCES = demo_catalogue().resources
EMAIL = {"channel": "email", "resource_id": 1, "email": "anna@example.com"}
SMS = {"channel": "sms", "resource_id": 1, "phone": "+79000000000"}


def kept(given: Any, database_id: int = 1) -> dict[str, Any]:
    return check_subscription(given, RESOURCES, database_id)


@pytest.mark.parametrize(
    ("given", "contact"),
    [
        ({"channel": "email", "email": "a@example.com"}, {"email_data": {"email": "a@example.com"}}),
        ({"channel": "email", "email_data": {"email": "a@example.com"}}, {"email_data": {"email": "a@example.com"}}),
        ({"channel": "sms", "phone": "+79000000000"}, {"phone_data": {"phone": "+79000000000"}}),
        (
            {"channel": "push", "provider": "Firefox", "subscription_id": "d"},
            {"provider": "Firefox", "subscription_id": "d"},
        ),
        ({"channel": "telegram_bot", "cc_data": {"id": 1}}, {"cc_data": {"id": 1}}),
        *[
            ({"channel": name, "cc_data": {"phone": "+79000000000"}}, {"cc_data": {"phone": "+79000000000"}})
            for name in ("whatsapp", "viber", "notify")
        ],
    ],
)
def test_contact_is_kept_in_the_extended_shape(given: dict[str, Any], contact: dict[str, Any]) -> None:
    assert kept({"resource_id": 1, **given}) == {"resource_id": 1, "channel": given["channel"], **contact}


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("email", "subscriptions"),
        ({**EMAIL, "resource_id": 2}, "sub_resource"),
        ({**EMAIL, "resource_id": "1"}, "sub_resource"),
        ({"channel": "push", "resource_id": 28, "provider": "p", "subscription_id": "d"}, "sub_channel"),
        ({"resource_id": 1, "email": "a@example.com"}, "sub_channel"),
        ({**EMAIL, "email": "anna"}, "sub_contact"),
        ({"channel": "email", "resource_id": 1}, "sub_contact"),
        ({**SMS, "phone": "89000000000"}, "sub_contact"),
        ({"channel": "push", "resource_id": 1, "subscription_id": "d"}, "sub_contact"),
        ({"channel": "telegram_bot", "resource_id": 1, "cc_data": {"id": "1"}}, "sub_contact"),
        ({"channel": "viber", "resource_id": 1, "phone": "+79000000000"}, "sub_contact"),
        ({**EMAIL, "status": "asleep"}, "sub_status"),
        ({**EMAIL, "status": 7}, "sub_status"),
        ({**EMAIL, "priority": "1"}, "sub_priority"),
        ({**EMAIL, "priority": -2}, "sub_priority"),
        ({**EMAIL, "custom_fields": {"shoe_size": 1}}, "sub_fields"),
        ({**EMAIL, "cats": "news"}, "sub_cats"),
    ],
)
def test_subscription_is_refused(given: Any, name: str) -> None:
    with pytest.raises(Refused) as fault:
        kept(given)
    assert fault.value.name == name


def test_resource_must_be_bound_to_the_database() -> None:
    with pytest.raises(Refused, match="sub_database"):
        kept({**EMAIL, "resource_id": 28}, database_id=5)


def test_new_subscription_is_subscribed_unless_told() -> None:
    statuses = [each["status"] for each in merge_subscriptions([], [kept(EMAIL), kept({**SMS, "status": 4})])]
    assert statuses == ["subscribed", "unconfirmed"]


@pytest.mark.parametrize(
    ("change", "after"),
    [
        ({}, ("unsubscribed", 3)),
        ({"status": -1, "priority": -1}, ("unsubscribed", 3)),
        ({"status": 0, "priority": 0}, ("subscribed", 0)),
        ({"status": "subscribed"}, ("subscribed", 3)),
        ({"priority": 5}, ("unsubscribed", 5)),
    ],
)
def test_zero_counts_and_absence_leaves_unchanged(change: dict[str, Any], after: tuple[str, int]) -> None:
    before = merge_subscriptions([], [kept({**EMAIL, "status": "unsubscribed", "priority": 3})])
    (merged,) = merge_subscriptions(before, [kept({**EMAIL, "email": "ANNA@example.com", **change})])
    assert (merged["status"], merged["priority"]) == after


def test_repeat_adds_fields_and_categories() -> None:
    before = merge_subscriptions([], [kept({**EMAIL, "custom_fields": {"custom_field": "a"}, "cats": ["x"]})])
    given = kept({**EMAIL, "custom_fields": {"custom_field_1": "b"}, "cats": ["y", "x"]})
    (merged,) = merge_subscriptions(before, [given])
    assert merged["custom_fields"] == {"custom_field": "a", "custom_field_1": "b"}
    assert merged["cats"] == ["x", "y"]


def test_other_contact_or_channel_is_another_subscription() -> None:
    given = [kept(EMAIL), kept({**EMAIL, "email": "work@example.com"}), kept(SMS), kept({**SMS, "resource_id": 28})]
    assert len(merge_subscriptions([], [*given, *given])) == 4


def test_bad_subscription_fails_the_profile_unless_skipped(api: Caller) -> None:
    person = {"email": "anna@example.com", "subscriptions": [EMAIL, {**SMS, "phone": "1"}]}
    assert api.codes([person]) == [1044]
    assert api.codes([person], skip_invalid_subscriptions=True) == [0]
    assert len(api.sandbox.platform.profile("anna@example.com")["subscriptions"]) == 1
