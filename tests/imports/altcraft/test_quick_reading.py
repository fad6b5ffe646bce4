"""The quick ways through an answer give what the careful ones give, or leave it to them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.altcraft import answers, envelope, rows
from imports.altcraft.answers import Answer, classify
from imports.altcraft.envelope import TextCleaner, Unreadable, read_object
from imports.altcraft.rows import Rows, read_rows
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
            return repr(list(read_rows(result, len(result), TextCleaner(SECRET.hide))))
        except Unreadable as fault:
            return fault.reason

    quick = outcome()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rows, "_usual_rows", lambda *_: None)
        assert quick == outcome()


TAKEN = b'{"error":0,"error_text":"Successful operation","profile_id":"6613c4754a5d12bd6cc0915f"}'
ITEM_TEXTS = st.sampled_from(
    [
        TAKEN,
        b'{"error":400,"error_text":"Bad","profile_id":""}',
        b'{"error":0,"profile_id":"very-secret-token"}',
        b'{"profile_id":"54759eb3"}',
        b'{"error_text":"Bad","profile_id":""}',
        b'{"error":0,"error_text":null}',
        b'{"error":0,"error":5,"profile_id":"a"}',
        b'{"profile_id":"a","error":0}',
        b'{"error":0,"error_text":"very-secret-token","profile_id":null}',
        b'{"error":0,"error_text":"\\u0411\\/","profile_id":"a"}',
        '{"error":0,"error_text":"Хорошо","profile_id":"й"}'.encode(),
        b'{"error":-0,"profile_id":"a"}',
        b'{"error":1.0,"profile_id":"a"}',
        b'{"error":true,"profile_id":"a"}',
        b'{"error":"0","profile_id":15}',
        b'{"error":2147483648,"profile_id":"a"}',
        b'{"error":340282366920938463463374607431768211456}',
        b'{"error":0,"error_text":"a\\u0000","profile_id":"a"}',
        b'{"error":0,"error_text":"\\ud800"}',
        b'{"error":0,"error_text":"\xff"}',
        b'{"error":0,"more":{"error":1}}',
        b"{}",
        b"null",
    ]
)
HEADS = st.sampled_from(
    [
        *[b'{"error":0,"error_text":"Successful operation","result":'] * 8,
        b'{"error":0,"error_text":"very-secret-token","result":',
        b'{"error":0,"error_text":null,"result":',
        b'{"error":0,"result":',
        b'{"error":7,"error_text":"No","result":',
        b'{"error":0,"error_text":"","error":0,"result":',
        b'{"error":0,"error_text":"","result":[],"result":',
        b'{"error":0,"error_text":"","task_id":"5","result":',
        b'{"Error":0,"error_text":"","result":',
    ]
)


@given(
    head=HEADS,
    items=st.lists(st.just(TAKEN) | ITEM_TEXTS, max_size=4),
    comma=st.sampled_from([b",", b" ,\n"]),
    end=st.sampled_from([b"]}", b"]}", b"] } ", b"]", b'],"more":' + b"[" * 2_000 + b"]" * 2_000 + b"}"]),
    status=st.sampled_from([200, 200, 404, 500]),
    more=st.sampled_from([0, 0, 1]),
    single=st.sampled_from([False, False, True]),
)
def test_an_answer_is_classified_as_by_the_readers_that_look_closer(
    head: bytes, items: list[bytes], comma: bytes, end: bytes, status: int, more: int, single: bool
) -> None:
    body = head + b"[" + comma.join(items) + end

    def outcome() -> str:
        answer = classify(status, {}, body, expected=len(items) + more, single=single, secret=SECRET)
        return repr([getattr(answer, name) for name in Answer.__slots__ if name != "rows"] + list(answer.rows or "-"))

    quick = outcome()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(answers, "read_success", lambda *_: None)
        assert quick == outcome()


def test_the_usual_answer_is_read_into_columns_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {"error": 400, "error_text": "Плохо", "profile_id": ""}
    answer = {"error": 0, "error_text": "Successful operation", "result": [json.loads(TAKEN), refused]}
    body = json.dumps(answer, ensure_ascii=False, indent=2).encode()
    monkeypatch.setattr(answers, "read_object", None)

    read = classify(200, {}, body, expected=2, secret=SECRET).rows

    assert isinstance(read, Rows)
    assert (read.errors, read.texts) == ([0, 400], ["Successful operation", "Плохо"])
    assert read.ids == ["6613c4754a5d12bd6cc0915f", ""]


def test_columns_read_like_the_rows_they_hold() -> None:
    plain = ((0, "Fine", "a"), (5, "No", ""), (0, "Fine", "b"))

    columns = Rows([0, 5, 0], ["Fine", "No", "Fine"], ["a", "", "b"])

    assert columns == plain and plain == columns and columns != plain[:2]
    assert (columns[1], columns[-1], list(columns), len(columns)) == (plain[1], plain[2], list(plain), 3)
    assert columns[1:] == plain[1:] and hash(columns) == hash(plain)
