import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imports.altcraft.rows import Rows
from imports.outcomes import (
    MOST_TEXTS,
    VARIOUS,
    ProfileIds,
    count,
    ids,
    pack,
    places,
    reason_indexes,
    reasons,
    summary_of,
    unpack,
)

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


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS)
def test_columns_are_packed_as_their_rows_are(answers):
    codes, texts, profile_ids = zip(*answers, strict=True) if answers else ((), (), ())

    assert pack(Rows(codes, texts, profile_ids)) == pack(answers)


def test_half_a_pair_of_surrogates_survives():
    answers = [(1011, "not a sign: \ud800", ""), (1011, "No phone", "")]

    assert unpack(pack(answers).blob) == answers


def test_a_text_under_two_codes_is_two_reasons():
    answers = [(1, "No", "a"), (2, "No", "b"), (1, "No", "c")]

    assert pack(answers).summary == [[1, "No", 2], [2, "No", 1]]
    assert unpack(pack(answers).blob) == answers


def test_ids_come_back_that_do_not_shrink():
    answers = random_answers(5_000)

    assert unpack(pack(answers).blob) == answers


def test_ids_made_one_after_another_take_little_room():
    made = [(0, "", f"6613c4754a5d12bd6c{number:06x}") for number in range(5_000)]

    assert len(pack(made).blob) < 3 * len(made)


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


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS, wanted=st.sets(st.integers(0, 5)), start=st.integers(0, 20), size=st.integers(0, 40))
def test_places_are_those_of_the_wanted_answers(answers, wanted, start, size):
    blob, within = pack(answers).blob, range(start, start + size)
    expected = [at for at, index in enumerate(reason_indexes(blob)) if index in wanted and at in within]

    assert list(places(blob, wanted, within)) == expected
    assert list(places(blob, wanted, within, backward=True)) == expected[::-1]


def test_places_are_found_among_more_answers_than_a_byte_counts():
    blob = pack([(1011, f"Text {number % 700}", "") for number in range(2_000)]).blob

    assert list(places(blob, {3, 600}, range(2_000))) == [3, 600, 703, 1300, 1403]


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS)
def test_ids_by_place_are_the_ids(answers):
    found = ProfileIds(pack(answers).blob)

    assert [found[place] for place in range(len(answers))] == [profile_id for _, _, profile_id in answers]


@settings(max_examples=80, deadline=None)
@given(answers=ANSWERS)
def test_a_summary_counts_every_row_once(answers):
    summary = summary_of(pack(answers).summary, str.upper)

    assert sum(rows for _, _, rows in summary) == len(answers)
    assert sum(rows for code, _, rows in summary if code == 0) == sum(code == 0 for code, _, _ in answers)
    assert {text for _, text, _ in summary} <= {"", *(text.upper() for _, text, _ in answers)}


def test_a_summary_names_the_common_texts_of_a_code_and_counts_the_others_together():
    told_apart = [(1011, f"Phone {number}", "") for number in range(5_000)]
    answers = [*told_apart, *[(1011, "No phone", "")] * 300, *[(0, f"Fine {number}", "") for number in range(50)]]

    assert summary_of(pack(answers).summary, str) == [[1011, VARIOUS, 5_000], [1011, "No phone", 300], [0, "", 50]]


def test_texts_of_one_row_each_are_not_named_however_small_the_batch():
    answers = [*((1011, f"Phone {number}", "") for number in range(25)), (1011, "Phone 3", ""), (5, "Alone", "")]

    assert summary_of(pack(answers).summary, str) == [[1011, VARIOUS, 24], [1011, "Phone 3", 2], [5, "Alone", 1]]


def test_a_summary_is_short_whatever_is_answered():
    answers = [(code, f"Text {number}", "") for code in (1, 2, 3) for number in range(50) for _ in range(40)]

    assert len(summary_of(pack(answers).summary, str)) == 3 * (MOST_TEXTS + 1)
