import zlib

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.compact import compact, expand

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(), lambda inner: st.lists(inner), max_leaves=20
)


@given(VALUES)
def test_what_was_made_compact_comes_back(value: object) -> None:
    assert expand(compact(value)) == value


def test_what_an_earlier_version_kept_is_taken() -> None:
    assert expand(orjson.dumps([[1, "a"]])) == [[1, "a"]]
    assert expand(orjson.dumps({"raw": "b"})) == {"raw": "b"}


@pytest.mark.parametrize("stored", [b"", b"nonsense", zlib.compress(b"no JSON"), compact([1] * 100)[:-8]])
def test_anything_else_is_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        expand(stored)
