"""Choices an account cannot carry out are named before anything is read."""

from typing import Any

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import SubscriptionRule

from .road import Choices

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("choices", "code"),
    [
        ({"operation": "scenario", "scenario_id": 13}, "scenario_other_database"),
        ({"operation": "scenario", "scenario_id": 99}, "scenario_unknown"),
        ({"operation": "scenario"}, "scenario_missing"),
        ({"operation": "scenario", "scenario_id": 12, "single": True}, "single_not_for_call"),
        (
            {"operation": "scenario", "scenario_id": 12, "matching": "", "custom_request": "["},
            "custom_request_malformed",
        ),
        ({"operation": "scenario", "scenario_id": 12, "custom_request": "{}"}, "custom_request_with_matching"),
        ({"matching": "profile_id"}, "matching_not_for_call"),
        ({"matching": "custom_sub"}, "match_field_missing"),
        ({"database_id": 5, "subscriptions": (SubscriptionRule("email", 28),)}, "resource_not_bound"),
        ({"subscriptions": (SubscriptionRule("viber", 28),)}, "channel_not_in_resource"),
        ({"subscriptions": (SubscriptionRule("email", 99),)}, "resource_unknown"),
        ({"subscriptions": (SubscriptionRule("email", 28),) * 2}, "subscription_twice"),
        (
            {"subscriptions": (SubscriptionRule("email", 28, custom_fields=(("town", "x"),)),)},
            "subscription_field_unknown",
        ),
        ({"single": True, "add_to_segments": (99,)}, "segment_unknown"),
        ({"single": True, "add_to_segments": (2,), "remove_from_segments": (2,)}, "segment_in_and_out"),
    ],
)
def test_choices_the_account_cannot_carry_out_are_named(sandbox: Any, choices: Choices, code: str) -> None:
    connection = actions.add_connection(name="Sandbox", base_url=sandbox.url, token=sandbox.token, by=None)
    lists = ("databases", "resources", "scenarios", "segments", "resource_fields/28/email")
    assert actions.refresh_catalogue(connection, *lists) == []

    faults = actions.destination_faults(connection, Destination(**({"database_id": 1} | choices)))

    assert code in [found for found, _ in faults]
