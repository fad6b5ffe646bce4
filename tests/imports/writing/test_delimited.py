"""CSV for spreadsheets: read back as it was, harmless when it is opened."""

import csv

from hypothesis import given
from hypothesis import strategies as st

from imports.reading.results_file import restored
from imports.writing import csv_pieces

HEADER = ["E-mail", "Note"]


def lines_of(pieces: list[bytes]) -> list[list[str]]:
    return list(csv.reader(b"".join(pieces).decode("utf-8-sig").splitlines(keepends=True)))


@given(st.lists(st.lists(st.text("=+-@ab,\";'", max_size=5), min_size=2, max_size=2), max_size=5))
def test_cells_are_harmless_and_come_back(lines: list[list[str]]) -> None:
    header, *found = lines_of(list(csv_pieces(HEADER, lines)))

    assert header == HEADER
    assert [[restored(cell) for cell in line] for line in found] == lines
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in found for cell in line)


def test_pieces_come_while_rows_are_made() -> None:
    rows = iter([["a@example.com", "x"]] * 2_000)
    pieces = csv_pieces(HEADER, rows)
    next(pieces)
    next(pieces)

    assert next(rows, None) is not None
