"""The stream of rows against calamine: the same cells, text by text, from the same workbooks."""

import datetime
import io
import re
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from imports.reading.cells import cell_text
from imports.reading.shaping import filled_width
from imports.reading.table import DEFAULT_LIMITS, ReadOptions
from imports.reading.workbook import open_workbook
from tests.imports.reading.reads import stored
from tests.workbooks import Cell, Rows, with_members, xlsx_bytes

SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
FORMATS = ("yyyy\\-mm\\-dd", "[h]:mm:ss", "0.00", "dd.mm.yyyy\\ hh:mm", "[$-419]d\\ mmm\\ yyyy;@", "General", "#,##0_м")
BUILT_IN = (0, 1, 9, 14, 18, 22, 45, 46, 47, 49)
BOOK = xlsx_bytes([["x"]])

Cells = list[list[str]]


def streamed(content: bytes) -> Cells:
    with stored(content) as source:
        name = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names[0]
        records, *_ = open_workbook(source, ReadOptions("workbook", sheet=name), DEFAULT_LIMITS)
        return trimmed(records)


def loaded(content: bytes) -> Cells:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    before = [""] * (sheet.start[1] if sheet.start else 0)
    return trimmed(before + [cell_text(value) for value in row] for row in sheet.iter_rows())


def trimmed(rows) -> Cells:
    """Without the blank cells and rows at the ends, where the two may differ."""
    cells = [row[: filled_width(row)] for row in rows]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def written(*rows: str, strings: str = "", styles: str = "") -> bytes:
    """A workbook of rows in XML."""
    sheet = f'<?xml version="1.0"?>\n<worksheet {NAMESPACE}><sheetData>{"".join(rows)}</sheetData></worksheet>'
    parts = {SHEET: sheet, STRINGS: f"<sst {NAMESPACE}>{strings}</sst>", STYLES: styles or styles_of()}
    return with_members(BOOK, {name: part.encode() for name, part in parts.items()})


def styles_of() -> str:
    formats = "".join(
        f'<numFmt numFmtId="{164 + place}" formatCode="{escape(code)}"/>' for place, code in enumerate(FORMATS)
    )
    used = "".join(f'<xf numFmtId="{number}"/>' for number in (*BUILT_IN, *range(164, 164 + len(FORMATS))))
    return f"<styleSheet {NAMESPACE}><numFmts>{formats}</numFmts><cellXfs>{used}</cellXfs></styleSheet>"


# --- cells as XML, in every spelling ---

SIGNS = st.sampled_from("aЯ1 &<>\"'\t\n_€😀\u00a0") | st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])
ESCAPES = st.sampled_from(["_x000D_", "_x005F_x000D_", "_x00e9_", "_xD83D_", "_x1_"])
TEXTS = st.lists(SIGNS | ESCAPES, max_size=8).map("".join)
NUMBERS = st.one_of(
    st.integers(-(10**9), 10**9).map(str),
    st.floats(-1e9, 1e9).map(repr),  # a date beyond is a panic in calamine
    st.floats(-1, 100_000, allow_subnormal=False).map(repr),
    st.integers(0, 60_000).map(str),
    st.sampled_from(
        ["0", "007", "-0", "1E3", "5.", ".5", "+7", "60", "60.5", "59.999999999", "1.0", " 5", "abc", "1_0"]
    ),
)
LARGE = st.integers(-(10**18), 10**18).map(str) | st.floats(allow_nan=False, allow_infinity=False).map(repr)
STYLE = st.integers(0, len(BUILT_IN) + len(FORMATS) + 1).map(lambda number: f' s="{number}"') | st.just("")
STRINGS_HELD = 8
STRINGS_XML = (
    '<si><t>plain</t></si><si><t xml:space="preserve"> kept </t></si><si><t>a&amp;b&lt;c</t></si>'
    "<si><t>_x000D_</t></si><si/><si>\n<t>Строка</t></si><si><r><rPr><b/></rPr>"
    '<t xml:space="preserve">run one </t></r><r><t>two</t></r><rPh sb="0" eb="1"><t>hint</t></rPh></si>'
    f"<si><t>{'x' * 300}</t></si>"
)


def xml_text(text: str, *, numeric: bool) -> str:
    return "".join(f"&#{ord(sign)};" for sign in text) if numeric else escape(text)


@st.composite
def cell_bodies(draw: st.DrawFn) -> tuple[str, str]:
    """(attributes without r, content) of one cell."""
    kind = draw(st.sampled_from(["n", "n", "big", "s", "str", "inline", "inline", "b", "rich", "d", "none"]))
    style = draw(STYLE)
    formula = draw(st.sampled_from(["", "", "<f>A1&amp;B1</f>", '<f t="shared" si="0"/>', '<f aca="false">1/2</f>']))
    text = xml_text(draw(TEXTS), numeric=draw(st.booleans()))
    keep = draw(st.sampled_from(["", ' xml:space="preserve"']))
    bodies = {
        "n": ("", f"{formula}<v>{draw(NUMBERS)}</v>"),
        "big": ("", f"<v>{draw(LARGE)}</v>"),
        "s": (' t="s"', f"<v>{draw(st.integers(0, STRINGS_HELD - 1))}</v>"),
        "str": (' t="str"', f"{formula}<v>{text}</v>"),
        "inline": (' t="inlineStr"', f"<is><t{keep}>{text}</t></is>"),
        "rich": (' t="inlineStr"', f"<is><r><t{keep}>{text}</t></r><r><rPr><b/></rPr><t>end</t></r></is>"),
        "b": (' t="b"', f"{formula}<v>{draw(st.sampled_from('01'))}</v>"),
        "d": (' t="d"', f"<v>{draw(st.dates().map(str) | st.datetimes().map(datetime.datetime.isoformat))}</v>"),
        "none": ("", formula),
    }
    attributes, content = bodies[kind]
    return ("" if kind == "big" else style) + attributes, content


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """Rows of a sheet, with gaps, in one of the spellings of XML for each of them."""
    rows = []
    number = 0
    for _ in range(draw(st.integers(0, 5))):
        number += draw(st.integers(1, 3))
        columns = sorted(draw(st.sets(st.integers(0, 7), max_size=6)))
        spelling = draw(st.sampled_from(["usual", "usual", "usual", "spread", "quotes", "bare", "turned", "comment"]))
        cells = [(chr(65 + column), *draw(cell_bodies())) for column in columns]
        rows.append(spelt(number, cells, spelling))
    return "".join(rows)


def spelt(number: int, cells: list[tuple[str, str, str]], spelling: str) -> str:
    parts = []
    for letter, attributes, content in cells:
        place = {"bare": "", "quotes": f" r='{letter}{number}'"}.get(spelling, f' r="{letter}{number}"')
        opening = f"<c{attributes}{place}" if spelling == "turned" else f"<c{place}{attributes}"
        parts.append(f"{opening}>{content}</c>" if content else f"{opening}/>")
    between = {"spread": "\n    ", "comment": "<!-- & -->"}.get(spelling, "")
    row = f'<row r="{number}" spans="1:9">' + between.join(["", *parts, ""]) + "</row>"
    return f"\n  {row}\n" if spelling == "spread" else row


@given(sheets())
@example('<row r="1"><c r="A1" s="3"><v>-96439725.0</v></c><c r="B1" s="3"><v>-96439724</v></c></row>')
@example('<row r="1"><c r="A1" s="3"><v>-96439723.5</v></c><c r="B1" s="3"><v>-96439726</v></c></row>')
def test_any_sheet_becomes_the_same_cells(rows: str) -> None:
    content = written(rows, strings=STRINGS_XML)

    assert streamed(content) == loaded(content)


@given(sheets())
def test_a_prefix_changes_nothing(rows: str) -> None:
    plain = written(rows, strings=STRINGS_XML)
    sheet = f'<x:worksheet xmlns:x="urn:any"><x:sheetData>{prefixed(rows)}</x:sheetData></x:worksheet>'
    strings = f'<x:sst xmlns:x="urn:any">{prefixed(STRINGS_XML)}</x:sst>'
    content = with_members(plain, {SHEET: sheet.encode(), STRINGS: strings.encode()})

    assert streamed(content) == streamed(plain)


def prefixed(xml: str) -> str:
    return re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", xml)


@given(st.lists(TEXTS, max_size=12), st.integers(0, 3))
def test_shared_strings_become_the_same_texts(texts: list[str], ready: int) -> None:
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    rows = "".join(
        f'<row r="{number}"><c r="A{number}" t="s"><v>{place}</v></c></row>'
        for number, place in enumerate(reversed(range(len(texts))), 1)
    )
    content = written(rows, strings=items)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("imports.reading.xlsx.strings.READY_STRINGS", ready)
        patch.setattr("imports.reading.archive.PIECE", 400)
        assert streamed(content) == loaded(content)


# --- workbooks as programs write them ---

MOMENTS = st.datetimes(datetime.datetime(1905, 1, 1), datetime.datetime(9999, 12, 30))  # noqa: DTZ001
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(-1e15, 1e15, allow_subnormal=False),
    TEXTS,
    st.dates(datetime.date(1905, 1, 1), datetime.date(9999, 12, 30)),
    MOMENTS.map(lambda at: at.replace(microsecond=0)),
    st.times().map(lambda at: at.replace(microsecond=0)),
)
TABLES = st.lists(st.lists(VALUES, max_size=6), max_size=6)


def by_xlsxwriter(rows: Rows, *, inline: bool, from_1904: bool) -> bytes:
    content = io.BytesIO()
    options = {"constant_memory": inline, "in_memory": not inline, "date_1904": from_1904}
    with xlsxwriter.Workbook(content, {**options, "default_date_format": "dd.mm.yyyy hh:mm:ss"}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                write = sheet.write_string if isinstance(value, str) else sheet.write
                if value is not None:
                    write(place, column, value)
    return content.getvalue()


def by_openpyxl(rows: Rows, *, from_1904: bool) -> bytes:
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in rows:
        book.active.append([storable(value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def storable(value: Cell) -> Cell:
    if not isinstance(value, str):
        return value
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value).lstrip("=")


@given(TABLES, st.booleans(), st.booleans())
def test_what_xlsxwriter_writes_becomes_the_same_cells(rows: Rows, inline: bool, from_1904: bool) -> None:
    content = by_xlsxwriter(rows, inline=inline, from_1904=from_1904)

    assert streamed(content) == loaded(content)


@given(TABLES, st.booleans())
def test_what_openpyxl_writes_becomes_the_same_cells(rows: Rows, from_1904: bool) -> None:
    content = by_openpyxl(rows, from_1904=from_1904)

    assert streamed(content) == loaded(content)


def test_rows_alike_but_for_empty_cells_become_the_same_cells() -> None:
    rows = "".join(
        f'<row r="{number}"><c r="A{number}"><v>{number}</v></c><c r="B{number}" s="3"/></row>'
        for number in range(1, 9)
    )

    assert streamed(written(rows)) == loaded(written(rows)) == [[str(number)] for number in range(1, 9)]


def test_values_that_are_empty_are_empty_cells_whatever_their_type() -> None:
    row = '<row r="{0}"><c r="A{0}" t="s"><v></v></c><c r="B{0}"><v></v></c><c r="C{0}" t="str"><v>x</v></c></row>'
    rows = "".join(row.format(number) for number in (1, 2))

    assert streamed(written(rows)) == loaded(written(rows)) == [["", "", "x"]] * 2
    assert streamed(with_members(BOOK, {SHEET: prefixed_sheet(rows)})) == [["", "", "x"]] * 2


def prefixed_sheet(rows: str) -> bytes:
    return f'<x:worksheet xmlns:x="urn:any"><x:sheetData>{prefixed(rows)}</x:sheetData></x:worksheet>'.encode()


def test_times_before_the_first_day_become_the_same_texts() -> None:
    given = ("-693595", "-1000000", "-0.25", "-5.5", "0.999999999", "0", "0.5")
    rows = "".join(f'<row r="{n}"><c r="A{n}" s="3"><v>{value}</v></c></row>' for n, value in enumerate(given, 1))

    assert streamed(written(rows)) == loaded(written(rows))
