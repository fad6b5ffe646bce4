"""Starting scenarios: whom, how often, and the three answers the documents allow to be read."""

from typing import Any

import pytest

from .conftest import Caller

PATH = "workflows/import_and_start_batch"
TWO = [{"data": {"email": "anna@example.com"}}, {"data": {"email": "broken"}}]


def start(api: Caller, data: Any = TWO, **changes: Any) -> dict[str, Any]:
    return api(PATH, **{"workflow_id": 12, "matching": "email", "data": data, **changes})


def test_each_start_is_counted_for_each_person(api: Caller) -> None:
    start(api)
    start(api, [*TWO, TWO[0]])
    assert api.sandbox.platform.times_started(12, "anna@example.com") == 3


def test_failed_person_carries_an_error_and_is_not_started(api: Caller) -> None:
    good, bad = start(api)["result"]
    assert list(good) == ["profile_id"]
    assert (bad["error"], bad["error_text"]) == (1010, "Incorrect email")
    assert sum(api.sandbox.platform.started[12].values()) == 1


def test_entries_can_carry_codes(api: Caller) -> None:
    api.post("/sandbox/control", {"scenario_answer": "errors"})
    assert [row["error"] for row in start(api)["result"]] == [0, 1010]


@pytest.mark.parametrize("way", ["switched", "task call"])
def test_answer_can_be_a_task_id_alone(api: Caller, way: str) -> None:
    if way == "switched":
        api.post("/sandbox/control", {"scenario_answer": "task"})
    answered = api(PATH + ("_task" if way == "task call" else ""), workflow_id=12, matching="email", data=TWO)
    assert list(answered) == ["error", "error_text", "task_id"]
    status = api("tasks/status", task_id=answered["task_id"])["data"]
    assert status == {"status": "completed", "progress": 100, "result": {"total": 2, "errors": 1}}


def test_single_start_answers_the_profile_id(api: Caller) -> None:
    asked = {"workflow_id": 12, "matching": "email", "email": "anna@example.com"}
    answered = api("workflows/import_and_start", **asked, data={"email": "anna@example.com"})
    assert answered["profile_id"] in api.sandbox.platform.started[12]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"workflow_id": 99}, 404),
        ({"workflow_id": 13}, 400),
        ({"workflow_id": "12"}, 400),
        ({"data": {"email": "anna@example.com"}}, 400),
    ],
)
def test_start_is_refused_as_a_whole(api: Caller, changes: dict[str, Any], code: int) -> None:
    assert start(api, **changes)["error"] == code
    assert not api.sandbox.platform.started[12]


def test_flat_items_are_refused_one_by_one(api: Caller) -> None:
    (row,) = start(api, [{"email": "anna@example.com"}])["result"]
    assert row["error"] == 1003


def test_scenario_knows_its_database(api: Caller) -> None:
    start(api, db_id=5)
    assert [len(people.texts) for people in api.sandbox.platform.people.values()] == [1, 0]


def test_unknown_task_is_refused(api: Caller) -> None:
    assert api("tasks/status", task_id="x")["error"] == 404
