"""Import, update and add: what changes, what is refused for one profile, what for the whole call."""

from typing import Any

import pytest

from .conftest import Caller

ANNA = {"email": "anna@example.com", "_fname": "Anna", "points": 5}


def test_import_creates_then_merges_field_by_field(api: Caller) -> None:
    api.codes([ANNA])
    api.codes([{"email": "ANNA@example.com", "points": 7, "_city": "Tver"}])
    kept = api.sandbox.platform.profile("anna@example.com")
    assert (kept["_fname"], kept["points"], kept["_city"]) == ("Anna", 7, "Tver")
    assert api.sandbox.platform.times_applied("anna@example.com") == 2


def test_update_changes_and_never_creates(api: Caller) -> None:
    api.codes([ANNA])
    rows = api.rows("profiles/update_batch", [{"email": "boris@example.com"}, {**ANNA, "points": 9}])
    assert [(row["error"], row["error_text"]) for row in rows] == [
        (404, "Profile not found"),
        (0, "Successful operation"),
    ]
    assert api.sandbox.platform.profile("anna@example.com")["points"] == 9


def test_add_creates_only_and_takes_people_without_a_key(api: Caller) -> None:
    rows = api.rows("profiles/add_batch/", [ANNA, {}, {}, ANNA])
    assert [row["error"] for row in rows] == [0, 0, 0, 409]
    assert len(api.sandbox.platform.people[1].texts) == 3


@pytest.mark.parametrize("method", ["profiles/import", "profiles/update", "profiles/add"])
def test_single_call_tells_a_bad_profile_at_the_outside(api: Caller, method: str) -> None:
    answered = api(method, db_id=1, email="anna@example.com", data={"email": "anna"})
    assert (answered["error"], answered["error_text"]) == (1010, "Incorrect email")


def test_bad_profiles_keep_their_places_and_stop_nobody(api: Caller) -> None:
    people: list[Any] = [
        ANNA,
        {"email": "boris@example.com", "phones": ["12345"]},
        {"email": "vera@example.com", "_bdate": "31.12.2001"},
        {"email": "gleb@example.com", "signup_ip": ""},
        {"email": "dina@example.com", "Shoe_size": 40},
        {"_fname": "Nobody"},
        "not an object",
        {"email": "egor@example.com", "level": "platinum"},
        {"email": "zoya@example.com"},
    ]
    rows = api.rows("profiles/import_batch", people)
    assert [(row["error"], row["error_text"]) for row in rows] == [
        (0, "Successful operation"),
        (1011, "Incorrect phone"),
        (1013, "incorrect date"),
        (1014, "incorrect ip"),
        (1002, "Unknown field: Shoe_size"),
        (1001, "Matching field is missing: email"),
        (1003, "Incorrect profile: object expected"),
        (1024, "Incorrect enum value: level"),
        (0, "Successful operation"),
    ]
    assert len(api.sandbox.platform.people[1].texts) == 2


def test_refused_update_leaves_the_profile_as_it_was(api: Caller) -> None:
    api.codes([ANNA])
    api.codes([{"email": "anna@example.com", "_fname": "Anja", "points": "many"}])
    assert api.sandbox.platform.profile("anna@example.com") == ANNA


def test_email_is_unique_per_database_only(api: Caller) -> None:
    assert api.codes([ANNA]) == api.codes([ANNA], db_id=5) == [0]
    assert len(api.sandbox.platform.find("anna@example.com")) == 2


def test_freed_email_can_be_taken_by_another(api: Caller) -> None:
    by_code = {"matching": "custom", "field_name": "CRM_ID"}
    moves = [("1", "a@example.com"), ("2", "a@example.com"), ("1", "b@example.com"), ("2", "a@example.com")]
    assert api.codes([{"CRM_ID": code, "email": email} for code, email in moves], **by_code) == [0, 409, 0, 0]


@pytest.mark.parametrize("given", ["empty", "missing", "null"])
def test_failed_profile_has_the_id_asked_for(api: Caller, given: str) -> None:
    api.post("/sandbox/control", {"failed_id": given})
    (row,) = api.rows("profiles/import_batch", [{"email": "x"}])
    assert row.get("profile_id", "missing") == {"empty": "", "missing": "missing", "null": None}[given]


@pytest.mark.parametrize(
    ("changes", "code", "debug"),
    [
        ({"db_id": 2}, 404, ""),
        ({"db_id": "1"}, 400, "db_id: int expected"),
        ({"data": ANNA}, 400, "data: array expected"),
        ({"matching": "name"}, 400, "unknown matching mode"),
        ({"matching": "custom"}, 400, "field_name is required"),
        ({"matching": "custom", "field_name": "Shoe_size"}, 400, "field_name is not a field of the database"),
        ({"skip_triggers": "yes"}, 400, "skip_triggers: bool expected"),
        ({"format": "xml"}, 400, "format: the sandbox speaks json only"),
    ],
)
def test_whole_call_is_refused(api: Caller, changes: dict[str, Any], code: int, debug: str) -> None:
    answered = api("profiles/import_batch", **{"db_id": 1, "data": [ANNA], **changes})
    assert (answered["error"], answered.get("error_debug", ""), "result" in answered) == (code, debug, False)
    assert not api.sandbox.platform.applied


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"token": NaN}', b"\xff"])
def test_unreadable_json_is_refused(api: Caller, raw: bytes) -> None:
    answered = api.post("/api/v1.1/profiles/import_batch", raw)
    assert answered == {"error": 400, "error_debug": "json: object expected", "error_text": "Invalid request"}


def test_triggers_run_unless_skipped(api: Caller) -> None:
    for skips in ({}, {"skip_triggers": False}, {"skip_triggers": True}):
        api.codes([ANNA], **skips)
    assert api.sandbox.platform.times_triggered("anna@example.com") == 2


def test_single_import_moves_between_segments(api: Caller) -> None:
    asked = {"db_id": 1, "email": "anna@example.com", "data": ANNA}
    found = api("profiles/import", **asked, add_to_segments=[2, 6])["profile_id"]
    assert api("profiles/import", **asked, remove_from_segments=[6])["error"] == 0
    segments = api.sandbox.platform.catalogue.segments
    assert (segments[2].members, segments[6].members) == ({found}, set())
    assert [api("profiles/import", **asked, add_to_segments=[n])["error"] for n in (3, 9, 99)] == [400, 404, 404]
