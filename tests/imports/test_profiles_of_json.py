"""Profiles of a JSON file reach the platform exactly: objects, lists of objects, tags, subscriptions, phones."""

import json
from typing import Any

import pytest

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, ImportJob
from imports.results import reasons, totals
from imports.results.rows import RowFilter, row_page
from tests.factories import fresh, make_job
from tests.platforms import drained

EMAIL = {"channel": "email", "resource_id": 1, "email": "a@example.com"}


def checked(
    by: Any, account: Connection, people: Any, *, columns: dict[str, dict[str, Any]] | None = None, **choices: Any
) -> ImportJob:
    job = make_job(by, people if isinstance(people, str) else json.dumps(people), name="people.json")
    targets = (
        ColumnTarget(n, name, **{"field": name, **(columns or {}).get(name, {})}) for n, name in enumerate(job.headers)
    )
    where = Destination(**({"database_id": 1, "phone_region": "RU"} | choices))
    actions.map_columns(job, connection=account, destination=where, mapping=ColumnMapping(tuple(targets)), by=by)
    actions.begin_check(fresh(job), by=by)
    return drained(job)


def profiles(job: ImportJob) -> list[dict[str, Any]]:
    return [json.loads(text) for _row, text in actions.sample_profiles(job)]


def codes(job: ImportJob) -> list[tuple[int, str]]:
    rows, _ = row_page(job, RowFilter())
    return [(row.number, code) for row in rows for _column, code, _params in row.faults]


PERSON: dict[str, Any] = {
    "email": "a@example.com",
    "phones": ["+79000000001", "+79000000002"],
    "interests": ["books, old", "trains; toys", "x"],
    "address": {"city": "Tula", "flat": {"number": 7, "floors": [1, 2]}, "since": None, "own": True, "area": 31.5},
    "orders": [{"id": "00077", "lines": [{"sku": "a, b"}]}, {"id": "2"}],
    "vip": False,
    "spent": 100.5,
    "points": 0,
    "subscriptions": [EMAIL],
}


@pytest.mark.parametrize("lines", [False, True], ids=["array", "lines"])
def test_a_nested_profile_is_sent_as_it_stands_in_the_file(anna: Any, account: Connection, lines: bool) -> None:
    account = actions.change_connection(account, by=None, nested_email=False)
    people = json.dumps(PERSON) if lines else json.dumps([PERSON])

    job = checked(anna, account, people)

    assert profiles(job) == [PERSON]
    assert totals(drained(actions.start_job(job, by=anna))).accepted == 1


def test_subscriptions_of_the_file_and_of_the_page_go_together(anna: Any, account: Connection) -> None:
    people = [{"email": "a@example.com", "subscriptions": [EMAIL]}, {"email": "b@example.com", "subscriptions": []}]

    job = checked(anna, account, people, subscriptions=(SubscriptionRule("email", 28),))

    nested = [one["subscriptions"] for one in profiles(job)]
    assert nested[0] == [
        {"channel": "email", "resource_id": 1, "email_data": {"email": "a@example.com"}},
        {"channel": "email", "resource_id": 28, "email_data": {"email": "a@example.com"}},
    ]
    assert [one["resource_id"] for one in nested[1]] == [28]


def test_subscriptions_the_database_cannot_have_are_the_problem_of_their_rows(anna: Any, account: Connection) -> None:
    strange = [EMAIL | {"resource_id": 99}], [{"channel": "viber", "resource_id": 28, "cc_data": {"phone": "8900"}}]
    lacking = [{"channel": "viber", "resource_id": 28, "cc_data": {"phone": "+79000000001"}}]
    given = [*strange, lacking, "yes", [EMAIL | {"status": 0}], [EMAIL]]
    people = [{"email": f"n{n}@example.com", "subscriptions": one} for n, one in enumerate(given)]

    job = checked(anna, account, people)

    assert codes(job) == [
        (2, "given_resource_unknown"),
        (3, "given_contact"),
        (4, "given_channel_lacking"),
        (5, "given_not_list"),
        (6, "given_status"),
    ]
    assert totals(job).pending == 1


def test_people_are_found_by_the_subscriptions_the_file_brings(anna: Any, account: Connection) -> None:
    push = {"channel": "push", "resource_id": 1, "provider": "Firefox", "subscription_id": "t1"}
    people = [{"_fname": "Ann", "subscriptions": [push]}, {"_fname": "Anna", "subscriptions": [push]}]
    people.append({"_fname": "Bob", "subscriptions": [EMAIL]})

    job = checked(anna, account, people, matching="push_sub")

    assert codes(job) == [(4, "key_missing")]
    assert totals(job).set_aside == 1
    single = checked(anna, account, people[:1], matching="push_sub", single=True)
    sent = profiles(single)[0]
    assert (sent["provider"], sent["subscription_id"]) == ("Firefox", "t1")


def test_an_object_in_a_field_of_text_is_told_for_its_row_and_the_others_go(anna: Any, account: Connection) -> None:
    people = [
        {"email": "a@example.com", "notes": {"call": "later"}},
        {"email": "b@example.com", "notes": "{plain}"},
        {"email": "c@example.com", "notes": [{"a": 1}]},
        {"email": "d@example.com"},
    ]

    job = checked(anna, account, people)

    assert codes(job) == [(2, "object_in_text"), (4, "object_in_text")]
    assert [one.get("notes") for one in profiles(job)] == ["{plain}", None]
    left_out = checked(anna, account, people, columns={"notes": {"on_bad": "empty"}})
    assert (codes(left_out), totals(left_out).pending) == ([], 4)


def test_text_that_looks_like_an_object_stays_text_where_the_file_has_no_objects(
    anna: Any, account: Connection
) -> None:
    job = checked(anna, account, [{"email": "a@example.com", "notes": '{"a": 1}'}])

    assert profiles(job)[0]["notes"] == '{"a": 1}'


def test_a_combination_of_tags_finds_people_in_batches_and_alone(anna: Any, account: Connection) -> None:
    """Source: profiles/import_batch, field_value: "tag-1, tag-2"; in a batch the key stands inside the profile."""
    people = [{"interests": ["tag-1", "tag-2"], "_fname": "Ann"}, {"interests": ["tag-2", "tag-1"], "_fname": "Bea"}]
    people.append({"interests": [], "_fname": "Nobody"})
    by_tags = {"matching": "custom", "match_field": "interests"}

    job = checked(anna, account, people, **by_tags)

    assert profiles(job) == [{"interests": "tag-2, tag-1", "_fname": "Bea"}]
    assert (codes(job), totals(job).set_aside) == ([(4, "key_missing")], 1)
    first = drained(actions.start_job(job, by=anna))
    assert totals(first).accepted == 1

    alone = checked(anna, account, people[:1], single=True, operation="update", **by_tags)
    assert profiles(alone) == [
        {"field_value": "tag-1, tag-2", "data": {"interests": ["tag-1", "tag-2"], "_fname": "Ann"}}
    ]
    second = drained(actions.start_job(alone, by=anna))
    ids = [row_page(one, RowFilter())[0] for one in (first, second)]
    assert ids[1][0].profile_id == next(row.profile_id for row in ids[0] if row.profile_id)


@pytest.mark.parametrize("field", ["spent", "vip", "address", "orders"])
def test_fractions_yes_or_no_and_objects_cannot_find_people(anna: Any, account: Connection, field: str) -> None:
    """Source: profiles/import_batch, Request parameters: `field_value` is an int or a string."""
    with pytest.raises(actions.MappingRefused) as refused:
        checked(anna, account, [PERSON], matching="custom", match_field=field)

    assert [code for code, _params in refused.value.faults] == ["key_kind"]


def test_a_profile_over_the_limit_of_a_request_gets_a_reason_and_the_rest_goes(
    anna: Any, sandbox: Any, account: Connection
) -> None:
    account = actions.change_connection(account, by=None, bytes_per_request=20_000)
    people = [{"email": "a@example.com", "notes": "x" * 30_000}, {"email": "b@example.com"}]

    job = checked(anna, account, people)

    assert codes(job) == [(2, "profile_too_large")]
    (row,) = [one for one in row_page(job, RowFilter())[0] if one.faults]
    assert int(row.faults[0][2]["bytes"]) > 30_000 > 20_000 > int(row.faults[0][2]["limit"])
    assert [reason.count for reason in reasons(job)] == [1]
    assert totals(drained(actions.start_job(job, by=anna))).accepted == 1
