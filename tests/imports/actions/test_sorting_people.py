"""The people of a finished import are sorted in parts: what is kept is what sorting all of them at once would give."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import repeats
from imports.actions import reached

HASHES = st.integers(1, 2**64 - 1) | st.sampled_from([1, 2**63, 2**64 - 1])


@given(hashes=st.lists(HASHES, max_size=40), at_once=st.integers(1, 9), part=st.integers(1, 9))
def test_each_hash_stands_once_and_in_order(hashes: list[int], at_once: int, part: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reached, "SORTED_AT_ONCE", at_once)
        patched.setattr(repeats, "PART", part)

        runs = reached.in_runs(hashes, lambda some: array("Q", some))
        assert list(reached.in_order(runs)) == sorted(set(hashes))
