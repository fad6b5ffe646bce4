import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.outcomes import count, ids, pack, reason_indexes, reasons, unpack

HEX = st.text(alphabet="0123456789abcdef", min_size=24, max_size=24)
ANSWERS = st.lists(
    st.tuples(
        st.integers(-(2**70), 2**70),
        st.text(max_size=8),
        HEX | HEX.map(str.upper) | st.text(max_size=30) | st.just(""),
    ),
    max_size=40,
)


def random_answers(number, *, failing_every=50):
    dice = random.Random(7)
    good = "Successful operation"
    return [
        (400, "Incorrect phone", "") if n % failing_every == 0 else (0, good, f"{dice.getrandbits(96):024x}")
        for n in range(number)
    ]


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS)
def test_unpack_gives_back_what_was_packed(answers):
    packed = pack(answers)

    assert unpack(packed.blob) == answers
    assert count(packed.blob) == len(answers)


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS)
def test_readers_agree_with_unpack_and_the_summary(answers):
    packed = pack(answers)
    pairs, indexes = reasons(packed.blob), reason_indexes(packed.blob)

    assert [pairs[index] for index in indexes] == [(code, text) for code, text, _ in answers]
    assert ids(packed.blob) == [profile_id for _, _, profile_id in answers]
    assert packed.summary == [[code, text, indexes.count(n)] for n, (code, text) in enumerate(pairs)]


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS, start=st.integers(0, 45), size=st.integers(0, 45))
def test_ids_of_a_page_are_a_part_of_all_ids(answers, start, size):
    expected = [profile_id for _, _, profile_id in answers]

    assert ids(pack(answers).blob, start, start + size) == expected[start : start + size]


def test_random_ids_take_at_most_sixteen_bytes_a_row():
    answers = random_answers(5_000)

    assert len(pack(answers).blob) <= 16 * len(answers)


def test_upper_case_ids_stay_in_upper_case():
    answers = [(0, "", "ABCDEF0123456789ABCDEF01")]

    assert unpack(pack(answers).blob) == answers


def test_more_reasons_than_two_bytes_can_number_survive():
    answers = [(1, f"text {n}", "") for n in range(66_000)]

    assert unpack(pack(answers).blob) == answers


@pytest.mark.parametrize("blob", [b"", b"AO", b"not packed outcomes at all!!", pack(random_answers(9)).blob[:-4]])
def test_readers_refuse_what_was_not_packed(blob):
    with pytest.raises(ValueError, match=r"packed|damaged"):
        unpack(blob)
