"""The bodies of the documented examples, restated, and the bytes ours are made of."""

import json
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.altcraft import CALLS, SINGLE_CALLS, BatchRequest, InvalidRequest, SingleRequest

TOKEN = "abcdefghijklmnqrstuvwxyz"


def texts(profiles: list[Any]) -> list[bytes]:
    return [orjson.dumps(profile) for profile in profiles]


TWO_PROFILES = [
    {
        "_fname": "Lala",
        "Custom_ID": 77,
        "email": "example@example.com",
        "subscriptions": [{"channel": "email", "email_data": {"email": "example@example.com"}, "resource_id": 28}],
    },
    {"_fname": "Victor", "Custom_ID": 88, "email": "example@example.com"},
]


@pytest.mark.parametrize("operation", ["import", "update"])
def test_batch_body_says_what_the_documented_example_says(operation: str) -> None:
    request = BatchRequest(operation, 1, "custom", match_field="Custom_ID")
    assert json.loads(request.body(texts(TWO_PROFILES), TOKEN)) == {
        "token": TOKEN,
        "db_id": 1,
        "matching": "custom",
        "field_name": "Custom_ID",
        "skip_triggers": True,
        "data": TWO_PROFILES,
    }


@pytest.mark.parametrize(("matching", "field"), [("email", ""), ("custom", "CRM_ID")])
def test_scenario_body_names_the_scenario_and_no_database(matching: str, field: str) -> None:
    wrapped = [{"data": {"email": "example@example.com", "CRM_ID": "00066"}}, {"data": {"CRM_ID": "00076"}}]
    request = BatchRequest("scenario", 5, matching, field, skip_triggers=False, scenario_id=12)
    expected = {"token": TOKEN, "workflow_id": 12, "matching": matching, "skip_triggers": False, "data": wrapped}
    assert json.loads(request.body(texts(wrapped), TOKEN)) == expected | ({"field_name": field} if field else {})


def test_add_body_has_no_matching() -> None:
    request = BatchRequest("add", 3, skip_invalid_subscriptions=True)
    assert json.loads(request.body(texts([{"email": "a@example.com"}]), TOKEN)) == {
        "token": TOKEN,
        "db_id": 3,
        "skip_triggers": True,
        "skip_invalid_subscriptions": True,
        "data": [{"email": "a@example.com"}],
    }


def test_keys_stand_in_one_order() -> None:
    request = BatchRequest(
        "import", 1, "custom", "CRM_ID", False, skip_invalid_subscriptions=True, detect_geo=True, resource_id=24
    )
    assert request.body([b"{}"], TOKEN) == (
        b'{"token":"abcdefghijklmnqrstuvwxyz","db_id":1,"matching":"custom","field_name":"CRM_ID","resource_id":24,'
        b'"skip_triggers":false,"skip_invalid_subscriptions":true,"detect_geo":true,"data":[{}]}'
    )


def test_scenario_carries_content_and_attachments() -> None:
    request = BatchRequest("scenario", scenario_id=12, content={"one": "1"}, attach=[{"name": "a.pdf"}])
    body = json.loads(request.body([], TOKEN))
    assert (body["content"], body["attach"]) == ({"one": "1"}, [{"name": "a.pdf"}])


def test_options_the_call_does_not_take_are_left_out_and_named() -> None:
    request = BatchRequest("update", 1, detect_geo=True, content={"one": "1"})
    assert set(json.loads(request.body([], None))) == {"db_id", "matching", "skip_triggers", "data"}
    assert request.unsent_options() == ["detect_geo", "content"]
    assert BatchRequest("import", 1, detect_geo=True).unsent_options() == []


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (BatchRequest("delete", 1), "operation_unknown"),
        (BatchRequest("import"), "database_missing"),
        (BatchRequest("scenario", 1), "scenario_missing"),
        (BatchRequest("import", 1, "profile_id"), "matching_not_for_call"),
        (BatchRequest("update", 1, "custom"), "match_field_missing"),
        (SingleRequest("import", 1), "match_value_missing"),
    ],
)
def test_a_request_its_page_does_not_know_is_refused(request_: BatchRequest, code: str) -> None:
    assert code in [found for found, _ in request_.faults()]
    with pytest.raises(InvalidRequest) as caught:
        request_.body([b"{}"], TOKEN)
    assert caught.value.code == code
    assert TOKEN not in repr(caught.value)


def test_paths_are_spelled_as_the_pages_print_them() -> None:
    assert [call.path for call in CALLS.values()] == [
        "profiles/import_batch",
        "profiles/update_batch",
        "profiles/add_batch/",
        "workflows/import_and_start_batch",
    ]
    assert [call.path for call in SINGLE_CALLS.values()] == ["profiles/import", "profiles/update", "profiles/add"]
    assert [name for name, call in CALLS.items() if call.wrapped] == ["scenario"]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3), max_size=5),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=240),
)
def test_body_never_outgrows_what_was_planned(profiles: list[dict[str, str]], token: str) -> None:
    request = BatchRequest("import", 1, "custom", 'Поле "1"')
    parts = texts(profiles)
    planned = request.envelope_size() + sum(map(len, parts)) + max(0, len(parts) - 1)
    body = request.body(parts, token)
    assert len(body) <= planned
    assert json.loads(body)["data"] == profiles


def test_single_body_repeats_the_value_searched_for_beside_data() -> None:
    profile = {"email": "i.petrov@example.com", "phones": ["+79000000000"]}
    request = SingleRequest("import", 5, match_value="i.petrov@example.com", add_to_segments=[1, 2])
    assert json.loads(request.body(texts([profile]), TOKEN)) == {
        "token": TOKEN,
        "db_id": 5,
        "matching": "email",
        "email": "i.petrov@example.com",
        "skip_triggers": True,
        "add_to_segments": [1, 2],
        "data": profile,
    }


@pytest.mark.parametrize(
    ("matching", "value", "member"),
    [
        ("phone", "+79000000000", {"phone": "+79000000000"}),
        ("profile_id", "012452bf62fcd71f", {"profile_id": "012452bf62fcd71f"}),
        ("custom", 12345, {"field_name": "CRM_ID", "field_value": 12345}),
        ("email_phone", "a@example.com", {"email": "a@example.com"}),
        ("email_phone_sub", "+79000000000", {"phone": "+79000000000"}),
    ],
)
def test_single_body_names_the_value_after_the_mode(matching: str, value: str | int, member: dict[str, Any]) -> None:
    body = json.loads(SingleRequest("update", 5, matching, "CRM_ID", match_value=value).body([b"{}"], None))
    assert body == {"db_id": 5, "matching": matching, "skip_triggers": True, "data": {}} | member


def test_single_add_does_not_search() -> None:
    assert SingleRequest("add", 5).body([b'{"email":"a@example.com"}'], None) == (
        b'{"db_id":5,"skip_triggers":true,"data":{"email":"a@example.com"}}'
    )


def test_a_placed_profile_brings_what_it_is_searched_by() -> None:
    request = SingleRequest("update", 5, "push_sub", placed=True, remove_from_segments=[3])
    text = b'{"provider":"Firefox","subscription_id":"t1","data":{"_fname":"Olly"}}'
    body = request.body([text], TOKEN)
    assert json.loads(body) == {
        "token": TOKEN,
        "db_id": 5,
        "matching": "push_sub",
        "provider": "Firefox",
        "subscription_id": "t1",
        "skip_triggers": True,
        "remove_from_segments": [3],
        "data": {"_fname": "Olly"},
    }
    assert len(body) <= request.envelope_size() + len(text)


def test_a_query_stands_in_for_a_matching_only_where_a_scenario_starts() -> None:
    query = {"email": {"$in": ["asd@example.com", "zxcv@example.com"]}}
    request = BatchRequest("scenario", matching="", scenario_id=1, custom_request=query)
    body = json.loads(request.body([], None))
    assert body == {"workflow_id": 1, "skip_triggers": True, "custom_request": query, "data": []}
    assert BatchRequest("import", 1, "", custom_request=query).faults() == [("matching_not_for_call", {"matching": ""})]


def test_both_kinds_of_custom_matching_name_the_field_on_the_request() -> None:
    body = json.loads(BatchRequest("import", 1, "custom_sub", "card").body([], None))
    assert (body["matching"], body["field_name"]) == ("custom_sub", "card")
