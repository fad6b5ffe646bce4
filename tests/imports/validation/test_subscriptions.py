"""What rules take from rows, and the functional updates of columns."""

from typing import Any

import orjson
import pytest

from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, SubscriptionRule, TargetField
from imports.profiles import build_profile, build_profiles
from imports.validation import Cleaned, Subscribing, clean_slice, match_keys, match_members

FIELDS = {field.name: field for field in SYSTEM_FIELDS} | {
    "points": TargetField("points", Kind.INTEGER, "Points"),
    "labels": TargetField("labels", Kind.TAGS, "Labels"),
    "props": TargetField("props", Kind.OBJECT, "Props"),
    "orders": TargetField("orders", Kind.OBJECTS, "Orders"),
}
EMAIL = ColumnTarget(0, "Email", "email")


def cleaned(
    columns: list[list[str]], *rules: SubscriptionRule, targets: Any = (EMAIL,), matching: str = "email", **more: Any
) -> Cleaned:
    subscribing = Subscribing(rules, more.pop("fields", {}), "RU")
    mapping = ColumnMapping(tuple(targets))
    return clean_slice(
        columns, mapping, FIELDS, matching=matching, match_field=more.get("match_field", ""), subscribing=subscribing
    )


def subscriptions_of(found: Cleaned, *rules: SubscriptionRule, nested: bool = False) -> list[list[dict[str, Any]]]:
    """Built by columns and row by row, which must be the same bytes."""
    rows = len(found.subscribed[0].contacts)
    shape: dict[str, Any] = {"subscriptions": rules, "nested_email": nested, "wrapped": False}
    texts = build_profiles(found.values, range(rows), subscribed=found.subscribed, **shape).splitlines()
    for index, text in enumerate(texts):
        row = {name: column[index] for name, column in found.values.items()}
        one = [taken.picked([index]) for taken in found.subscribed]
        assert text == build_profile(row, subscribed=one, **shape)
    return [orjson.loads(text).get("subscriptions", []) for text in texts]


@pytest.mark.parametrize(
    ("rule", "cell", "expected"),
    [
        (SubscriptionRule("email", 1, "column:1"), "B@Example.com", {"email": "B@example.com"}),
        (SubscriptionRule("sms", 1, "column:1"), "8 900 000-00-01", {"phone": "+79000000001"}),
        (
            SubscriptionRule("push", 1, "column:1", "Firefox"),
            "0012ab",
            {"subscription_id": "0012ab", "provider": "Firefox"},
        ),
        (SubscriptionRule("telegram_bot", 1, "column:1"), "12345", {"cc_data": {"id": 12345}}),
        (SubscriptionRule("whatsapp", 1, "column:1"), "+79000000001", {"cc_data": {"phone": "+79000000001"}}),
        (SubscriptionRule("viber", 1, "column:1"), "+79000000001", {"cc_data": {"phone": "+79000000001"}}),
        (SubscriptionRule("notify", 1, "column:1"), "+79000000001", {"cc_data": {"phone": "+79000000001"}}),
    ],
)
def test_each_channel_takes_its_contact_from_a_column(rule: SubscriptionRule, cell: str, expected: Any) -> None:
    found = cleaned([["a@example.com", "b@example.com"], [cell, ""]], rule)

    assert found.problems == []
    assert subscriptions_of(found, rule) == [[{"channel": rule.channel, "resource_id": 1, **expected}], []]


def test_a_wrong_contact_is_a_problem_of_its_row_or_leaves_the_subscription_out() -> None:
    columns = [["a@example.com", "b@example.com"], ["nine", "7"]]

    (problem,) = cleaned(columns, SubscriptionRule("telegram_bot", 1, "column:1")).problems
    skipping = SubscriptionRule("telegram_bot", 1, "column:1", on_bad="skip")
    found = cleaned(columns, skipping)

    assert (problem.index, problem.column, problem.code) == (0, 1, "number_invalid")
    assert found.problems == []
    assert [len(row) for row in subscriptions_of(found, skipping)] == [0, 1]


def test_provider_and_fields_come_from_columns_with_their_types() -> None:
    known = {(1, "push"): {"_ad_track": TargetField("_ad_track", Kind.BOOLEAN, "Track")}}
    own = (("_ad_track", "column:3"), ("note", "007"), ("city", "column:4"))
    rule = SubscriptionRule("push", 1, "column:1", "column:2", ("news",), own, "unsubscribed", 0)
    columns = [["a@example.com", "b@example.com"], ["t1", "t2"], ["Firefox", "Chrome"], ["да", ""], ["", "Tula"]]

    first, second = subscriptions_of(cleaned(columns, rule, fields=known), rule)

    assert first == [
        {
            "channel": "push",
            "resource_id": 1,
            "subscription_id": "t1",
            "provider": "Firefox",
            "custom_fields": {"_ad_track": True, "note": "007"},
            "cats": ["news"],
            "status": "unsubscribed",
            "priority": 0,
        }
    ]
    assert second[0]["custom_fields"] == {"note": "007", "city": "Tula"}


def test_a_contact_without_its_provider_is_a_problem() -> None:
    columns = [["a@example.com", "b@example.com"], ["t1", ""], ["", ""]]

    (problem,) = cleaned(columns, SubscriptionRule("push", 1, "column:1", "column:2")).problems

    assert (problem.index, problem.column, problem.code) == (0, 2, "provider_empty")


def test_several_rules_of_one_channel_stand_side_by_side() -> None:
    rules = [SubscriptionRule("email", 1), SubscriptionRule("email", 2, "column:1"), SubscriptionRule("email", 3)]

    (row,) = subscriptions_of(cleaned([["a@example.com"], ["b@example.com"]], *rules), *rules, nested=True)

    assert [(each["resource_id"], each["email_data"]["email"]) for each in row] == [
        (1, "a@example.com"),
        (2, "b@example.com"),
        (3, "a@example.com"),
    ]


@pytest.mark.parametrize(
    ("matching", "field", "rule", "key", "members"),
    [
        ("email_sub", "", SubscriptionRule("email", 1, "column:1"), "email:b@example.com", {"email": "b@example.com"}),
        ("email_sub", "", SubscriptionRule("email", 1), "email:a@example.com", {"email": "a@example.com"}),
        (
            "push_sub",
            "",
            SubscriptionRule("push", 1, "column:1", "Firefox"),
            "subscription_id:b@example.com",
            {"subscription_id": "b@example.com", "provider": "Firefox"},
        ),
        (
            "custom_sub",
            "card",
            SubscriptionRule("email", 1, custom_fields=(("card", "column:1"),)),
            "card:b@example.com",
            {"field_value": "b@example.com"},
        ),
    ],
)
def test_the_key_of_a_search_in_subscriptions_is_what_the_rule_takes(
    matching: str, field: str, rule: SubscriptionRule, key: str, members: dict[str, str]
) -> None:
    found = cleaned([["a@example.com"], ["b@example.com"]], rule, matching=matching, match_field=field)

    assert match_keys(found.values, matching, field, [rule], found.subscribed) == [key]
    assert match_members(found.values, matching, field, [rule], found.subscribed) == [members]


def test_a_row_without_a_subscription_has_no_key_there() -> None:
    rule = SubscriptionRule("push", 1, "column:1", "Firefox")

    (problem,) = cleaned([["a@example.com"], [""]], rule, matching="push_sub").problems

    assert (problem.code, problem.params) == ("key_missing", {"fields": "subscription_id"})


@pytest.mark.parametrize(
    ("target", "cell", "expected"),
    [
        ({"field": "points", "action": "incr"}, "-5", {"action": "incr", "value": -5}),
        ({"field": "labels", "action": "add"}, "a, b", {"action": "add", "value": ["a", "b"]}),
        ({"field": "labels", "action": "delete"}, "a", {"action": "delete", "value": ["a"]}),
        ({"field": "labels"}, "a", ["a"]),
        (
            {"field": "orders", "action": "add", "submatch": "id"},
            '[{"id": 7}]',
            {"action": "add", "value": [{"id": 7}], "submatch": "id"},
        ),
        (
            {"field": "orders", "action": "delete", "submatch": "id"},
            "7",
            {"action": "delete", "value": ["7"], "submatch": "id"},
        ),
        (
            {"field": "props", "action": "upsert", "submatch": "home.code"},
            "007",
            {"action": "upsert", "value": "007", "submatch": "home.code"},
        ),
        (
            {"field": "props", "action": "upsert", "submatch": "home"},
            '{"code": 7}',
            {"action": "upsert", "value": {"code": 7}, "submatch": "home"},
        ),
        ({"field": "points", "action": "incr", "empty": "clear"}, "", {"action": "unset"}),
        ({"field": "points", "action": "incr"}, "", None),
    ],
)
def test_an_action_becomes_a_functional_update(target: dict[str, str], cell: str, expected: Any) -> None:
    found = cleaned([["a@example.com"], [cell]], targets=(EMAIL, ColumnTarget(1, "X", **target)))

    assert found.values[target["field"]] == [expected]


def test_columns_of_tags_are_added_together() -> None:
    two = [ColumnTarget(place, "X", "labels", action="add") for place in (1, 2)]

    found = cleaned([["a@example.com"], ["a"], ["b, a"]], targets=(EMAIL, *two))

    assert found.values["labels"] == [{"action": "add", "value": ["a", "b"]}]


@pytest.mark.parametrize(("on_bad", "value", "problems"), [("refuse", None, 1), ("empty", None, 0), ("set:0", 0, 0)])
def test_a_wrong_cell_is_refused_left_out_or_replaced(on_bad: str, value: Any, problems: int) -> None:
    target = ColumnTarget(1, "Points", "points", on_bad=on_bad)

    found = cleaned([["a@example.com", "b@example.com"], ["many", "7"]], targets=(EMAIL, target))

    assert found.values["points"] == [value, 7]
    assert len(found.problems) == problems


def test_a_wrong_key_that_is_left_out_leaves_the_row_without_a_key() -> None:
    found = cleaned([["nobody"]], targets=(ColumnTarget(0, "Email", "email", on_bad="empty"),))

    assert [problem.code for problem in found.problems] == ["key_missing"]
