"""The error cells of an ODS workbook, which calamine shows as empty or, worse, as 0.

Source: OpenDocument 1.3, part 3, sections 9.1 (tables, rows, cells, repetitions) and 19.385 (office:value-type). The
mark of an error is LibreOffice's own: calcext:value-type.
"""

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final

from imports.reading.findings import SheetFindings

ERROR_MARK: Final = b'calcext:value-type="error"'
TAG: Final = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[ />])([^>]{0,8192})>(?:<text:p>([^<]{1,40})</text:p>)?"
)
NAME: Final = re.compile(rb'table:name="([^"]{0,1000})"')
COLUMNS: Final = re.compile(rb'table:number-columns-repeated="([0-9]{1,9})"')
ROWS: Final = re.compile(rb'table:number-rows-repeated="([0-9]{1,9})"')
MOST_REPEATS: Final = 100
OTHER_ERROR: Final = "#VALUE!"  # for LibreOffice's Err:502 and the like, which nothing after us knows as errors


def errors_of(pieces: Iterable[bytes]) -> dict[str, SheetFindings]:
    """Findings by sheet from the pieces of content.xml. Raises Unreadable for too many errors."""
    sheets: dict[str, SheetFindings] = {}
    sheet = SheetFindings()
    row, height, column = 1, 0, 0
    for kind, attributes, text in _tags(pieces):
        if kind == b"table":
            name = NAME.search(attributes)
            sheet = sheets.setdefault(_text(name[1]) if name else "", SheetFindings())
            row, height = 1, 0
        elif kind == b"table-row":
            row, height, column = row + height, _number(ROWS, attributes), 0
        else:
            width = _number(COLUMNS, attributes)
            if ERROR_MARK in attributes:
                _add_errors(sheet, (row, height), (column, width), text)
            column += width
    return sheets


def _tags(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(kind, attributes, text of the first paragraph) of tables, rows and cells, wherever the pieces are cut."""
    pending = b""
    for piece in pieces:
        pending += piece
        cut = max(0, pending.rfind(b"<table:table"), pending.rfind(b"<table:covered"))
        yield from TAG.findall(pending[:cut])
        pending = pending[cut:]
    yield from TAG.findall(pending)


def _add_errors(sheet: SheetFindings, rows: tuple[int, int], columns: tuple[int, int], text: bytes) -> None:
    shown = _text(text)
    shown = shown if shown.startswith("#") else OTHER_ERROR
    for row in range(rows[0], rows[0] + min(rows[1], MOST_REPEATS)):
        for column in range(columns[0], columns[0] + min(columns[1], MOST_REPEATS)):
            sheet.add_error(row, column, shown)


def _text(written: bytes) -> str:
    return html.unescape(written.decode("utf-8", "replace"))


def _number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
