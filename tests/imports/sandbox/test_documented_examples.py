"""The sandbox takes the requests the documents print, and answers with the envelopes they print."""

from typing import Any

import pytest

from tests.documented import (
    BATCH,
    CHANNELS,
    LALA,
    SCENARIOS,
    SINGLE,
    SINGLE_MORE,
    STEPS,
    VICTOR,
    Json,
    guide_request,
    printed,
)

from .conftest import Caller

OK = {"error": 0, "error_text": "Successful operation"}


def batch(**changes: Any) -> Json:
    """The printed example, its two people with addresses of their own."""
    return printed(BATCH) | {"data": [LALA, VICTOR | {"email": "victor@example.com"}]} | changes


@pytest.mark.parametrize("path", ["profiles/import_batch", "profiles/import_batch/"])
def test_import_batch_by_a_custom_field(api: Caller, path: str) -> None:
    answered = api(path, **batch())
    ids = [row["profile_id"] for row in answered["result"]]
    assert answered == {**OK, "result": [{**OK, "profile_id": found} for found in ids]}
    assert [len(found) for found in ids] == [24, 24]


def test_update_batch_answers_the_ids_import_batch_gave(api: Caller) -> None:
    imported = api("profiles/import_batch", **batch())
    assert api("profiles/update_batch", **batch()) == imported


def test_two_people_with_one_address_clash_on_the_unique_email(api: Caller) -> None:
    rows = api("profiles/import_batch", **printed(BATCH))["result"]
    assert [row["error"] for row in rows] == [0, 409]
    assert rows[1]["profile_id"] == ""


def test_single_import_with_phones_and_subscriptions(api: Caller) -> None:
    sms = {"resource_id": 28}  # the sandbox's second resource
    channels = [one | sms if one["channel"] == "sms" else one for one in CHANNELS]
    olly = SINGLE_MORE["data"] | {"_sex": 0, "subscriptions": channels}

    answered = api("profiles/import", **printed(SINGLE) | {"data": olly})

    assert answered == {**OK, "profile_id": answered["profile_id"]}
    kept = api("profiles/get", db_id=1, matching="email", email="example@example.com")["data"]
    assert len(kept["subscriptions"]) == 7


def test_user_guide_adds_then_updates_then_subscribes(api: Caller) -> None:
    first, second, third = (api("profiles/import", **guide_request(step)) for step in STEPS)
    assert first == second == third == {**OK, "profile_id": first["profile_id"]}


@pytest.mark.parametrize("example", SCENARIOS)
def test_scenario_batch_answers_profile_ids_alone(api: Caller, example: str) -> None:
    people = [item["data"] for item in SCENARIOS[example]["data"]]
    apart = [{"data": person | {"email": f"{n}@example.com"}} for n, person in enumerate(people)]

    answered = api("workflows/import_and_start_batch", **printed(SCENARIOS[example]) | {"data": apart})

    assert answered == {**OK, "result": [{"profile_id": row["profile_id"]} for row in answered["result"]]}
    assert len({row["profile_id"] for row in answered["result"]}) == 2


def test_body_over_the_limit_is_answered_as_printed(api: Caller) -> None:
    api.post("/sandbox/control", {"body_limit": 500})
    answered = api("profiles/import_batch", **batch(data=[{"email": "lala@example.com", "notes": "x" * 500}]))
    assert answered == {"error": 400, "error_debug": "http: request body too large", "error_text": "Invalid request"}
    assert api.last.status == 200
    assert not api.sandbox.platform.find("lala@example.com")
