"""Hashes of people that outlive their import: equal for equal people, telling nothing without the secret."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.keying import Keying, enciphered, hashed

SECRET, OTHER = b"1" * 32, b"2" * 32
HASHES = st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=20)
WAYS = pytest.mark.parametrize("way", [enciphered, hashed])


@WAYS
@given(hashes=HASHES)
def test_a_hash_is_keyed_alike_alone_and_among_others(way: Callable[[bytes], Keying], hashes: list[int]) -> None:
    keyed = way(SECRET)(hashes)

    assert list(keyed) == [way(SECRET)([one])[0] for one in hashes]
    assert len(set(keyed)) == len(set(hashes))
    assert set(keyed).isdisjoint(way(OTHER)(hashes))


@WAYS
def test_nobody_is_nobody(way: Callable[[bytes], Keying]) -> None:
    assert list(way(SECRET)([])) == []


def test_what_lies_in_storage_means_the_same_for_ever() -> None:
    assert [f"{one:016x}" for one in enciphered(SECRET)([0, 1, 2**64 - 1])] == [
        "b1033edd9de2725b",
        "eecab28397f7dceb",
        "92325aae915fa99d",
    ]
    assert [f"{one:016x}" for one in hashed(SECRET)([0, 1])] == ["d3f45dad0f89122f", "dab9cdafd19e8f14"]
