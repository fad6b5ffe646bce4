"""Call x channel of a subscription: the exact JSON that left."""

import itertools
from typing import Any

import pytest

from imports.mapping import CONTACT_KINDS, SubscriptionRule

from .road import WAYS, Server, bodies, connection_to, travel

pytestmark = pytest.mark.django_db

CONTACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "email": ("b@example.com", {"email": "b@example.com"}),
    "sms": ("+79000000002", {"phone": "+79000000002"}),
    "push": ("t1", {"subscription_id": "t1", "provider": "Firefox"}),
    "telegram_bot": ("77", {"cc_data": {"id": 77}}),
    "whatsapp": ("+79000000002", {"cc_data": {"phone": "+79000000002"}}),
    "viber": ("+79000000002", {"cc_data": {"phone": "+79000000002"}}),
    "notify": ("+79000000002", {"cc_data": {"phone": "+79000000002"}}),
}


@pytest.mark.parametrize(
    ("operation", "single", "channel", "nested"),
    [
        (name, single, channel, nested)
        for (name, single, _), channel in itertools.product(WAYS, CONTACT_KINDS)
        for nested in ((True, False) if channel == "email" and not single else (True,))
    ],
)
def test_every_channel_of_every_call(
    anna: Any, server: Server, operation: str, single: bool, channel: str, nested: bool
) -> None:
    recording = server()
    cell, shape = CONTACTS[channel]
    rule = SubscriptionRule(channel, 1, "column:1", "Firefox" if channel == "push" else "")
    table = [["email", "(contact)"], ["a@example.com", cell], ["c@example.com", ""]]
    choices = {"operation": operation, "single": single, "scenario_id": 12 if operation == "scenario" else None}

    travel(anna, connection_to(recording, nested_email=nested), table, subscriptions=(rule,), **choices)

    if channel == "email" and nested and not single:
        shape = {"email_data": shape}
    first = {"email": "a@example.com", "subscriptions": [{"channel": channel, "resource_id": 1, **shape}]}
    sent = [body["data"] for body in bodies(recording)]
    profiles = sent if single else sent[0]
    wrapped = operation == "scenario"
    assert [one["data"] if wrapped else one for one in profiles] == [first, {"email": "c@example.com"}]
