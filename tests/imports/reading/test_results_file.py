"""A downloaded file of results, mended and brought again, holds the cells of its source."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from imports.reading.results_file import ADDED, added_columns, defused, restored
from tests.imports.reading.reads import read_here

PEOPLE = [["+7 900 000-00-51", "@nick", "-5"], ["'+7 900 000-00-52", "=x", "O'Neil"]]


def csv_of(*rows: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def test_cells_of_a_results_file_are_read_as_they_were() -> None:
    added = ["2", "invalid", "email_invalid", "no address", ""]
    lines = [[defused(cell) for cell in [*row, *added]] for row in PEOPLE]

    whole = read_here(csv_of(["phone", "nick", "score", *ADDED], *lines))

    assert [row[:3] for row in whole.rows] == PEOPLE


def test_cells_of_any_other_file_stay_as_they_are() -> None:
    whole = read_here(csv_of(["phone", "nick", "score"], ["'+79000000051", "'@nick", "'-5"]))

    assert whole.rows == [["'+79000000051", "'@nick", "'-5"]]


def test_only_the_columns_at_the_end_are_ours() -> None:
    assert list(added_columns(["email", *ADDED])) == [1, 2, 3, 4, 5]
    assert not added_columns([*ADDED, "email"])
    assert not added_columns(ADDED)


@given(st.text("'=+-@\t a1\uff1d", max_size=6))
def test_what_was_made_harmless_comes_back(text: str) -> None:
    assert restored(defused(text)) == text


def test_a_negative_number_is_no_formula() -> None:
    assert [defused(text) for text in ("-1", "-12,5", "-1+1", "- 1", "-")] == ["-1", "-12,5", "'-1+1", "'- 1", "'-"]
