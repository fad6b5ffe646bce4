"""The request examples of the five documents, restated with invented people, as the JSON that left."""

from typing import Any
from uuid import uuid4

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.results import totals
from tests.platforms import drained

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

    subscription = {
        "channel": "email",
        "email_data": {"email": "example@example.com"},
        "resource_id": 28,
        "custom_fields": {"custom_field": "test value"},
        "cats": ["category_1", "category_2"],
    }
    lala = {"_fname": "Lala", "_lname": "Doe", "Custom_ID": 77, "email": "example@example.com"}
    assert paths(recording) == [f"profiles/{operation}_batch"]
    assert bodies(recording) == [
        {
            "token": TOKEN,
            "db_id": 1,
            "matching": "custom",
            "field_name": "Custom_ID",
            "skip_triggers": True,
            "data": [
                lala | {"subscriptions": [subscription]},
                {"_fname": "Victor", "Custom_ID": 88, "email": "example@example.com"},
            ],
        }
    ]
    assert totals(job).accepted == 2


@pytest.mark.parametrize(("matching", "field"), [("email", ""), ("custom", "CRM_ID")])
def test_the_examples_of_the_scenario_page(anna: Any, server: Server, matching: str, field: str) -> None:
    """Source: workflows/import_and_start_batch, Request examples; phones as the array the other pages print, and the
    option it leaves at its default said aloud."""
    recording = server()
    head = ["_fname", "_lname", "email", "phones", "CRM_ID"]
    table = [
        head,
        ["Alina", "Lambert", "alina@example.com", "+79006574081", "00066"],
        ["Victor", "Lambert", "victor@example.com", "+79000005422", "00076"],
    ]

    choices = {"operation": "scenario", "scenario_id": 12, "skip_triggers": False}
    travel(anna, connection_to(recording), table, matching=matching, match_field=field, **choices)

    people = [dict(zip(head, row, strict=True)) for row in table[1:]]
    assert paths(recording) == ["workflows/import_and_start_batch"]
    assert bodies(recording) == [
        {
            "token": TOKEN,
            "workflow_id": 12,
            "matching": matching,
            **({"field_name": field} if field else {}),
            "skip_triggers": False,
            "data": [{"data": person | {"phones": [person["phones"]]}} for person in people],
        }
    ]


def test_the_last_example_of_the_single_import_page(anna: Any, server: Server) -> None:
    """Source: profiles/import (v74), third and second request example in one, with the word for the gender."""
    recording = server()
    own = (("_browser_name", "Firefox"), ("_device_type", "web"), ("custom_field_1", "test value"))
    rules = (
        SubscriptionRule("email", 1),
        SubscriptionRule("sms", 2),
        SubscriptionRule("push", 1, "column:15", "android-firebase", ("category_1", "category_2"), own),
        SubscriptionRule("whatsapp", 1),
        SubscriptionRule("viber", 1),
        SubscriptionRule("telegram_bot", 1, "column:16"),
        SubscriptionRule("notify", 1),
    )
    person = {
        "_fname": "Olly",
        "_lname": "Lambert",
        "email": "example@example.com",
        "phones": "+79000000000",
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
    table = [[*person, "(token)", "(chat)"], [*person.values(), "a81c264a938b475", "12345"]]

    travel(anna, connection_to(recording), table, single=True, detect_geo=True, subscriptions=rules)

    phone = {"cc_data": {"phone": "+79000000000"}}
    push = {"subscription_id": "a81c264a938b475", "provider": "android-firebase", "custom_fields": dict(own)}
    assert paths(recording) == ["profiles/import"]
    assert bodies(recording) == [
        {
            "token": TOKEN,
            "db_id": 1,
            "matching": "email",
            "email": "example@example.com",
            "skip_triggers": True,
            "detect_geo": True,
            "data": {
                **person,
                "phones": ["+79000000000"],
                "subscriptions": [
                    {"resource_id": 1, "channel": "email", "email": "example@example.com"},
                    {"resource_id": 2, "channel": "sms", "phone": "+79000000000"},
                    {"resource_id": 1, "channel": "push", "cats": ["category_1", "category_2"], **push},
                    {"resource_id": 1, "channel": "whatsapp", **phone},
                    {"resource_id": 1, "channel": "viber", **phone},
                    {"resource_id": 1, "channel": "telegram_bot", "cc_data": {"id": 12345}},
                    {"resource_id": 1, "channel": "notify", **phone},
                ],
            },
        }
    ]


GUIDE = {
    "email": "i.petrov@example.com",
    "_fname": "Ivan",
    "_lname": "Petrov",
    "_sex": "male",
    "_bdate": "1990-01-15T12:00:00Z",
    "_city": "Moscow",
    "phones": "+79000000000",
}


@pytest.mark.parametrize("filled", [["email"], list(GUIDE)], ids=["adding", "updating"])
def test_the_examples_of_the_user_guide_from_a_form(anna: Any, server: Server, filled: list[str]) -> None:
    """Source: "Import or update a profile": adding, updating, and with the subscriptions of the last example."""
    recording = server()
    rules = [
        SubscriptionRule("email", 1),
        SubscriptionRule("sms", 1),
        SubscriptionRule("push", 1, f"column:{len(filled)}", "Firefox"),
    ]
    job = actions.create_typed_job(
        headers=[*filled, "token"],
        rows=[[*(GUIDE[name] for name in filled), "abcdefghijklmnqrstuvwxyz"]],
        title="form",
        connection=connection_to(recording),
        destination=Destination(5, single=True, subscriptions=tuple(rules) if "phones" in filled else ()),
        mapping=ColumnMapping(tuple(ColumnTarget(place, name, name) for place, name in enumerate(filled))),
        entry=uuid4(),
        by=anna,
    )
    drained(actions.start_job(drained(job), by=anna))

    person: dict[str, Any] = {name: GUIDE[name] for name in filled}
    if "phones" in filled:
        person["phones"] = ["+79000000000"]
        person["subscriptions"] = [
            {"channel": "email", "email": "i.petrov@example.com", "resource_id": 1},
            {"channel": "sms", "phone": "+79000000000", "resource_id": 1},
            {
                "channel": "push",
                "provider": "Firefox",
                "resource_id": 1,
                "subscription_id": "abcdefghijklmnqrstuvwxyz",
            },
        ]
    searched = {"matching": "email", "email": "i.petrov@example.com"}
    assert bodies(recording) == [{"token": TOKEN, "db_id": 5, **searched, "skip_triggers": True, "data": person}]
