import json

import pytest

from imports.mapping import (
    SYSTEM_FIELDS,
    ColumnMapping,
    ColumnTarget,
    Kind,
    SubscriptionRule,
    TargetField,
    match_key_fields,
)

FIELDS = {field.name: field for field in SYSTEM_FIELDS} | {
    "CRM_ID": TargetField("CRM_ID", Kind.LINE, "CRM"),
    "labels": TargetField("labels", Kind.TAGS, "Labels"),
    "props": TargetField("props", Kind.OBJECT, "Props"),
    "points": TargetField("points", Kind.INTEGER, "Points"),
}


def mapping_of(*targets):
    return ColumnMapping(tuple(targets))


EMAIL = ColumnTarget(0, "Email", "email")


def codes(mapping, matching="email", match_field=""):
    return [code for code, _ in mapping.faults(FIELDS, matching, match_field)]


def test_mapping_survives_json():
    mapping = mapping_of(EMAIL, ColumnTarget(3, "Тел.", "phones", region="RU", empty="clear"))

    assert ColumnMapping.from_plain(json.loads(json.dumps(mapping.to_plain()))) == mapping


def test_good_mapping_has_no_faults():
    mapping = mapping_of(
        EMAIL,
        ColumnTarget(1, "Phone", "phones", region="RU"),
        ColumnTarget(2, "Phone 2", "phones", empty="clear"),
        ColumnTarget(3, "A", "labels"),
        ColumnTarget(4, "B", "labels"),
        ColumnTarget(5, "DOB", "_bdate", date_order="dmy"),
        ColumnTarget(0, "Email", "CRM_ID"),
    )

    assert mapping.faults(FIELDS, "email", "") == []


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        (
            ColumnTarget(1, "Город", "_town"),
            ("field_unknown", {"header": "Город", "field": "_town"}),
        ),
        (ColumnTarget(1, "A", "_bdate", date_order="dym"), ("choice_unknown", {"header": "A", "choice": "dym"})),
        (ColumnTarget(1, "A", "phones", region="ru"), ("choice_unknown", {"header": "A", "choice": "ru"})),
        (ColumnTarget(1, "A", "_city", empty="null"), ("choice_unknown", {"header": "A", "choice": "null"})),
        (ColumnTarget(1, "Mail 2", "email"), ("field_twice", {"field": "email", "headers": "Email, Mail 2"})),
        (ColumnTarget(1, "Id", "profile_id"), ("profile_id_not_key", {"matching": "email"})),
    ],
)
def test_fault_names_the_column(target, fault):
    assert mapping_of(EMAIL, target).faults(FIELDS, "email", "") == [fault]


def test_one_column_twice_on_one_field_is_a_fault_even_for_phones():
    phone = ColumnTarget(1, "Phone", "phones")

    assert codes(mapping_of(EMAIL, phone, phone)) == ["field_twice"]


def test_email_cannot_be_cleared():
    assert codes(mapping_of(ColumnTarget(0, "Email", "email", empty="clear"))) == ["email_not_clearable"]


@pytest.mark.parametrize(
    ("matching", "match_field", "expected"),
    [
        ("email", "", []),
        ("email_profile", "", []),
        ("email_phone", "", []),
        ("", "", []),
        ("phone", "", ["key_not_mapped"]),
        ("custom", "CRM_ID", ["key_not_mapped"]),
        ("profile_id", "", ["key_not_mapped"]),
        ("custom", "", ["matching_unknown"]),
        ("push_sub", "", ["key_not_subscribed"]),
        ("whatever", "", ["matching_unknown"]),
        ("custom", "props", ["key_not_mapped", "key_kind"]),
    ],
)
def test_key_of_the_matching_must_be_mapped(matching, match_field, expected):
    assert codes(mapping_of(EMAIL), matching, match_field) == expected


def test_either_contact_is_enough_for_the_combined_matching():
    assert match_key_fields("email_phone_sub", "") == ("email", "phones")
    assert codes(mapping_of(ColumnTarget(0, "Phone", "phones")), "email_phone") == []


def test_status_is_never_a_field_of_ours():
    assert "_status" not in {field.name for field in SYSTEM_FIELDS}
    assert len({field.name for field in SYSTEM_FIELDS}) == len(SYSTEM_FIELDS)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (ColumnTarget(1, "Points", "points", action="incr"), []),
        (ColumnTarget(1, "Labels", "labels", action="add"), []),
        (ColumnTarget(1, "Props", "props", action="upsert", submatch="size"), []),
        (ColumnTarget(1, "Props", "props", action="upsert"), ["submatch_missing"]),
        (ColumnTarget(1, "Name", "_fname", action="incr"), ["action_not_for_kind"]),
        (ColumnTarget(1, "Name", "_fname", action="explode"), ["choice_unknown"]),
        (ColumnTarget(1, "Name", "_fname", on_bad="set:unknown"), []),
        (ColumnTarget(1, "Name", "_fname", on_bad="ignore"), ["choice_unknown"]),
    ],
)
def test_actions_suit_the_kind_of_the_field(target, expected):
    assert codes(mapping_of(EMAIL, target)) == expected


def test_the_key_is_neither_counted_up_nor_replaced():
    points = ColumnTarget(0, "Points", "points", action="incr")
    assert codes(mapping_of(points), "custom", "points") == ["action_on_key"]
    assert codes(mapping_of(ColumnTarget(0, "Email", "email", on_bad="set:a@example.com"))) == ["action_on_key"]


def test_columns_of_one_field_do_the_same_to_it():
    mapping = mapping_of(EMAIL, ColumnTarget(1, "A", "labels"), ColumnTarget(2, "B", "labels", action="add"))
    assert codes(mapping) == ["actions_differ"]


def test_a_rule_with_a_column_gives_the_key_of_a_search_in_subscriptions():
    rule = SubscriptionRule("email", 1, contact="column:1")
    assert mapping_of().faults(FIELDS, "email_sub", "", [rule]) == []
    assert [code for code, _ in mapping_of().faults(FIELDS, "phone_sub", "", [rule])] == ["key_not_mapped"]


def test_a_mapping_saved_before_actions_still_loads():
    plain = [{"column": 0, "header": "A", "field": "email", "date_order": "", "region": "", "empty": "keep"}]
    assert ColumnMapping.from_plain(plain) == mapping_of(ColumnTarget(0, "A", "email"))


RULE = SubscriptionRule(
    "push", 1, "column:3", "column:4", ("news",), (("note", "x"), ("city", "column:5")), "subscribed", 0, "skip"
)


def test_a_rule_survives_json_and_one_saved_long_ago_still_loads():
    assert SubscriptionRule.from_plain(json.loads(json.dumps(RULE.to_plain()))) == RULE
    assert SubscriptionRule.from_plain({"channel": "sms", "resource_id": 5}) == SubscriptionRule("sms", 5)
    assert list(RULE.columns()) == [3, 4, 5]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (RULE, []),
        (SubscriptionRule("fax", 1), ["channel_unknown"]),
        (SubscriptionRule("email", 1, contact="column:x"), ["subscription_choice_unknown"]),
        (SubscriptionRule("telegram_bot", 1), ["contact_column_missing"]),
        (SubscriptionRule("push", 1, contact="column:1"), ["provider_missing"]),
        (SubscriptionRule("sms", 1, provider="Firefox"), ["provider_not_for_channel"]),
        (SubscriptionRule("sms", 1, status="0"), ["subscription_choice_unknown"]),
        (SubscriptionRule("sms", 1, priority=-1), ["subscription_choice_unknown"]),
        (SubscriptionRule("sms", 1, contact="column:6"), ["subscription_column_unknown"]),
    ],
)
def test_faults_of_a_rule(rule, expected):
    assert [code for code, _ in rule.faults(width=6)] == expected
