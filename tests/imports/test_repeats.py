"""Repeated keys across slices: the parts a large file is sorted in must not show."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports import repeats
from imports.repeats import repeated_keys

KEYS = st.integers(0, 12) | st.integers(2**64 - 12, 2**64 - 1) | st.integers(0, 2**64 - 1)


@given(slices=st.lists(st.lists(KEYS, max_size=12), max_size=6), few=st.integers(0, 30))
def test_what_stands_twice_anywhere_is_found_and_nothing_else(slices: list[list[int]], few: int) -> None:
    counted = Counter(key for keys in slices for key in keys)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(repeats, "FEW", few)
        found = list(repeated_keys(iter(slices)))

    assert set().union(*found) == {key for key, count in counted.items() if count > 1 and key}


@pytest.mark.parametrize("part", [1, 3, 50])
def test_parts_and_portions_do_not_show(monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    monkeypatch.setattr(repeats, "FEW", 0)
    monkeypatch.setattr(repeats, "PART", part)
    monkeypatch.setattr(repeats, "MOST_REPEATED", 2)
    spread = [number * (2**64 // 100) + 1 for number in range(100)]
    slices = [spread[:60], spread[40:], spread[10:12] * 2, [spread[99]]]

    found = list(repeated_keys(slices))

    assert sum(map(len, found)) == len(set().union(*found))  # each in one portion only
    assert set().union(*found) == {*spread[40:60], *spread[10:12], spread[99]}
    assert len(found) > 1


@pytest.mark.parametrize("few", [0, 1_000_000])
def test_a_file_of_one_key_is_one_key(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(repeats, "FEW", few)
    assert list(repeated_keys([[7] * 1000] * 50)) == [{7}]
    assert list(repeated_keys([[0] * 1000] * 5)) == []
