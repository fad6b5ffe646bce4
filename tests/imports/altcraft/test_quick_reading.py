"""The quick ways through an answer give what the careful ones give, or leave it to them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.altcraft import envelope, rows
from imports.altcraft.envelope import TextCleaner, Unreadable, read_object
from imports.altcraft.rows import read_rows
from imports.altcraft.secret import Secret

SECRET = Secret("very-secret-token")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["error", "Error", "a", "\u0430", "b c", ""])


def written(members: list[tuple[str, Any]], space: str) -> bytes:
    pairs = [f"{json.dumps(name, ensure_ascii=False)}{space}:{json.dumps(value)}" for name, value in members]
    return ("{" + f"{space},".join(pairs) + "}" + space).encode()


def read(body: bytes) -> object:
    try:
        return repr(read_object(body))  # 1 and 1.0 and True are equal, and not the same
    except Unreadable as fault:
        return fault.reason


@given(members=st.lists(st.tuples(NAMES, VALUES), max_size=5), space=st.sampled_from(["", " ", "\n\t"]))
def test_an_object_is_read_as_by_the_strict_reader(members: list[tuple[str, Any]], space: str) -> None:
    body = written(members, space)
    quick = read(body)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(envelope, "_plain_object", lambda _: None)
        assert quick == read(body)


@given(body=st.binary(max_size=12) | st.text(alphabet='{}":,a1eE.+-\\ ud8', max_size=14).map(str.encode))
def test_any_bytes_are_read_as_by_the_strict_reader(body: bytes) -> None:
    quick = read(body)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(envelope, "_plain_object", lambda _: None)
        assert quick == read(body)


def test_the_usual_answer_takes_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = {"error": 0, "error_text": "Successful operation", "profile_id": "6613c4754a5d12bd6cc0915f"}
    answer = {"error": 0, "result": [taken, {"error": 400, "error_text": "Плохо", "profile_id": None}]}
    body = json.dumps(answer, ensure_ascii=False).encode()
    monkeypatch.setattr(json, "loads", None)
    monkeypatch.setattr(rows, "_row", None)

    result = read_object(body)["result"]

    assert read_rows(result, 2, TextCleaner(SECRET.hide)) == (
        (0, "Successful operation", taken["profile_id"]),
        (400, "Плохо", ""),
    )


def test_what_is_nested_too_deep_for_the_quick_way_is_read_all_the_same() -> None:
    deep = b'{"error":0,"more":' + b"[" * 400 + b"]" * 400 + b"}"

    assert read_object(deep)["error"] == 0


ITEMS = st.fixed_dictionaries(
    {},
    optional={
        "error": st.integers(-3, 3) | st.sampled_from([None, "0", True, 2**31, -(2**31), 1.0]),
        "error_text": st.text(max_size=3) | st.sampled_from([None, "a\x00", "very-secret-token", "x" * 1001, 5]),
        "profile_id": st.text(alphabet="ab1", max_size=3)
        | st.sampled_from([None, 15, "id-very-secret-token", "\ud800", "й", "x\x00", False, "y" * 1001]),
        "Error": st.just(0),
    },
)


@given(result=st.lists(ITEMS, min_size=1, max_size=4))
def test_rows_are_read_as_one_by_one(result: list[dict[str, Any]]) -> None:
    def outcome() -> object:
        try:
            return repr(read_rows(result, len(result), TextCleaner(SECRET.hide)))
        except Unreadable as fault:
            return fault.reason

    quick = outcome()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "_usual_rows", lambda *_: None)
        assert quick == outcome()
