import datetime
import io

import openpyxl
import pytest

from imports.reading import ReadOptions
from imports.reading.cells import cell_text
from tests.imports.reading.reads import read_here, refusal
from tests.workbooks import with_members, xlsx_bytes

TABLE = [["email", "n"], ["a@example.com", "1"]]
SHEET = "xl/worksheets/sheet1.xml"


def sheet_with(cells: str) -> bytes:
    """A workbook whose only sheet has these rows of XML."""
    xml = f'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    return with_members(xlsx_bytes(TABLE), {SHEET: xml.encode()})


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (79161234567, "79161234567"),
        (4276380012345678.0, "4276380012345678"),
        (0, "0"),
        (-5, "-5"),
        (0.1, "0.1"),
        (12.5, "12.5"),
        (1e15, "1000000000000000"),
        (True, "true"),
        (False, "false"),
        (datetime.date(2026, 11, 22), "2026-11-22"),
        (datetime.datetime(2026, 11, 22, 14, 5), "2026-11-22T14:05:00"),  # noqa: DTZ001
        (datetime.time(9, 30), "09:30:00"),
        (datetime.timedelta(hours=26, minutes=5), "26:05:00"),
        ("007", "007"),
        (" x ", " x "),
        ("a\r\nb", "a\r\nb"),
        ("=1+1", "=1+1"),
        ("_x000D_", "_x000D_"),
    ],
)
def test_cells_become_plain_text(value, text):
    assert read_here(xlsx_bytes([["a", "b"], ["x", value]])).rows == [["x", text]]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.timedelta(seconds=-90), "-00:01:30"),
        (datetime.time(9, 30, 0, 500_000), "09:30:00.500"),
        (1e300, "1e+300"),
        (9999999999999998.0, "9999999999999998"),
        (12345678901234568.0, "1.2345678901234568e+16"),
        (float("inf"), "inf"),
        (1.5e-7, "1.5e-07"),
    ],
)
def test_rare_values_become_text_too(value, text):
    assert cell_text(value) == text


def test_row_numbers_and_columns_are_the_sheets_own():
    rows = [[], [], [None, "email", None, "n"], [], [None, "a@example.com", None, 5]]
    whole = read_here(xlsx_bytes(rows))

    assert whole.options.header_row == 3
    assert whole.headers == ["", "email", "", "n"]
    assert (whole.numbers, whole.rows) == ([5], [["", "a@example.com", "", "5"]])
    assert whole.summary.blank_rows == 1


def test_first_shown_sheet_with_anything_in_it_is_taken():
    content = xlsx_bytes({"Codes": [["x"], ["y"]], "Empty": [], "People": TABLE, "More": TABLE}, hidden=["Codes"])
    whole = read_here(content)

    assert whole.options == ReadOptions("workbook", "", "", "People", 1)
    assert whole.rows == TABLE[1:]


def test_hidden_sheet_can_be_chosen_and_is_noted():
    content = xlsx_bytes({"People": TABLE, "Codes": [["code"], [1]]}, hidden=["Codes"])
    whole = read_here(content, options=ReadOptions("workbook", sheet="Codes"))

    assert whole.rows == [["1"]]
    assert whole.notes["sheet_hidden"] == {"sheet": "Codes"}


def test_sheet_that_is_not_there_is_refused():
    options = ReadOptions("workbook", sheet="Люди")

    assert refusal(xlsx_bytes(TABLE), options=options) == ("sheet_missing", {"sheet": "Люди"})


def test_workbook_without_cells_is_an_empty_file():
    assert refusal(xlsx_bytes({"A": [], "B": []})) == ("empty_file", {})


def test_workbook_with_a_header_alone_has_no_rows():
    assert refusal(xlsx_bytes(TABLE[:1])) == ("no_rows", {"header_row": "1"})


def test_options_of_a_text_do_not_fit_a_workbook():
    assert refusal(xlsx_bytes(TABLE), options=ReadOptions("delimited"))[0] == "wrong_format"


def test_formatted_empty_cells_out_to_the_last_column_do_not_hurt():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(TABLE)))
    sheet = book.active
    for row in (1, 2, 30, 60_000):
        sheet.cell(row, 16_384).font = openpyxl.styles.Font(bold=True)
    whole = read_here(_saved(book))

    assert whole.headers == ["email", "n"]
    assert whole.numbers == [2]


def test_a_code_keeps_the_zeros_its_sheet_shows():
    book = openpyxl.Workbook()
    for row in (["code", "points", "card"], [77, 77, 12], [123456, 5, "x"], [None, 5, 3]):
        book.active.append(row)
    for row in range(2, 5):
        book.active.cell(row, 1).number_format = "00000"
        book.active.cell(row, 3).number_format = "0000"
    book.active.cell(2, 2).number_format = "0.00"
    stored = io.BytesIO()
    book.save(stored)

    rows = read_here(stored.getvalue()).rows

    assert rows == [["00077", "77", "0012"], ["123456", "5", "x"], ["", "5", "0003"]]


def test_error_cells_show_their_text_and_are_counted():
    content = sheet_with(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>email</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>n</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2"><v>1</v></c></row>'
        '<row r="3"><c r="A3"><v>2</v></c><c r="B3" s="0" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    whole = read_here(content)

    assert whole.rows == [["#N/A", "1"], ["2", "#DIV/0!"]]
    assert whole.notes["error_cells"] == {"count": "2"}


def test_formulas_nobody_computed_are_noted():
    book = openpyxl.Workbook()
    for row in (["email", "n"], ["a@example.com", "=1+1"], ["b@example.com", "=2+2"]):
        book.active.append(row)
    whole = read_here(_saved(book))

    assert whole.notes["formulas_without_values"] == {"count": "2"}
    assert whole.rows[0] == ["a@example.com", ""]


def test_control_character_in_a_sheet_is_a_fault():
    whole = read_here(xlsx_bytes([["email", "n"], ["a@example.com", "x\x01"]]))

    assert whole.rows == [["a@example.com", "x\ufffd"]]
    assert whole.faults == [(2, 1, "control_character", {"name": "U+0001"})]


def test_workbook_of_another_writer_is_read():
    book = openpyxl.Workbook()
    book.active.append(["email", "born"])
    book.active.append(["a@example.com", datetime.date(1990, 1, 31)])

    assert read_here(_saved(book)).rows == [["a@example.com", "1990-01-31"]]


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_workbook_cut_short_is_broken(keep):
    content = xlsx_bytes([*TABLE, *([f"u{n}@example.com", n] for n in range(200))])

    assert refusal(content[: int(len(content) * keep)])[0] == "broken_workbook"


def _saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
