"""JSON of whole columns against that of each value."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.pieces import around, few_texts, in_rows, woven

TEXTS = st.text(alphabet='ab,"\\\n\t[]{} :null\u2028я', max_size=8) | st.sampled_from(
    ["null", '",\n  "', "[\n    ", "\n  ]"]
)
PLAIN = TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
DEEP = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))


def one_by_one(column: list[Any], before: str, after: str) -> list[bytes]:
    return [b"" if value is None else before.encode() + orjson.dumps(value) + after.encode() for value in column]


def by_columns(column: list[Any], before: str, after: str = "") -> list[bytes]:
    return [text.encode("latin-1") for text in in_rows(around(column, before, after), len(column))]


ONE_TEXT = st.lists(TEXTS, min_size=1, max_size=1)
ADDRESSES = st.text(alphabet="ab@.+ -", max_size=8)


@pytest.mark.parametrize(
    "values",
    [TEXTS, PLAIN, ADDRESSES, ONE_TEXT, st.integers(0, 9), st.lists(TEXTS, max_size=3), st.lists(PLAIN), DEEP],
)
@given(data=st.data())
def test_the_pieces_of_a_column_are_those_of_its_values(values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    column = data.draw(st.lists(st.none() | values, max_size=9))
    before, after = data.draw(st.sampled_from([(',"name":', ""), (',"s":[{"email":', "}]"), (",", "null")]))

    assert by_columns(column, before, after) == one_by_one(column, before, after)
    assert by_columns(column * 3, before, after) == one_by_one(column * 3, before, after)


@pytest.mark.parametrize("column", [[True, 1, 1.0] * 9, [0.0, -0.0] * 9, ["1", 1, None] * 9, [False, None, 0] * 9])
def test_equal_values_of_other_types_keep_their_own_json(column: list[Any]) -> None:
    assert few_texts(column) is None
    assert by_columns(column, ",") == one_by_one(column, ",", "")


@pytest.mark.parametrize("odd", ["\x7f", "\x1c", "\x85", "\u2028", "я", "\xff", "a\\", '"', "\0"])
def test_one_odd_text_among_plain_ones_keeps_its_json(odd: str) -> None:
    column = [f"{n}@example.com" for n in range(9)] + [odd, None]

    assert by_columns(column, ",", "]") == one_by_one(column, ",", "]")
    assert by_columns([[text] for text in column[:-1]], ",") == one_by_one([[text] for text in column[:-1]], ",", "")


def test_the_values_given_are_left_as_they_were() -> None:
    column = ["a", None, "b"]
    around(column, ",")

    assert column == ["a", None, "b"]


TEXT = st.sampled_from(["", ',"a":1', ',"b":[2]'])
STRANDS = st.sampled_from(["{", ",", ""]) | st.lists(TEXT, min_size=3, max_size=3)


@given(st.lists(STRANDS, max_size=6))
def test_rows_are_their_strands_one_after_the_other(strands: list[str | list[str]]) -> None:
    columns = [[strand] * 3 if isinstance(strand, str) else strand for strand in strands]
    expected = ["".join(row) for row in zip(*columns, strict=True)] or [""] * 3

    assert in_rows(strands, 3) == expected
    assert woven(strands, 3) == "".join(expected)
