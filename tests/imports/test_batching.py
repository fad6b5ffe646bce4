import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.batching import cut, too_large

COMMENTS = st.lists(st.text(alphabet='aя€😀"\\\n', max_size=12), max_size=60)


def body_of(texts):
    return b'{"data":[' + b",".join(texts) + b"]}"


ENVELOPE = len(body_of([]))


@settings(max_examples=60, deadline=None)
@given(comments=COMMENTS, max_count=st.integers(1, 9), spare=st.integers(0, 120))
def test_cut_keeps_every_body_within_its_bytes(comments, max_count, spare):
    texts = [orjson.dumps({"comment": comment}) for comment in comments]
    sizes = [len(text) for text in texts]
    max_bytes = ENVELOPE + max(sizes, default=0) + spare

    ranges = cut(sizes, max_count=max_count, max_bytes=max_bytes, envelope=ENVELOPE)

    assert [index for start, stop in ranges for index in range(start, stop)] == list(range(len(texts)))
    assert all(0 < stop - start <= max_count for start, stop in ranges)
    assert all(len(body_of(texts[start:stop])) <= max_bytes for start, stop in ranges)


@settings(max_examples=60, deadline=None)
@given(comments=COMMENTS, max_count=st.integers(1, 9), spare=st.integers(0, 120))
def test_cut_leaves_no_room_for_one_more(comments, max_count, spare):
    sizes = [len(orjson.dumps(comment)) for comment in comments]
    max_bytes = ENVELOPE + max(sizes, default=0) + spare

    ranges = cut(sizes, max_count=max_count, max_bytes=max_bytes, envelope=ENVELOPE)

    for start, stop in ranges[:-1]:
        with_one_more = ENVELOPE + sum(sizes[start : stop + 1]) + (stop - start)
        assert stop - start == max_count or with_one_more > max_bytes


def test_cut_counts_bytes_and_not_characters():
    wide = orjson.dumps("😀" * 10)

    assert cut([len(wide)] * 2, max_count=10, max_bytes=2 * len(wide) + 1, envelope=0) == [(0, 2)]
    assert cut([len(wide)] * 2, max_count=10, max_bytes=2 * len(wide), envelope=0) == [(0, 1), (1, 2)]


def test_cut_of_nothing_is_nothing():
    assert cut([], max_count=10, max_bytes=10, envelope=0) == []


def test_cut_takes_a_body_of_exactly_the_limit():
    assert cut([40], max_count=10, max_bytes=50, envelope=10) == [(0, 1)]


def test_cut_refuses_a_profile_no_request_can_hold():
    with pytest.raises(ValueError, match="number 1"):
        cut([40, 41], max_count=10, max_bytes=50, envelope=10)


def test_cut_refuses_a_count_of_nothing():
    with pytest.raises(ValueError, match="max_count"):
        cut([1], max_count=0, max_bytes=50, envelope=10)


def test_too_large_names_the_profiles_that_fit_nowhere():
    assert too_large([40, 41, 3, 99], max_bytes=50, envelope=10) == [1, 3]
