"""Call x matching: the exact JSON that left, after the whole road from a file to the wire."""

from typing import Any

import pytest

from imports.mapping import SubscriptionRule
from imports.results import totals

from .road import TOKEN, WAYS, Server, bodies, connection_to, travel

pytestmark = pytest.mark.django_db

KEYS: dict[str, dict[str, Any]] = {
    "email": {"email": "a@example.com"},
    "email_profile": {"email": "a@example.com"},
    "email_sub": {"email": "a@example.com"},
    "phone": {"phones": ["+79000000001"]},
    "phone_sub": {"phones": ["+79000000001"]},
    "email_phone": {"email": "a@example.com", "phones": ["+79000000001"]},
    "email_phone_sub": {"email": "a@example.com", "phones": ["+79000000001"]},
    "custom": {"CRM_ID": "00066"},
    "profile_id": {"profile_id": "5f19953a03e4227216278ba4"},
    "push_sub": {},
    "custom_sub": {},
}
SEARCHED: dict[str, dict[str, Any]] = {
    "phone": {"phone": "+79000000001"},
    "phone_sub": {"phone": "+79000000001"},
    "email_phone": {"email": "a@example.com", "phone": "+79000000001"},
    "email_phone_sub": {"email": "a@example.com", "phone": "+79000000001"},
    "custom": {"field_value": "00066"},
    "push_sub": {"provider": "Firefox", "subscription_id": "t1"},
    "custom_sub": {"field_value": "t1"},
}
MATCH_FIELD = {"custom": "CRM_ID", "custom_sub": "card"}
SEARCHES = [(name, single, mode) for name, single, call in WAYS for mode in call.matchings]


def rule_for(matching: str) -> SubscriptionRule | None:
    if matching == "push_sub":
        return SubscriptionRule("push", 1, "column:0", "Firefox")
    return SubscriptionRule("push", 1, "column:0", "Firefox", custom_fields=(("card", "column:0"),))


@pytest.mark.parametrize(("operation", "single", "matching"), SEARCHES)
def test_every_matching_a_call_can_carry(
    anna: Any, server: Server, operation: str, single: bool, matching: str
) -> None:
    recording = server()
    key = KEYS[matching]
    head = ["(token)", "_fname", *key]
    row = ["t1", "Olly", *(value[0] if isinstance(value, list) else value for value in key.values())]
    rules = (rule_for(matching),) if matching in ("push_sub", "custom_sub") else ()
    choices = {"operation": operation, "single": single, "scenario_id": 12 if operation == "scenario" else None}

    job = travel(
        anna,
        connection_to(recording),
        [head, row],
        matching=matching,
        match_field=MATCH_FIELD.get(matching, ""),
        subscriptions=rules,
        **choices,
    )

    profile: dict[str, Any] = {"_fname": "Olly", **key}
    if rules:
        own = {"custom_fields": {"card": "t1"}} if matching == "custom_sub" else {}
        push = {"channel": "push", "resource_id": 1, "subscription_id": "t1", "provider": "Firefox"}
        profile["subscriptions"] = [push | own]
    beside = SEARCHED.get(matching, key) if single else {}
    if single:
        profile.pop("profile_id", None)
    place = {"workflow_id": 12} if operation == "scenario" else {"db_id": 1}
    named = {"field_name": MATCH_FIELD[matching]} if matching in MATCH_FIELD else {}
    carried: Any = profile if single else [{"data": profile} if operation == "scenario" else profile]
    assert bodies(recording) == [
        {"token": TOKEN, **place, "matching": matching, **named, **beside, "skip_triggers": True, "data": carried}
    ]
    assert totals(job).accepted == 1
