"""JSON of whole columns against that of each value."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.pieces import around, few_texts, in_rows

TEXTS = st.text(alphabet='ab,"\\\n\t[]{} :null\u2028я', max_size=8) | st.sampled_from(
    ["null", '",\n  "', "[\n    ", "\n  ]"]
)
PLAIN = TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
DEEP = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3))


def one_by_one(column: list[Any], before: bytes, after: bytes) -> list[bytes]:
    return [b"" if value is None else before + orjson.dumps(value) + after for value in column]


@pytest.mark.parametrize(
    "values", [TEXTS, PLAIN, st.integers(0, 9), st.lists(TEXTS, max_size=3), st.lists(PLAIN), DEEP]
)
@given(data=st.data())
def test_the_pieces_of_a_column_are_those_of_its_values(values: st.SearchStrategy[Any], data: st.DataObject) -> None:
    column = data.draw(st.lists(st.none() | values, max_size=9))
    before, after = data.draw(st.sampled_from([(b',"name":', b""), (b',"s":[{"email":', b"}]"), (b",", b"null")]))

    assert around(column, before, after) == one_by_one(column, before, after)
    assert around(column * 3, before, after) == one_by_one(column * 3, before, after)


@pytest.mark.parametrize("column", [[True, 1, 1.0] * 9, [0.0, -0.0] * 9, ["1", 1, None] * 9, [False, None, 0] * 9])
def test_equal_values_of_other_types_keep_their_own_json(column: list[Any]) -> None:
    assert few_texts(column) is None
    assert around(column, b",") == one_by_one(column, b",", b"")


@given(
    st.lists(st.lists(st.sampled_from([b"", b',"a":1', b',"b":[2]']), min_size=4, max_size=4), min_size=1, max_size=4)
)
def test_rows_are_their_pieces_without_the_first_comma(columns: list[list[bytes]]) -> None:
    expected = [b"{" + b"".join(row)[1:] + b"}" for row in zip(*columns, strict=True)]

    assert in_rows(columns, b"{", b"}") == expected
