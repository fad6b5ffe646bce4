"""Files made to hurt. Each must end in Unreadable, and this process must not notice."""

import random
import struct
from dataclasses import replace

import pytest

from imports.reading import DEFAULT_LIMITS
from tests.imports.reading.reads import look, refusal_confined
from tests.workbooks import with_members, xlsx_bytes

TABLE = [["email", "n"], ["a@example.com", "1"]]
BOOK = xlsx_bytes(TABLE)
SHEET = "xl/worksheets/sheet1.xml"
OPEN = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
CLOSE = b"</sheetData></worksheet>"
MB = 1024 * 1024


def book_with_sheet(xml: bytes) -> bytes:
    return with_members(BOOK, {SHEET: xml})


def unsafe(content: bytes, limits=DEFAULT_LIMITS) -> str:
    code, params = refusal_confined(content, limits)
    assert code == "unsafe_workbook"
    return params["reason"]


def test_member_that_inflates_two_hundredfold_is_refused():
    assert unsafe(book_with_sheet(OPEN + b" " * (30 * MB) + CLOSE)) == "ratio"


def test_members_that_inflate_beyond_the_total_are_refused():
    content = with_members(BOOK, {f"xl/media/{n}.bin": bytes(MB) for n in range(5)})

    assert unsafe(content, replace(DEFAULT_LIMITS, inflated_bytes=4 * MB)) == "inflated"


def test_sizes_the_archive_claims_are_not_believed():
    content = book_with_sheet(OPEN + b" " * (30 * MB) + CLOSE)
    claimed = struct.pack("<I", 30 * MB + len(OPEN + CLOSE))
    assert claimed in content

    assert unsafe(content.replace(claimed, struct.pack("<I", 1000))) == "sizes"


def test_too_many_members_are_refused():
    content = with_members(BOOK, {f"xl/media/{n}": b"" for n in range(40)})

    assert unsafe(content, replace(DEFAULT_LIMITS, members=30)) == "members"


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "xl/../../evil", "..\\evil", "C:/evil"])
def test_members_that_point_outside_are_refused(name):
    assert unsafe(with_members(BOOK, {name: b"x"})) == "path"


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY l0 "ha">' + LAUGHS + b"]>",
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>',
        b"".join(b"%c\0" % letter for letter in b"<!DOCTYPE x>"),
        b"".join(b"\0%c" % letter for letter in b"<!DOCTYPE x>"),
    ],
)
def test_document_types_are_refused(declaration):
    assert unsafe(book_with_sheet(declaration + OPEN + CLOSE)) == "doctype"


def test_document_type_across_a_boundary_of_pieces_is_seen():
    noise = random.Random(1).randbytes(MB - 4)
    content = with_members(BOOK, {"xl/media/a.xml": noise + b"<!DOCTYPE x>"})

    assert unsafe(content) == "doctype"


@pytest.mark.parametrize(
    ("first", "last"), [("A1", "XFD1048576"), ("XFD1", "A1048576"), ("ABC1", "A999999"), ("A1", "XFE16777217")]
)
def test_cells_in_far_corners_are_refused(first, last):
    cells = b"".join(
        b'<row r="%s"><c r="%s"><v>1</v></c></row>' % (cell.lstrip("ABCDEFX").encode(), cell.encode())
        for cell in (first, last)
    )

    assert unsafe(book_with_sheet(OPEN + cells + CLOSE)) == "spread"


@pytest.mark.parametrize(
    "cells",
    [
        b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        b'<row r="1048576"><c\nr="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c r="XFD2"><v>1</v></c></row><row r="99999"><c r="A99999"><v>1</v></c></row>',
        b'<row r="1048576"><!-- --><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        b'<row r="999999999"><c><v>1</v></c></row>',
    ],
)
def test_far_corners_written_in_unusual_ways_are_refused_too(cells):
    assert unsafe(book_with_sheet(OPEN + b'<row r="1"><c r="A1"><v>1</v></c></row>' + cells + CLOSE)) == "spread"


@pytest.mark.parametrize(
    "cells",
    [
        b'<row r="2"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="2"><c r="A3"><v>1</v></c></row>',
        b'<row r="1"><c r="A1"><v>1</v></c></row>',
        b'<row r="99999999999999999999"><c><v>1</v></c></row>',
        b'<row r="2"><c r="A"><v>1</v></c></row>',
    ],
)
def test_cells_and_rows_that_are_not_where_they_say_are_refused(cells):
    content = book_with_sheet(OPEN + b'<row r="1"><c r="A1"><v>1</v></c></row>' + cells + CLOSE)

    assert refusal_confined(content)[0] == "broken_workbook"


@pytest.mark.parametrize(
    "members",
    [
        {"xl/workbook.xml": b"<workbook"},
        {"xl/workbook.xml": b""},
        {"xl/_rels/workbook.xml.rels": None},
        {SHEET: b"<worksheet><sheetData><row><c r='"},
        {SHEET: None},
        {"xl/sharedStrings.xml": b'<sst count="4294967295" uniqueCount="4294967295"><si>'},
        {"xl/sharedStrings.xml": None},
        {"xl/styles.xml": b"\xff\xfe\x00"},
        {SHEET: OPEN + b'<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>' + CLOSE},
        {SHEET: OPEN + b'<row r="0"><c r="A0"><v>1</v></c></row>' + CLOSE},
        {SHEET: OPEN + b'<row r="-1"><c r="1A"><v>1</v></c></row>' + CLOSE},
        {SHEET: OPEN + b"<row>" * 20_000 + CLOSE},
    ],
)
def test_damaged_workbooks_are_refused(members):
    code, _ = refusal_confined(with_members(BOOK, members))

    assert code in {"broken_workbook", "empty_file", "no_rows", "read_unsafely"}


def test_one_line_of_fifty_megabytes_is_refused():
    content = b"email,name\r\n" + b"x,y " * (50 * MB // 4)

    assert refusal_confined(content)[0] in {"line_too_long", "read_unsafely"}


def test_text_of_delimiters_alone_is_refused():
    assert refusal_confined(b";" * (4 * MB))[0] in {"empty_file", "no_rows"}


def test_row_of_a_million_cells_is_cut_with_a_fault_or_refused():
    content = b"email,n\r\n" + b"a@example.com,1\r\n" * 50 + b"x," * 1_000_000

    assert look(content).headers == ["email", "n"]
