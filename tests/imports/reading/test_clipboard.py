"""Cells as the clipboards of spreadsheets carry them."""

import pytest

from imports.reading import pasted_header, pasted_rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a\tb\r\nc\td\r\n", [["a", "b"], ["c", "d"]]),  # Excel
        ("a\tb\nc\td", [["a", "b"], ["c", "d"]]),  # LibreOffice, Google Sheets
        ('"two\nlines"\tb\n', [["two\nlines", "b"]]),
        ('"two\r\nlines"\tb\r\n', [["two\nlines", "b"]]),
        ('"say ""yes"""\tb', [['say "yes"', "b"]]),
        ('"a\tb"\tc', [["a\tb", "c"]]),
        ('""\tb', [["", "b"]]),
        ('"North" shop\tb', [['"North" shop', "b"]]),  # a quote that is part of the text
        ('5" pipe\tb\n6" pipe\tc', [['5" pipe', "b"], ['6" pipe', "c"]]),
        ('"open\tb\nc\td', [['"open', "b"], ["c", "d"]]),
        ("a\n\nb\n", [["a"], [""], ["b"]]),
        ("a\tb\tc\nd\n", [["a", "b", "c"], ["d", "", ""]]),
        ("a\t\n", [["a", ""]]),
        ("a\rb\r", [["a"], ["b"]]),
        ("", [[""]]),
        ("\n", [[""]]),
    ],
)
def test_cells_are_read_as_they_were_copied(text: str, rows: list[list[str]]) -> None:
    assert pasted_rows(text) == rows


def test_a_hundred_thousand_open_quotes_are_text() -> None:
    assert pasted_rows('"a\t' * 100_000)[0][:2] == ['"a', '"a']


def test_a_header_is_proven_by_values_below_it() -> None:
    assert pasted_header([["Name", "Mail"], ["Kamila", "kamila@example.com"]]) == (["Name", "Mail"], True)
    assert pasted_header([["Kamila", "North"], ["Daria", "East"]]) == (["Kamila", "North"], False)
    assert pasted_header([["kamila@example.com", "5"], ["daria@example.org", "6"]]) == (None, False)
    assert pasted_header([["Name", "Mail"]]) == (None, False)
