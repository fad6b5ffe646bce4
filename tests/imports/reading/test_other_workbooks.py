"""ODS and XLS keep the rules of XLSX."""

import datetime
import random
import struct
from contextlib import suppress
from dataclasses import replace

import pytest

from imports.reading import DEFAULT_LIMITS, ReadOptions, Unreadable
from imports.reading.biff import scan_records
from imports.reading.compound import Compound
from imports.reading.open_document import errors_of
from tests.biff import compound_bytes, formula_error, record, workbook_stream, xls_bytes
from tests.imports.reading.reads import look, read_confined, read_here, refusal, refusal_confined, stored
from tests.workbooks import ods_bytes, ods_with, with_members

TABLE = [["email", "n"], ["a@example.com", "1"]]
WRITERS = [pytest.param(ods_bytes, id="ods"), pytest.param(xls_bytes, id="xls")]
BOTH = pytest.mark.parametrize("write", WRITERS)
MANIFEST = "META-INF/manifest.xml"


@BOTH
@pytest.mark.parametrize(
    ("value", "text"),
    [
        (79161234567, "79161234567"),
        (4276380012345678.0, "4276380012345678"),
        (0, "0"),
        (-5, "-5"),
        (0.1, "0.1"),
        (12.5, "12.5"),
        (True, "true"),
        (False, "false"),
        (datetime.date(2026, 11, 22), "2026-11-22"),
        (datetime.datetime(2026, 11, 22, 14, 5), "2026-11-22T14:05:00"),  # noqa: DTZ001
        ("007", "007"),
        ("Нижний Новгород", "Нижний Новгород"),
        ("a\nb", "a\nb"),
        ("=1+1", "=1+1"),
        ("<&>", "<&>"),
    ],
)
def test_cells_become_the_text_they_become_in_xlsx(write, value, text):
    assert read_here(write([["a", "b"], ["x", value]])).rows == [["x", text]]


@BOTH
def test_row_numbers_and_columns_are_the_sheets_own(write):
    rows = [[], [], [None, "email", None, "n"], [], [None, "a@example.com", None, 5]]
    whole = read_here(write(rows))

    assert whole.options == ReadOptions("workbook", "", "", "Sheet1", 3)
    assert whole.headers == ["", "email", "", "n"]
    assert (whole.numbers, whole.rows) == ([5], [["", "a@example.com", "", "5"]])


@BOTH
def test_first_shown_sheet_is_taken_and_a_hidden_one_can_be_chosen(write):
    content = write({"Codes": [["code"], [1]], "Empty": [], "Люди": TABLE}, hidden=["Codes"])
    chosen = read_here(content, options=ReadOptions("workbook", sheet="Codes"))

    assert read_here(content).options.sheet == "Люди"
    assert chosen.rows == [["1"]]
    assert chosen.notes["sheet_hidden"] == {"sheet": "Codes"}


@BOTH
def test_error_cells_of_the_chosen_sheet_show_their_text_and_are_counted(write):
    people = [["email", "n", "m"], ["#N/A", 1, "x"], [], ["a@example.com", "#DIV/0!", "y"]]
    content = write({"Other": [["x"], ["#REF!"]], "People": people})
    whole = read_here(content, options=ReadOptions("workbook", sheet="People"))

    assert whole.rows == [["#N/A", "1", "x"], ["a@example.com", "#DIV/0!", "y"]]
    assert whole.notes["error_cells"] == {"count": "2"}


@BOTH
def test_child_lists_the_sheets_and_reads_them(write):
    rows = [["email", "n"], *([f"u{number}@example.com", number] for number in range(40))]
    content = write({"A": rows, "B": TABLE})
    whole = read_confined(content, slice_rows=15)

    assert look(content).sheets == ["A", "B"]
    assert len(whole.slices) == 3
    assert whole.rows[39] == ["u39@example.com", "39"]


@BOTH
@pytest.mark.parametrize("keep", [0.02, 0.3, 0.9])
def test_workbook_cut_short_is_broken(write, keep):
    content = write([*TABLE, *([f"u{random.Random(n).random()}@example.com", n] for n in range(200))])

    assert refusal(content[: int(len(content) * keep)])[0] == "broken_workbook"


# --- ODS ---


def cell(attributes: str, shown: str) -> str:
    return f"<table:table-cell {attributes}><text:p>{shown}</text:p></table:table-cell>"


def ods_rows(*rows: str) -> bytes:
    head = "<table:table-row>" + cell('office:value-type="string"', "email") + "</table:table-row>"
    return ods_with(f'<table:table table:name="S">{head}{"".join(rows)}</table:table>')


def test_error_with_a_number_beneath_it_is_no_number():
    error = cell('office:value-type="float" office:value="0" calcext:value-type="error"', "#ДЕЛ/0!")
    twice = 'table:number-columns-repeated="2" office:value-type="string" office:string-value="" '
    other = cell(twice + 'calcext:value-type="error"', "Err:502")
    row = f'<table:table-row table:number-rows-repeated="2">{error}{other}</table:table-row>'
    whole = read_here(ods_rows(row), options=ReadOptions("workbook", header_row=0))

    assert whole.rows[1:] == [["#ДЕЛ/0!", "#VALUE!", "#VALUE!"]] * 2
    assert whole.notes["error_cells"] == {"count": "6"}


def test_errors_are_found_however_the_pieces_are_cut():
    content = (
        b'<table:table table:name="A &amp; B"><table:table-row><table:table-cell table:number-columns-repeated="2"/>'
    )
    content += b'<table:covered-table-cell/><table:table-cell calcext:value-type="error"><text:p>#N/A</text:p>'
    content += (
        b'</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="3"/><table:table-row>'
    )
    content += b'<table:table-cell calcext:value-type="error"/></table:table-row></table:table>'

    for size in (1, 7, 40, len(content)):
        found = errors_of(content[start : start + size] for start in range(0, len(content), size))
        assert found["A & B"].errors == {1: {3: "#N/A"}, 5: {0: "#VALUE!"}}


def test_empty_cells_out_to_the_last_row_and_column_do_not_hurt():
    row = '<table:table-row>%s<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    rest = '<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="9"/>'
    whole = read_here(ods_rows(row % cell('office:value-type="string"', "a@example.com"), rest + "</table:table-row>"))

    assert (whole.headers, whole.rows) == (["email"], [["a@example.com"]])


@pytest.mark.parametrize(("rows", "columns"), [(1_048_576, 16_384), (1, 900_000_000)])
def test_cells_repeated_without_end_end_in_the_child(rows, columns):
    bomb = cell(f'table:number-columns-repeated="{columns}" office:value-type="float" office:value="5"', "5")
    code, _ = refusal_confined(
        ods_rows(f'<table:table-row table:number-rows-repeated="{rows}">{bomb}</table:table-row>')
    )

    assert code in {"broken_workbook", "read_unsafely", "too_many_columns", "too_many_rows"}


def test_encrypted_ods_is_refused():
    content = with_members(ods_bytes(TABLE), {MANIFEST: b"<manifest:encryption-data/>", "content.xml": b"\x01\x02"})

    assert refusal(content) == ("encrypted_workbook", {})


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"content.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'}, "doctype"),
        ({"content.xml": b" " * 30_000_000}, "ratio"),
        ({"../evil": b"x"}, "path"),
    ],
)
def test_ods_is_looked_through_like_any_archive(members, reason):
    code, params = refusal(with_members(ods_bytes(TABLE), members))

    assert (code, params["reason"]) == ("unsafe_workbook", reason)


@pytest.mark.parametrize("content", [b"", b"<office:document-content", b"\xff\xfe\0", b"<x/>"])
def test_damaged_ods_is_refused(content):
    assert refusal_confined(with_members(ods_bytes(TABLE), {"content.xml": content}))[0] in {
        "broken_workbook",
        "empty_file",
    }


def test_text_document_with_content_is_no_table():
    content = with_members(ods_bytes(TABLE), {"mimetype": b"application/vnd.oasis.opendocument.text"})

    assert refusal(content) == ("not_a_table", {"looks_like": "ZIP archive"})


# --- XLS ---


def test_encrypted_xls_is_refused():
    assert refusal(xls_bytes(TABLE, encrypted=True)) == ("encrypted_workbook", {})


def test_macros_of_an_xls_are_left_alone_and_noted():
    stream = workbook_stream({"People": TABLE})
    whole = read_here(compound_bytes({"Workbook": stream, "_VBA_PROJECT_CUR": b""}))

    assert whole.rows == TABLE[1:]
    assert whole.notes["macros_ignored"] == {}


def test_formula_that_ended_in_an_error_is_one():
    stream = workbook_stream({"S": [["email"]]})
    end = record(0x000A, b"")
    found = scan_records(stream.removesuffix(end) + formula_error(4, 2, "#NAME?") + end)

    assert found[0].errors == {5: {2: "#NAME?"}}


def test_cells_of_a_sheet_that_no_sheet_could_hold_are_refused():
    far = record(0x0203, struct.pack("<HHHd", 65_535, 65_535, 0, 1.0))
    stream = workbook_stream({"S": [["email"]]})
    content = compound_bytes({"Workbook": stream.removesuffix(record(0x000A, b"")) + far})

    assert refusal(content)[1]["reason"] == "spread"


def test_many_error_cells_are_refused(monkeypatch):
    monkeypatch.setattr("imports.reading.findings.MOST_ERROR_CELLS", 5)

    assert refusal(xls_bytes([["email"], *[["#N/A"]] * 6]))[1]["reason"] == "errors"


@pytest.mark.parametrize("seed", range(30))
def test_xls_with_bytes_knocked_over_never_hurts_this_process(seed):
    dice = random.Random(seed)
    content = bytearray(xls_bytes([*TABLE, *([f"u{n}@example.com", n] for n in range(50))]))
    for _ in range(dice.randint(1, 40)):
        content[dice.randrange(20, 3000)] = dice.choice((0, 1, 0x7F, 0xFF, dice.randrange(256)))
    with stored(bytes(content)) as source, suppress(Unreadable, KeyError):
        scan_records(Compound(source).read("Workbook"))


def test_xls_counts_against_the_limits():
    rows = [["email"], *([f"u{n}@example.com"] for n in range(6))]

    assert refusal(xls_bytes(rows), limits=replace(DEFAULT_LIMITS, rows=5)) == ("too_many_rows", {"limit": "5"})
