"""Subscriptions a JSON file brings along: every documented shape passes as it is, anything else names its place."""

import json
from typing import Any

import pytest

from imports.validation import Refused
from imports.validation.given import clean_given

OWN = {"custom_fields": {"_device_type": "web", "custom_field_1": "test value"}, "cats": ["category_1", "category_2"]}
DOCUMENTED: list[dict[str, Any]] = [
    {"resource_id": 1, "channel": "email", "email": "example@example.com"},
    {"resource_id": 2, "channel": "sms", "phone": "+79000000000"},
    {"resource_id": 1, "channel": "push", "subscription_id": "a81c264a938b475", "provider": "android-firebase", **OWN},
    {"resource_id": 1, "channel": "whatsapp", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "viber", "cc_data": {"phone": "+79000000000"}},
    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 12345}},
    {"resource_id": 1, "channel": "notify", "cc_data": {"phone": "+79000000000"}},
]
EMAIL = DOCUMENTED[0]


def cleaned(*given: Any, statuses: str = "refuse") -> Any:
    return clean_given(json.dumps(given), "RU", statuses)


def test_every_shape_of_the_documents_comes_out_as_it_went_in() -> None:
    assert cleaned(*DOCUMENTED) == DOCUMENTED


def test_the_nested_spelling_of_an_address_is_the_same_subscription() -> None:
    nested = {"resource_id": 1, "channel": "email", "email_data": {"email": "Example@Example.com"}}

    assert cleaned(nested) == [{"resource_id": 1, "channel": "email", "email": "Example@example.com"}]


def test_contacts_are_cleaned_like_any_other() -> None:
    assert cleaned({"resource_id": 2, "channel": "sms", "phone": "8 (900) 000-00-00"}) == [DOCUMENTED[1]]


@pytest.mark.parametrize("asked", [{"status": "subscribed"}, {"status": 0}, {"priority": 0}])
def test_a_status_or_priority_stays_behind_unless_somebody_says_what_to_do_with_it(asked: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="given_status"):
        cleaned(EMAIL | asked)
    assert cleaned(EMAIL | asked, statuses="leave_out") == [EMAIL]
    assert cleaned(EMAIL | asked, statuses="send") == [EMAIL | asked]


def test_minus_one_changes_nothing_and_is_left_out() -> None:
    """Source: profiles/update_batch, Description."""
    assert cleaned(EMAIL | {"status": -1, "priority": -1}) == [EMAIL]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (EMAIL | {"channel": "pigeon"}, "given_channel"),
        (EMAIL | {"channel": ["email"]}, "given_channel"),
        (EMAIL | {"resource_id": "1"}, "given_resource"),
        (EMAIL | {"resource_id": True}, "given_resource"),
        (EMAIL | {"phone": "+79000000000"}, "given_key_unknown"),
        (EMAIL | {"email": "nobody"}, "given_contact"),
        (EMAIL | {"email_data": {"email": "b@example.com"}}, "given_contact"),
        ({"resource_id": 1, "channel": "push", "subscription_id": "t"}, "given_contact"),
        ({"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": "12345"}}, "given_contact"),
        ({"resource_id": 1, "channel": "viber", "cc_data": "+79000000000"}, "given_contact"),
        (EMAIL | {"cats": "news"}, "given_value"),
        (EMAIL | {"custom_fields": []}, None),
        (EMAIL | {"custom_fields": ["x"]}, "given_value"),
        (EMAIL | {"status": "gone"}, "given_value"),
        (EMAIL | {"priority": -2}, "given_value"),
    ],
)
def test_what_no_document_shows_is_refused_by_its_place(given: dict[str, Any], code: str | None) -> None:
    if code is None:
        assert cleaned(given) == [EMAIL]
        return
    with pytest.raises(Refused) as refused:
        cleaned(EMAIL, given)

    assert refused.value.code == code
    assert refused.value.params["number"] == "2"


@pytest.mark.parametrize("text", ["yes", "{}", "[1]", '"x"'])
def test_anything_but_a_list_of_objects_is_no_list_of_subscriptions(text: str) -> None:
    with pytest.raises(Refused, match="given_not_list"):
        clean_given(text, "", "refuse")
