"""Functional updates of fields, one at a time and through the API."""

from typing import Any

import pytest

from imports.sandbox import fields
from imports.sandbox.errors import Refused
from imports.sandbox.functions import UNSET, apply_function

from .conftest import Caller


def changed(kind: str, current: Any, **function: Any) -> Any:
    return apply_function(kind, fields.KINDS[kind].check, current, function)


@pytest.mark.parametrize(
    ("kind", "current", "function", "after"),
    [
        ("line", "a", {"action": "set", "value": "b"}, "b"),
        ("line", "a", {"action": "unset"}, UNSET),
        ("integer", 5, {"action": "incr", "value": 3}, 8),
        ("integer", None, {"action": "incr", "value": -3}, -3),
        ("float", 1.5, {"action": "incr", "value": 1}, 2.5),
        ("tags", ["a"], {"action": "add", "value": ["a", "b"]}, ["a", "b"]),
        ("tags", None, {"action": "add", "value": ["a"]}, ["a"]),
        ("tags", ["a", "b"], {"action": "delete", "value": ["a", "x"]}, ["b"]),
        ("objects", [{"n": 1}], {"action": "add", "value": [{"n": 2}]}, [{"n": 1}, {"n": 2}]),
        ("objects", [{"n": 1}, {"n": 2}], {"action": "delete", "value": [1], "submatch": "n"}, [{"n": 2}]),
        ("object", {"a": 1}, {"action": "upsert", "value": 2, "submatch": "b.c"}, {"a": 1, "b": {"c": 2}}),
    ],
)
def test_action_changes_the_value(kind: str, current: Any, function: dict[str, Any], after: Any) -> None:
    assert changed(kind, current, **function) == after


@pytest.mark.parametrize(
    ("kind", "function"),
    [
        ("email", {"action": "unset"}),
        ("line", {"action": "incr", "value": 1}),
        ("integer", {"action": "incr", "value": "1"}),
        ("integer", {"action": "incr"}),
        ("line", {"action": "set", "value": 5}),
        ("tags", {"action": "delete", "value": "a"}),
        ("object", {"action": "upsert", "value": 1}),
        ("object", {"action": "add", "value": ["a"]}),
    ],
)
def test_action_is_refused(kind: str, function: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        changed(kind, None, **function)


def test_batch_takes_functions_beside_plain_values(api: Caller) -> None:
    person = {"email": "anna@example.com", "points": 10, "notes": "x", "interests": ["tea"]}
    update = {
        "email": "anna@example.com",
        "_city": "Tver",
        "points": {"action": "incr", "value": 5},
        "notes": {"action": "unset"},
        "interests": {"action": "add", "value": ["books"]},
    }
    assert api.codes([person]) + api.codes([update]) == [0, 0]
    kept = api.sandbox.platform.profile("anna@example.com")
    assert (kept["points"], kept["interests"], kept["_city"], "notes" in kept) == (15, ["tea", "books"], "Tver", False)


def test_refused_action_names_the_field_and_changes_nothing(api: Caller) -> None:
    api.codes([{"email": "anna@example.com", "points": 10}])
    given = {"email": "anna@example.com", "_city": "Tver", "notes": {"action": "incr", "value": 5}}
    (row,) = api.rows("profiles/import_batch", [given])
    assert row["error_text"] == "Action is not allowed: notes"
    assert "_city" not in api.sandbox.platform.profile("anna@example.com")


def test_object_field_may_hold_a_property_called_action(api: Caller) -> None:
    assert api.codes([{"email": "anna@example.com", "address": {"action": "ring twice"}}]) == [0]
