from hypothesis import given
from hypothesis import strategies as st

from imports.prepared import PreparedTexts, join_keys, join_texts, sendable_places, split_keys


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_texts_come_back_byte_for_byte(texts: list[bytes]) -> None:
    stored = PreparedTexts(join_texts(texts))

    assert stored.texts(range(len(stored))) == texts


@given(st.lists(st.tuples(st.integers(1, 2**32 - 1), st.integers(0, 2**64 - 1)), max_size=20))
def test_keys_and_numbers_come_back(pairs: list[tuple[int, int]]) -> None:
    numbers, keys = [n for n, _ in pairs], [k for _, k in pairs]

    got_numbers, got_keys = split_keys(join_keys(numbers, keys))

    assert (list(got_numbers), list(got_keys)) == (numbers, keys)


def test_sendable_places_leave_out_what_was_set_aside() -> None:
    assert sendable_places(5, {1, 3}) == [0, 2, 4]
    assert sendable_places(3, set()) == [0, 1, 2]
