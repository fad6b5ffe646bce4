"""Workbooks are read back by another library and by our own reader, cell by cell."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imports.writing import Line, workbook, workbook_pieces
from tests.imports.reading.reads import read_here

HEADER = ["E-mail", "Name", "Note"]
STRANGE = [
    "a & b < c > d", "</t></is></c>", "=1+1", "+79000000001", "007", " spaces ", "two\nlines", "tab\there", "\r",
    "\x00\x01\x1f", "_x000D_", "_x005F_x000D_", "\ufffe\uffff", "Имя", "👩‍👩‍👧", "\u202eright to left", "'quoted'", '"',
]  # fmt: skip


def written(lines: Iterable[Sequence[str] | Line], header: Sequence[str] = HEADER, **options: Any) -> bytes:
    return b"".join(workbook_pieces(header, lines, **options))


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def cells(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return [list(row) for row in opened(content).worksheets[sheet].iter_rows(values_only=True)]


def told(value: str | None) -> str:
    """What Excel shows of a cell: _xHHHH_ stands for a character XML cannot hold (ST_Xstring); openpyxl keeps it."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), value or "")


_cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(STRANGE)


@given(st.lists(st.lists(_cells, min_size=3, max_size=3), max_size=8))
def test_another_library_reads_every_cell_as_it_was(lines: list[list[str]]) -> None:
    lines = [*lines, ["last", "last", "last"]]  # how far a sheet goes is told by its cells

    _, *found = cells(written(lines))

    assert [[told(cell) for cell in row] for row in found] == lines


def test_our_own_reader_finds_every_cell_as_it_was() -> None:
    lines = [["a@example.com", text, "x"] for text in STRANGE if text.isprintable()]

    whole = read_here(written(lines))

    assert (whole.headers, whole.rows) == (HEADER, lines)


def test_every_cell_is_text_in_a_column_of_text() -> None:
    sheet = opened(written([["=1+1", "", "5"]])).active

    assert [cell.data_type for cell in sheet[2] if cell.value] == ["s", "s"]
    assert {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value} == {"@"}
    assert sheet.freeze_panes == "A2"


def test_rows_beyond_a_sheet_go_on_in_the_next_under_the_same_header() -> None:
    lines = [[str(number), "", "x"] for number in range(25)]

    content = written(lines, sheet_rows=10)

    sheets = [cells(content, place) for place in range(3)]
    assert [sheet[0] for sheet in sheets] == [HEADER] * 3
    assert [row[0] for sheet in sheets for row in sheet[1:]] == [line[0] for line in lines]
    assert len(opened(written(lines[:20], sheet_rows=10)).worksheets) == 2


def test_a_sheet_ends_before_it_grows_too_large_for_excel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_BYTES", 20_000)

    content = written([["x" * 100, "y", "z"]] * 600)

    sheets = opened(content).worksheets
    assert len(sheets) > 1
    assert sum(sheet.max_row - 1 for sheet in sheets) == 600


def test_no_row_at_all_is_one_sheet_with_its_header() -> None:
    assert cells(written([])) == [HEADER]


def test_marked_cells_stand_out_and_hidden_columns_are_there() -> None:
    sheet = opened(written([Line(["a", "", "key"], {1}), ["b", "c", "key"]], hidden={2})).active

    filled = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fill_type == "solid"]
    assert filled == ["B2"]
    assert (sheet.column_dimensions["C"].hidden, sheet.column_dimensions["B"].hidden) == (True, False)
    assert sheet["C3"].value == "key"


@pytest.mark.parametrize("letter", ["x", "👩"], ids=["one unit", "two units"])
def test_a_cell_too_long_for_excel_is_cut_where_excel_would(letter: str) -> None:
    (_, [found, _, _]) = cells(written([[letter * 40_000, "", "x"]]))

    assert len(found.encode("utf-16-le")) // 2 in (32_766, 32_767)
    assert set(found) == {letter}


def test_pieces_come_while_rows_are_made() -> None:
    made = 0

    def rows() -> Iterable[list[str]]:
        nonlocal made
        for number in range(20_000):
            made += 1
            yield [f"{number * 7919 % 100_003}@example.com", f"{number * 104_729 % 1_000_003}", "x"]

    pieces = workbook_pieces(HEADER, rows())
    next(pieces)

    assert made < 20_000
    assert max(map(len, pieces)) < 2 * workbook.PIECE


def test_half_a_surrogate_pair_is_replaced_and_breaks_nothing() -> None:
    assert cells(written([["\ud83d", "b", "c"]]))[1] == ["?", "b", "c"]


def test_the_package_needs_no_sizes_beyond_what_excel_reads() -> None:
    with zipfile.ZipFile(io.BytesIO(written([["a", "b", "c"]]))) as package:
        assert package.testzip() is None
        assert all(not entry.extra for entry in package.infolist())
