"""The request examples of the documents as tables: their values in cells, their subscriptions as rules."""

from typing import Any

import pytest

from imports.mapping import SubscriptionRule
from imports.results import totals
from tests.documented import BATCH, CHANNELS, MORE_FIELDS, OLLY, PUSH, SCENARIOS, SINGLE, printed

from .road import TOKEN, Server, bodies, connection_to, paths, travel

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("operation", ["import", "update"])
def test_the_example_of_the_batch_pages(anna: Any, server: Server, operation: str) -> None:
    """Source: profiles/import_batch and profiles/update_batch, Request example. Lala alone has the subscription."""
    recording = server()
    own = (("custom_field", "test value"),)
    rule = SubscriptionRule("email", 28, "column:4", "", ("category_1", "category_2"), own)
    table = [
        ["_fname", "_lname", "Custom_ID", "email", "(subscribe)"],
        ["Lala", "Doe", "77", "example@example.com", "example@example.com"],
        ["Victor", "", "88", "example@example.com", ""],
    ]

    choices = {"operation": operation, "matching": "custom", "match_field": "Custom_ID", "subscriptions": (rule,)}
    job = travel(anna, connection_to(recording), table, **choices)

    assert paths(recording) == [f"profiles/{operation}_batch"]
    assert bodies(recording) == [BATCH | {"token": TOKEN}]
    assert totals(job).accepted == 2


@pytest.mark.parametrize("example", SCENARIOS)
def test_the_examples_of_the_scenario_page(anna: Any, server: Server, example: str) -> None:
    """Source: workflows/import_and_start_batch, Request examples; phones as the array the other pages print, and the
    option it leaves at its default said aloud."""
    recording = server()
    document = SCENARIOS[example]
    people = [item["data"] for item in document["data"]]
    head = list({name: None for person in people for name in person})
    table = [head, *([person.get(name, "") for name in head] for person in people)]

    choices = {"operation": "scenario", "scenario_id": 12, "skip_triggers": False, "duplicates": "all"}
    search = {"matching": document["matching"], "match_field": document.get("field_name", "")}
    travel(anna, connection_to(recording), table, **search, **choices)

    expected = [{"data": person | {"phones": [person["phones"]]}} for person in people]
    assert paths(recording) == ["workflows/import_and_start_batch"]
    assert bodies(recording) == [printed(document) | {"token": TOKEN, "skip_triggers": False, "data": expected}]


def test_the_last_example_of_the_single_import_page(anna: Any, server: Server) -> None:
    """Source: profiles/import (v74), third and second request example in one, with the word for the gender."""
    recording = server()
    person = OLLY | {"phones": "+79000000000"} | MORE_FIELDS
    push = f"column:{len(person)}", PUSH["provider"], tuple(PUSH["cats"]), tuple(PUSH["custom_fields"].items())
    rules = (
        SubscriptionRule("email", 1),
        SubscriptionRule("sms", 2),
        SubscriptionRule("push", 1, *push),
        SubscriptionRule("whatsapp", 1),
        SubscriptionRule("viber", 1),
        SubscriptionRule("telegram_bot", 1, f"column:{len(person) + 1}"),
        SubscriptionRule("notify", 1),
    )
    table = [[*person, "(token)", "(chat)"], [*person.values(), PUSH["subscription_id"], "12345"]]

    travel(anna, connection_to(recording), table, single=True, detect_geo=True, subscriptions=rules)

    data = person | {"phones": ["+79000000000"], "subscriptions": CHANNELS}
    assert paths(recording) == ["profiles/import"]
    assert bodies(recording) == [SINGLE | {"token": TOKEN, "skip_triggers": True, "data": data}]
