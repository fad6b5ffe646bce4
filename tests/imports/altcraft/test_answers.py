import json
import pickle
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.altcraft.answers import RAW_KEPT, Answer, AnswerClass, classify
from imports.altcraft.secret import Secret
from tests.imports.altcraft.conftest import TOKEN, accepted

K = AnswerClass


def told(content: Any, status: int = 200, expected: int | None = 2, **options: Any) -> Answer:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return classify(status, options.pop("headers", {}), body, expected=expected, **options)


def rows_of(*rows: Any) -> dict[str, Any]:
    return {"error": 0, "error_text": "", "result": list(rows)}


def test_every_profile_has_its_own_outcome() -> None:
    answer = told(
        rows_of(
            {"error": 0, "error_text": "Successful operation", "profile_id": "a" * 24},
            {"error": 400, "error_text": "Incorrect phone", "profile_id": None},
        )
    )
    assert answer.kind is K.ANSWERED
    assert answer.rows == ((0, "Successful operation", "a" * 24), (400, "Incorrect phone", ""))
    assert (answer.error, answer.http_status, answer.reason) == (0, 200, "")


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"profile_id": "6613c4754a5d12bd6cc0915f"}, (0, "", "6613c4754a5d12bd6cc0915f")),  # the scenario call
        ({"error": None, "profile_id": "1"}, (0, "", "1")),
        ({"Error": 0, "Error_Text": "ok", "PROFILE_ID": "1"}, (0, "ok", "1")),
        ({"error": "0", "profile_id": 15}, (0, "", "15")),
        ({"error": "-7", "error_text": None}, (-7, "", "")),
        ({"error": 0}, (0, "", "")),
        ({"error": 1, "profile_id": "1", "more": [1]}, (1, "", "1")),
        ({"error": 1, "error_text": "a\x00b\ud800"}, (1, "a�b?", "")),
    ],
)
def test_spellings_of_one_row(row: dict[str, Any], outcome: tuple[int, str, str]) -> None:
    assert told(rows_of(row), expected=1).rows == (outcome,)


@pytest.mark.parametrize(
    "row",
    [
        "taken",
        None,
        {},
        {"error": True},
        {"error": 0.0},
        {"error": "zero"},
        {"error": "٣"},
        {"error": 2**40},
        {"error": 0, "profile_id": ["1"]},
        {"error": 0, "error_text": {"en": "ok"}},
        {"error": None, "profile_id": ""},
        {"error": [], "profile_id": "1"},
    ],
)
def test_one_row_of_a_wrong_type_spoils_the_whole_answer(row: Any) -> None:
    answer = told(rows_of({"error": 0, "profile_id": "1"}, row))
    assert (answer.kind, answer.reason, answer.rows) == (K.UNREADABLE, "row_unreadable", None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (accepted(1), "counts_differ"),
        (accepted(3), "counts_differ"),
        (rows_of(), "counts_differ"),
        ({"error": 0}, "result_missing"),
        ({"error": 0, "result": None}, "result_missing"),
        ({"error": 0, "result": {"0": {"error": 0}}}, "result_not_a_list"),
        ({"error": 0, "task_id": "5f1"}, "task_only"),
        ({"error": 0, "data": {"task_id": "5f1"}}, "task_only"),
        ({"result": accepted()["result"]}, "error_missing"),
        ({"error": True}, "error_missing"),
        ({"error": "ok"}, "error_missing"),
        ([accepted()], "not_an_object"),
        (b"", "empty_answer"),
        (b" \n", "empty_answer"),
        (b"<!doctype html><h1>Log in</h1>", "not_json"),
        (json.dumps(accepted()).encode()[:-5], "not_json"),
        (b'{"error":0}{"error":0}', "not_json"),
        (b'{"error":0,"error":1}', "duplicate_keys"),
        (b'{"error":0,"Error":1}', "duplicate_keys"),
        (b'{"error":0,"result":[{"error":0,"error":1},{"error":0}]}', "duplicate_keys"),
        (b'{"error":0,"result":[{"error":1,"Error":0},{"error":1}]}', "duplicate_keys"),
        (b'{"error":NaN}', "not_a_number"),
        (b'{"error":0,"result":[Infinity]}', "not_a_number"),
        (b'{"error":' + b"[" * 100_000, "too_deep"),
        (b'{"error":' + b"9" * 5_000 + b"}", "not_json"),
        (b'{"error":0,"error_text":"\xff"}', "bad_utf8"),
        (json.dumps(accepted()).encode("utf-16"), "bad_utf8"),
    ],
)
def test_an_answer_that_cannot_be_trusted_is_unreadable(content: Any, reason: str) -> None:
    answer = told(content)
    assert (answer.kind, answer.reason, answer.rows) == (K.UNREADABLE, reason, None)


def test_task_only_answer_names_the_task() -> None:
    assert told({"error": 0, "data": {"task_id": "5f1"}}).task_id == "5f1"
    answer = told(accepted() | {"task_id": "5f1"})
    assert (answer.kind, answer.task_id) == (K.ANSWERED, "5f1")


def test_byte_order_mark_does_no_harm() -> None:
    assert told(b"\xef\xbb\xbf" + json.dumps(accepted()).encode()).kind is K.ANSWERED


@pytest.mark.parametrize(
    ("status", "content", "kind", "reason"),
    [
        (200, {"error": 401}, K.REFUSED_ALL, "token_refused"),
        (200, {"error": 402}, K.REFUSED_ALL, "tariff_limit"),
        (403, {"error": "403"}, K.REFUSED_ALL, "access_refused"),
        (401, {"error": 400}, K.REFUSED_ALL, "token_refused"),
        (401, b"<html>", K.REFUSED_ALL, "token_refused"),
        (402, b"", K.REFUSED_ALL, "tariff_limit"),
        (403, b"<html>", K.REFUSED_ALL, "access_refused"),
        (404, b"<html>", K.REFUSED_ALL, "address_wrong"),
        (405, b"", K.REFUSED_ALL, "address_wrong"),
        (404, {"error": 404}, K.REFUSED_REQUEST, "refused"),
        (400, {"error": 400, "error_text": "Invalid request"}, K.REFUSED_REQUEST, "refused"),
        (200, {"error": 440}, K.REFUSED_REQUEST, "refused"),
        (200, {"error": 1, "result": None}, K.REFUSED_REQUEST, "refused"),
        (200, {"error": 1, "result": []}, K.REFUSED_REQUEST, "refused"),
        (200, {"error": 1, "result": "none"}, K.REFUSED_REQUEST, "refused"),
        (400, {"error": 400, "error_debug": "http: request body too large"}, K.REFUSED_SIZE, "too_large"),
        (413, b"<html>", K.REFUSED_SIZE, "too_large"),
        (413, {"error": 400}, K.REFUSED_SIZE, "too_large"),
        (400, b"http: request body too large\n", K.REFUSED_SIZE, "too_large"),
        (429, b"slow down", K.REFUSED_RATE, "rate_limited"),
        (429, {"error": 429}, K.REFUSED_RATE, "rate_limited"),
        (200, {"error": 429}, K.REFUSED_RATE, "rate_limited"),
        (400, b"<html>", K.UNREADABLE, "not_json"),
        (409, b"<html>", K.UNREADABLE, "not_json"),
        (204, b"", K.UNREADABLE, "empty_answer"),
        (500, accepted(), K.NO_ANSWER, "server_error"),
        (500, {"error": 401}, K.NO_ANSWER, "server_error"),
        (502, b"<html>", K.NO_ANSWER, "server_error"),
        (200, {"error": 500}, K.NO_ANSWER, "server_error"),
        (103, b"", K.NO_ANSWER, "not_http"),
        (301, accepted(), K.REFUSED_ALL, "redirected"),
        (307, b"", K.REFUSED_ALL, "redirected"),
        (304, b"", K.REFUSED_ALL, "redirected"),
    ],
)
def test_class_of_a_refusal(status: int, content: Any, kind: AnswerClass, reason: str) -> None:
    answer = told(content, status)
    assert (answer.kind, answer.reason, answer.http_status) == (kind, reason, status)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (accepted() | {"error": 400}, K.ANSWERED),
        (accepted() | {"error": 402}, K.ANSWERED),
        (accepted(1) | {"error": 400}, K.UNREADABLE),
        (accepted(1) | {"error": 403}, K.UNREADABLE),
        (rows_of({"error": 1}, {"error": 2}) | {"error": 400}, K.ANSWERED),
        (rows_of({"error": 1}, {"error": 2}) | {"error": 403}, K.REFUSED_ALL),
        (rows_of({"error": 1}) | {"error": 400}, K.REFUSED_REQUEST),
    ],
)
def test_an_error_beside_taken_profiles_is_never_a_refusal(content: dict[str, Any], kind: AnswerClass) -> None:
    assert told(content).kind is kind


@pytest.mark.parametrize("status", [400, 401, 413, 429])
def test_a_body_that_answers_every_profile_outweighs_the_status(status: int) -> None:
    assert told(accepted(), status).kind is K.ANSWERED
    assert told({"error": 0}, status).kind is K.UNREADABLE


@pytest.mark.parametrize(
    ("flaw", "status", "kind"),
    [
        ("answer_cut", 200, K.NO_ANSWER),
        ("deadline", 200, K.NO_ANSWER),
        ("answer_too_long", 200, K.UNREADABLE),
        ("answer_encoded", 200, K.UNREADABLE),
        ("answer_encoded", 502, K.NO_ANSWER),
        ("answer_cut", 413, K.REFUSED_SIZE),
        ("deadline", 401, K.REFUSED_ALL),
    ],
)
def test_a_body_that_is_not_whole_is_not_read(flaw: str, status: int, kind: AnswerClass) -> None:
    answer = told(accepted(), status, flaw=flaw)
    assert (answer.kind, answer.rows, answer.error) == (kind, None, None)


def test_single_answer_is_one_row() -> None:
    taken = told({"error": 0, "error_text": "", "profile_id": "54759eb3"}, expected=1, single=True)
    assert (taken.kind, taken.rows) == (K.ANSWERED, ((0, "", "54759eb3"),))
    refused = told({"error": 7, "error_text": "no such profile"}, expected=1, single=True)
    assert (refused.kind, refused.rows, refused.error) == (K.REFUSED_REQUEST, None, 7)


def test_list_answer_needs_no_rows() -> None:
    assert told({"error": 0, "data": []}, expected=None).kind is K.ANSWERED
    assert told({"error": 403}, expected=None).kind is K.REFUSED_ALL


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [
        ("7", 7.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("1.5", 1.5),
        ("99999", 900.0),
        ("9" * 400, 900.0),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30.0),
        ("Wed, 21 Oct 2020 07:28:00 GMT", 1.0),
        ("Thu, 21 Oct 2100 07:28:00 GMT", 900.0),
        ("soon", None),
        ("5, 6", None),
        ("Mon, 1 Jan 99999999999 00:00:00 GMT", None),
        ("", None),
    ],
)
def test_retry_after_is_understood_and_bounded(wish: str, seconds: float | None) -> None:
    headers = {"retry-after": wish, "date": "Wed, 21 Oct 2026 07:28:00 GMT"}
    assert told(b"", 429, headers=headers).retry_after == seconds


def test_retry_after_date_is_read_without_a_date_header() -> None:
    assert told(b"", 429, headers={"retry-after": "Thu, 21 Oct 2100 07:28:00 GMT"}).retry_after == 900.0


@pytest.mark.parametrize(
    ("headers", "replayed"),
    [
        ({"duplicate-request": "true"}, True),
        ({"x-duplicate-request": "True"}, True),
        ({"duplicate-request": "false"}, False),
        ({"duplicate-key": "1"}, False),
    ],
)
def test_a_replayed_answer_is_marked(headers: dict[str, str], replayed: bool) -> None:
    assert told(accepted(), headers=headers).replayed is replayed


def test_the_token_is_in_no_part_of_the_answer() -> None:
    body = {
        "error": 5,
        "error_text": f"bad {TOKEN}",
        "error_debug": TOKEN,
        "result": [{"error": 1, "error_text": TOKEN}],
    }
    answer = told(body, expected=1, secret=Secret(TOKEN))
    assert TOKEN not in repr(vars_of(answer))
    assert answer.error_text == "bad ***"
    assert TOKEN.encode() not in pickle.dumps(answer)


def vars_of(answer: Answer) -> dict[str, Any]:
    return {name: getattr(answer, name) for name in answer.__slots__}


def test_raw_is_cut_after_the_token_was_removed() -> None:
    body = b"x" * (RAW_KEPT - 5) + TOKEN.encode() + b"y" * 100
    raw = told(body, secret=Secret(TOKEN)).raw
    assert raw == b"x" * (RAW_KEPT - 5) + b"***yy"


def test_repr_quotes_nobody() -> None:
    answer = told(rows_of({"error": 1, "error_text": "a@example.com is taken"}), expected=1)
    assert "example.com" not in repr(answer)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 500) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["error", "Error", "result", "profile_id", "error_text", "data"]), inner)
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(JSON, st.sampled_from([200, 400, 401, 404, 413, 429, 500]), st.integers(0, 3))
def test_any_answer_has_a_class_and_rows_only_with_equal_counts(content: Any, status: int, expected: int) -> None:
    answer = told(content, status, expected)
    assert (answer.rows is not None) == (answer.kind is K.ANSWERED)
    assert answer.rows is None or len(answer.rows) == expected
    assert answer.reason or answer.kind is K.ANSWERED


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60), st.integers(100, 599))
def test_any_bytes_have_a_class(body: bytes, status: int) -> None:
    assert told(body, status).kind in set(K) - {K.NOT_SENT}
