from array import array

from hypothesis import given
from hypothesis import strategies as st

from imports.prepared import PreparedTexts, join_keys, join_lines, join_texts, sendable_places, split_keys


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_texts_come_back_byte_for_byte(texts: list[bytes]) -> None:
    stored = PreparedTexts(join_texts(texts))

    assert list(stored.texts(range(len(stored)))) == texts
    assert bytes(stored.texts(range(len(stored))).joined) == b",".join(texts)


@given(st.lists(st.binary(max_size=9), min_size=1, max_size=9), st.data())
def test_some_texts_are_joined_as_they_stand_in_a_request(texts: list[bytes], data: st.DataObject) -> None:
    chosen = sorted(data.draw(st.sets(st.integers(0, len(texts) - 1))))
    run = PreparedTexts(join_texts(texts)).texts(chosen)

    assert bytes(run.joined) == b",".join(texts[index] for index in chosen) == b",".join(run)


@given(st.lists(st.binary(max_size=9), max_size=9))
def test_texts_of_earlier_versions_stand_without_commas(texts: list[bytes]) -> None:
    kept = array("I", map(len, texts))
    stored = PreparedTexts(len(texts).to_bytes(4, "little") + kept.tobytes() + b"".join(texts))

    run = stored.texts(range(len(texts)))
    assert (list(run), bytes(run.joined)) == (texts, b",".join(texts))


@given(st.lists(st.binary(max_size=9).filter(lambda text: b"\n" not in text), max_size=9))
def test_lines_are_stored_as_their_texts_are(texts: list[bytes]) -> None:
    assert join_lines(b"".join(text + b"\n" for text in texts)) == join_texts(texts)


_32, _64 = st.integers(0, 2**32 - 1), st.integers(0, 2**64 - 1)


@given(st.lists(st.tuples(_32, _64, _32), max_size=20))
def test_numbers_keys_and_sizes_come_back(rows: list[tuple[int, int, int]]) -> None:
    kept = split_keys(join_keys([n for n, _, _ in rows], [k for _, k, _ in rows], [size for _, _, size in rows]))

    assert list(zip(kept.numbers, kept.keys, kept.lengths, strict=True)) == rows


def test_sendable_places_leave_out_what_was_set_aside() -> None:
    assert list(sendable_places(5, {1, 3})) == [0, 2, 4]
    assert list(sendable_places(3, set())) == [0, 1, 2]
