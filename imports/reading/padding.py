"""Codes that a sheet shows with leading zeros although it holds numbers: 77 under the number format 00000 is 00077.

calamine gives the number; what a person sees and means is the code. Only formats of nothing but zeros are followed.
Source: ECMA-376, part 1, sections 18.8.30 (numFmt), 18.8.10 (cellXfs) and 18.3.1.4 (c).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

STYLES = "xl/styles.xml"
MOST_STYLE_BYTES = 4 * 1024 * 1024
MOST_ROWS = 1_048_576

_FORMAT = re.compile(rb"<numFmt ([^>]{1,400}?)/?>")
_ID, _CODE = re.compile(rb'numFmtId="([0-9]{1,9})"'), re.compile(rb'formatCode="(0{2,40})"')
_STYLES = re.compile(rb"<cellXfs[^>]{0,200}>(.*?)</cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<xf ([^>]{0,400})>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})" s="([0-9]{1,6})"(?: t="n")?>')


@dataclass(slots=True)
class Padding:
    """For each column (from 0) how many digits the cell of each row shows: one byte a row, 0 for as it is."""

    columns: dict[int, bytearray] = field(default_factory=dict)

    def add(self, row: int, column: int, digits: int) -> None:
        held = self.columns.setdefault(column, bytearray())
        if row >= len(held):
            held.extend(bytes(row + 1 - len(held)))
        held[row] = digits

    def fill(self, row: int, cells: list[str]) -> None:
        """Give the codes of this row (from 1) their zeros back."""
        for column, held in self.columns.items():
            if row < len(held) and held[row] and column < len(cells) and cells[column].isdecimal():
                cells[column] = cells[column].zfill(held[row])


def padded_styles(styles: bytes) -> dict[int, int]:
    """{index of a cell style: digits it shows at least} from the bytes of styles.xml; looked at, never parsed."""
    formats = {}
    for attributes in _FORMAT.findall(styles):
        number, code = _ID.search(attributes), _CODE.search(attributes)
        if number and code:
            formats[int(number[1])] = len(code[1])
    listed = _STYLES.search(styles)
    if not formats or listed is None:
        return {}
    used = [_ID.search(attributes) for attributes in _STYLE.findall(listed[1])]
    return {place: formats[int(found[1])] for place, found in enumerate(used) if found and int(found[1]) in formats}


def cells_of(styles: Mapping[int, int], cells: bytes) -> Sequence[tuple[int, bytes, int]]:
    """(row, column letters, digits) of the numbers among these cells that are shown with zeros."""
    return [
        (int(row), letters, styles[int(style)])
        for letters, row, style in _CELL.findall(cells)
        if int(style) in styles and int(row) <= MOST_ROWS
    ]
