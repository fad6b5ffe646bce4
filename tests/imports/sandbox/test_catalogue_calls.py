"""Lists, single things and fields, letter by letter as the pages print them; static segments."""

from typing import Any

import pytest

from .conftest import Caller


def test_databases_have_groups_in_capitals(api: Caller) -> None:
    answered = api("databases/list/")
    assert [(each["id"], each["name"]) for each in answered["data"]] == [(1, "Покупатели"), (5, "Newsletter")]
    assert answered["data"][0]["Groups"] == [{"Id": 1, "Name": "Розница"}]
    assert (answered["error"], answered["next_from_id"], answered["total_count"]) == (0, 6, 2)


@pytest.mark.parametrize("method", ["databases/list", "resources/list", "workflows/list", "segments/list/"])
def test_list_is_walked_until_it_answers_nothing(api: Caller, method: str) -> None:
    seen: list[int] = []
    start = 1
    while page := (answered := api(method, from_id=start, limit=1))["data"]:
        seen += [each["id"] for each in page]
        start = answered["next_from_id"]
    assert seen == [each["id"] for each in api(method)["data"]]
    assert len(seen) == answered["total_count"]


def test_resources_have_groups_in_small_letters(api: Caller) -> None:
    first = api("resources/list")["data"][0]
    assert first == {"id": 1, "name": "Новости", "groups": [{"id": 1, "name": "Demo"}]}


def test_resource_tells_channels_and_databases(api: Caller) -> None:
    told = api("resources/get", id=28)["data"]
    assert (told["channels"], told["dbs_ids"], told["id"], told["name"]) == (["email", "sms"], [1], 28, "Акции")
    assert {"trk_domain", "url"} <= told.keys()


def test_resource_fields_depend_on_the_channel(api: Caller) -> None:
    push, email = (api("resources/fields_get", id=1, channel=name)["data"] for name in ("push", "email"))
    assert {"_ad_id", "_device_type", "custom_field"} <= {each["name"] for each in push}
    assert "_ad_id" not in {each["name"] for each in email}
    assert api("resources/fields_get", id=28, channel="push")["error"] == 400


@pytest.mark.parametrize("name", ["id", "db_id"])
def test_fields_cover_every_type(api: Caller, name: str) -> None:
    told = {each["name"]: each for each in api("databases/fields_get", **{name: 1})["data"]}
    custom = {each["type"] for each in told.values() if each["category"] == "custom"}
    assert custom == {"int", "string", "enum", "float", "date", "bool", "tags", "ip", "object", "arr_object"}
    assert told["level"]["options"] == ["bronze", "silver", "gold"]
    assert (told["phones"]["category"], told["phones"]["type"]) == ("system", "phone")


def test_database_tells_its_suppression_list(api: Caller) -> None:
    assert set(api("databases/get/", id=5)["data"]) == {"id", "name", "suppress_id", "description"}


def test_scenarios_name_their_database(api: Caller) -> None:
    told = [(each["id"], each["list_id"], each["is_active"]) for each in api("workflows/list")["data"]]
    assert told == [(12, 1, True), (13, 5, False)]


@pytest.mark.parametrize(
    ("method", "asked", "code"),
    [
        ("databases/get", {"id": 2}, 404),
        ("databases/fields_get", {}, 400),
        ("resources/get", {"id": "1"}, 400),
        ("segments/get", {"id": 99}, 404),
        ("databases/list", {"from_id": "1"}, 400),
        ("profiles/get", {"db_id": 1, "email": "nobody@example.com"}, 404),
        ("profiles/get", {"db_id": 1}, 1001),
    ],
)
def test_wrong_question_is_refused(api: Caller, method: str, asked: dict[str, Any], code: int) -> None:
    assert api(method, **asked)["error"] == code


def test_profile_moves_into_and_out_of_a_static_segment(api: Caller) -> None:
    found = api.rows("profiles/import_batch", [{"email": "anna@example.com"}])[0]["profile_id"]
    asked = {"db_id": 1, "segment_id": 2, "profile_id": found}
    assert api("profiles/segstatic/add", **asked)["error"] == 0
    assert api("segments/get/", id=2)["data"]["count"] == 1
    assert api("profiles/segstatic/remove", **asked)["error"] == 0
    assert api("segments/get/", id=2)["data"]["count"] == 0
    assert api("profiles/segstatic/add", **{**asked, "segment_id": 3})["error"] == 400
    assert api("profiles/segstatic/add", **{**asked, "profile_id": "x"})["error"] == 404
