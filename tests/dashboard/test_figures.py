"""Numbers, spans and masks as people read them."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import figures
from dashboard.badges import OUTCOMES

GROUP = "\u00a0"


@pytest.mark.parametrize(("language", "text"), [("en", "20,412"), ("ru", f"20{GROUP}412")])
def test_number_is_grouped_as_the_language_does(language, text):
    with override(language):
        assert figures.number(20412) == text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(28020, 46766, "59.9%"), (62, 100, "62%"), (0, 9, "0%"), (9, 9, "100%"), (0, 0, "0%"), (1, 10**6, "0.1%")],
)
def test_percent_has_at_most_one_decimal(part, whole, text):
    with override("en"):
        assert figures.percent(part, whole) == text


def test_percent_says_100_only_when_all_is_done():
    with override("en"):
        assert figures.percent(999_999, 1_000_000) == "99.9%"


def test_percent_in_russian_has_a_comma_and_a_space_that_does_not_break():
    with override("ru"):
        assert figures.percent(1, 8) == f"12,5{GROUP}%"


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "1 byte"), (38, "38 bytes"), (2_516_582, "2.4 MB"), (512 * 1024**2, "512 MB"), (1024, "1 KB")],
)
def test_filesize_takes_the_largest_fitting_unit(count, text):
    with override("en"):
        assert figures.filesize(count).replace(GROUP, " ") == text


@pytest.mark.parametrize(
    ("seconds", "upper", "text"),
    [
        (12, None, "less than a minute"),
        (55, None, "about 1 minute"),
        (240, None, "about 4 minutes"),
        (360, 480, "6–8 minutes"),
        (200, 220, "3–4 minutes"),
        (230, 250, "about 4 minutes"),
        (10, 130, "1–2 minutes"),
        (7200, 10800, "2–3 hours"),
        (7200, None, "about 2 hours"),
    ],
)
def test_duration_is_a_rough_word_or_a_range(seconds, upper, text):
    with override("en"):
        assert figures.duration(seconds, upper) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.0, "less than 0.1 s"),
        (0.04, "less than 0.1 s"),
        (0.05, "0.1 s"),
        (0.24, "0.2 s"),
        (1.9, "1.9 s"),
        (42.7, "42 s"),
        (60, "1 min"),
        (185, "3 min 5 s"),
        (4320, "1 h 12 min"),
        (187_200, "2 d 4 h"),
    ],  # fmt: skip
)
def test_elapsed_is_what_was_measured(seconds, text):
    with override("en"):
        assert figures.elapsed(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ivan@example.org", "i•••@e•••.org"),
        ("иван@пример.рф", "и•••@п•••.рф"),
        ("odd@host", "o•••@h•••"),
        ("+79000000001", "+79•••••••01"),
        ("8 (900) 000-00-17", "8 (9••) •••-••-17"),
        ("Kamila", "K•••"),
        ("", ""),
        (None, ""),
    ],
)
def test_mask_leaves_enough_to_recognise_and_too_little_to_use(value, text):
    assert figures.mask(value) == text


@given(st.text(alphabet="Aя1+-() .@", min_size=5, max_size=30).map(str.strip).filter(bool))
@settings(max_examples=100)
def test_mask_never_shows_the_value(text):
    assert figures.mask(text) != text


def test_counts_are_taken_in_any_spelling_from_mapping_or_object():
    class Counts:
        rows, accepted, set_aside, not_sent = 9, 4, 3, 2

    expected = dict.fromkeys(OUTCOMES, 0) | {"accepted": 4, "aside": 3, "notsent": 2}
    assert figures.outcome_counts(Counts()) == expected
    assert figures.outcome_counts({"rows": 9, "ACCEPTED": 4, "aside": 3, "not_sent": 2}) == expected


def test_rows_are_the_files_or_else_the_sum():
    assert figures.row_count({"rows": 9, "accepted": 4}) == 9
    assert figures.row_count({"accepted": 4, "pending": 1}) == 5


def test_bar_shows_47_of_20412_at_the_least_width():
    parts = {name: width for name, _, width in figures.bar({"accepted": 20365, "unknown": 47})}
    assert parts["unknown"] == 1.2
    assert parts["accepted"] > 98


@given(st.dictionaries(st.sampled_from(sorted(OUTCOMES)), st.integers(0, 10**7), max_size=7))
@settings(max_examples=100)
def test_bar_fills_its_width_and_hides_nobody(counts):
    parts = figures.bar(counts)
    assert {name for name, _, _ in parts} == {name for name, count in counts.items() if count}
    assert all(width >= 1.2 - 1e-9 for _, _, width in parts)
    if parts:
        _, x, width = parts[-1]
        assert x + width == pytest.approx(100)
