from itertools import product

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.mapping import SYSTEM_FIELDS, ColumnMapping, ColumnTarget, Kind, SubscriptionRule, TargetField
from imports.profiles import build_profile, build_profiles
from imports.validation import UNSET, clean_slice

CUSTOM = (
    TargetField("Custom_ID", Kind.INTEGER, "Custom ID"),
    TargetField("CRM_ID", Kind.LINE, "CRM ID"),
    TargetField("custom_field", Kind.LINE, "Custom field"),
)
FIELDS = {field.name: field for field in SYSTEM_FIELDS + CUSTOM}


def profiles_of(table, *, matching="email", match_field="", subscriptions=(), nested_email=True, wrapped=False):
    """The road of a real import: columns of text to the JSON that is sent."""
    mapping = ColumnMapping(tuple(ColumnTarget(n, name, name) for n, name in enumerate(table)))
    cleaned = clean_slice(list(table.values()), mapping, FIELDS, matching=matching, match_field=match_field)
    assert cleaned.problems == []
    rows = range(len(next(iter(table.values()))))
    shape = {"subscriptions": subscriptions, "nested_email": nested_email, "wrapped": wrapped}
    return [orjson.loads(text) for text in build_profiles(cleaned.values, rows, **shape).splitlines()]


def test_import_batch_example_is_reproduced():
    """Source: profiles/import_batch, Request example; its custom_fields and cats are no column's business."""
    table = {
        "_fname": ["Lala", "Victor"],
        "_lname": ["Doe", ""],
        "Custom_ID": ["77", "88"],
        "email": ["lala@example.com", ""],
    }

    profiles = profiles_of(
        table, matching="custom", match_field="Custom_ID", subscriptions=[SubscriptionRule("email", 28)]
    )

    assert profiles == [
        {
            "_fname": "Lala",
            "_lname": "Doe",
            "Custom_ID": 77,
            "email": "lala@example.com",
            "subscriptions": [{"channel": "email", "email_data": {"email": "lala@example.com"}, "resource_id": 28}],
        },
        {"_fname": "Victor", "Custom_ID": 88},
    ]


def test_scenario_example_is_reproduced():
    """Source: workflows/import_and_start_batch, Request example for "custom"; phones as the array other pages print."""
    table = {
        "_fname": ["Alina", "Victor"],
        "_lname": ["Lambert", "Lambert"],
        "email": ["alina@example.com", "victor@example.com"],
        "phones": ["+79000000001", "+79000000002"],
        "CRM_ID": ["00066", "00076"],
    }

    profiles = profiles_of(table, matching="custom", match_field="CRM_ID", wrapped=True)

    assert profiles == [
        {
            "data": {
                "_fname": "Alina",
                "_lname": "Lambert",
                "email": "alina@example.com",
                "phones": ["+79000000001"],
                "CRM_ID": "00066",
            }
        },
        {
            "data": {
                "_fname": "Victor",
                "_lname": "Lambert",
                "email": "victor@example.com",
                "phones": ["+79000000002"],
                "CRM_ID": "00076",
            }
        },
    ]


def test_import_example_with_all_its_fields_is_reproduced():
    """Source: profiles/import (RU), second example; `_sex` as the word the user guide prints, not as a number."""
    fields = {
        "_fname": "Olly",
        "_lname": "Lambert",
        "email": "olly@example.com",
        "phones": "+79000000000",
        "_bdate": "1990-02-22T21:00:00Z",
        "_sex": "male",
        "_regdate": "2019-03-14T22:00:00Z",
        "_regip": "192.0.2.122",
        "_ip": "192.0.2.122",
        "_tz": "Europe/Moscow",
        "_postal_code": "390000",
        "_os": "Windows 10",
        "_browser": "Firefox",
        "_vendor": "form_#31",
        "custom_field": "custom_value",
    }

    (profile,) = profiles_of(
        {name: [text] for name, text in fields.items()},
        subscriptions=[SubscriptionRule("email", 1), SubscriptionRule("sms", 1)],
        nested_email=False,
    )

    assert profile == {
        **fields,
        "phones": ["+79000000000"],
        "subscriptions": [
            {"resource_id": 1, "channel": "email", "email": "olly@example.com"},
            {"resource_id": 1, "channel": "sms", "phone": "+79000000000"},
        ],
    }


def test_user_guide_example_is_reproduced():
    """Source: "Import or update a profile", Updating profile data."""
    table = {
        "email": ["i.petrov@example.com"],
        "_fname": ["Ivan"],
        "_lname": ["Petrov"],
        "_sex": ["мужской"],
        "_bdate": ["15.01.1990 12:00"],
        "_city": ["Moscow"],
        "phones": ["+7 (900) 000-00-00"],
    }

    assert profiles_of(table) == [
        {
            "email": "i.petrov@example.com",
            "_fname": "Ivan",
            "_lname": "Petrov",
            "_sex": "male",
            "_bdate": "1990-01-15T12:00:00Z",
            "_city": "Moscow",
            "phones": ["+79000000000"],
        }
    ]


def test_update_batch_example_is_reproduced_with_two_resources():
    """Source: profiles/update_batch, Request example (two profiles, one subscribed)."""
    table = {"_fname": ["Lala", "Victor"], "Custom_ID": ["77", "88"], "email": ["lala@example.com", "vic@example.com"]}

    profiles = profiles_of(
        table,
        matching="custom",
        match_field="Custom_ID",
        subscriptions=[SubscriptionRule("email", 28), SubscriptionRule("email", 29), SubscriptionRule("sms", 28)],
    )

    assert [row["resource_id"] for row in profiles[1]["subscriptions"]] == [28, 29]
    assert profiles[1]["subscriptions"][0]["email_data"] == {"email": "vic@example.com"}


def test_profile_text_is_exact_and_in_a_fixed_order():
    values = {
        "card": "0077",
        "_city": "Тула",
        "_fname": 'Анна "Аня"',
        "phones": ["+79000000000", "+79000000001"],
        "email": "anna@example.com",
    }

    text = build_profile(
        values,
        subscriptions=[SubscriptionRule("sms", 5), SubscriptionRule("email", 2)],
        nested_email=True,
        wrapped=True,
    )

    assert text.decode() == (
        '{"data":{"email":"anna@example.com","phones":["+79000000000","+79000000001"],"_fname":"Анна \\"Аня\\"",'
        '"_city":"Тула","card":"0077","subscriptions":[{"channel":"sms","resource_id":5,"phone":"+79000000000"},'
        '{"channel":"email","resource_id":2,"email_data":{"email":"anna@example.com"}}]}}'
    )


@pytest.mark.parametrize("contacts", [{}, {"email": None, "phones": None}, {"phones": UNSET}, {"phones": []}])
def test_row_without_contacts_gets_no_subscription(contacts):
    rules = [SubscriptionRule("email", 1), SubscriptionRule("sms", 1)]

    text = build_profile(contacts | {"_fname": "Ivan"}, subscriptions=rules, nested_email=True, wrapped=False)

    assert "subscriptions" not in orjson.loads(text)


JSON_VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.just(UNSET)
JSON_VALUES |= st.floats(allow_nan=False, allow_infinity=False) | st.lists(st.text(), min_size=1, max_size=3)
COLUMNS = {
    "email": st.none() | st.text(min_size=1),
    "phones": st.none() | st.just(UNSET) | st.lists(st.text(min_size=1), min_size=1, max_size=3),
    "_fname": st.none() | st.text(),
    'odd "name" %b': JSON_VALUES,
    "card": JSON_VALUES,
}
RULES = st.lists(st.builds(SubscriptionRule, st.sampled_from(["email", "sms"]), st.integers(1, 99)), max_size=3)


@settings(max_examples=80, deadline=None)
@given(
    rows=st.lists(st.fixed_dictionaries(COLUMNS), max_size=8),
    names=st.permutations(list(COLUMNS)).flatmap(lambda names: st.integers(0, 5).map(lambda n: names[:n])),
    rules=RULES,
    nested=st.booleans(),
    wrapped=st.booleans(),
    choices=st.randoms(use_true_random=False),
)
def test_fast_builder_equals_the_plain_one(rows, names, rules, nested, wrapped, choices):
    values = {name: [row[name] for row in rows] for name in names}
    indexes = [n for n in range(len(rows)) if choices.random() < 0.8] if names else []
    shape = {"subscriptions": rules, "nested_email": nested, "wrapped": wrapped}

    built = build_profiles(values, indexes, **shape).splitlines()

    assert built == [build_profile({name: rows[n][name] for name in names}, **shape) for n in indexes]


def test_builder_without_columns_still_gives_a_profile_for_each_row():
    texts = build_profiles({}, [0, 1], subscriptions=[], nested_email=True, wrapped=True)

    assert texts.splitlines() == [build_profile({}, subscriptions=[], nested_email=True, wrapped=True)] * 2


@pytest.mark.parametrize("rules", [(), ("email",), ("email", "sms"), ("sms", "email", "sms")])
def test_commas_stand_between_whatever_a_row_leaves_out(rules):
    """Three fields in two rows, each there or not: there may be no field that stands in both rows."""
    shape = {"subscriptions": [SubscriptionRule(rule, 1) for rule in rules], "nested_email": True, "wrapped": True}
    one = product([None, "a@example.com"], [None, ["+7"]], [None, 1])
    found = [dict(zip(("email", "phones", "x"), row, strict=True)) for row in one]
    for rows in product(found, repeat=2):
        values = {name: [row[name] for row in rows] for name in rows[0]}

        assert build_profiles(values, [0, 1], **shape).splitlines() == [build_profile(row, **shape) for row in rows]
