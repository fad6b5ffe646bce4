"""The records of an old Excel workbook, walked through before a parser sees them.

Source: [MS-XLS] Excel Binary File Format, section 2.4 (BOF, BoundSheet8, BoolErr, Formula, FilePass).
"""

import struct
from typing import Final

from imports.reading.compound import Compound
from imports.reading.findings import SheetFindings
from imports.reading.source import StoredFile
from imports.reading.table import Unreadable

BOOK_STREAMS: Final = ("Workbook", "Book")
MACROS: Final = "_VBA_PROJECT_CUR"
FILE_PASS, BOUND_SHEET, BOOL_ERR = 0x002F, 0x0085, 0x0205
FORMULAS: Final = frozenset((0x0006, 0x0206, 0x0406))
CELLS: Final = frozenset((0x0203, 0x0204, 0x0205, 0x00FD, 0x00BD, 0x027E, 0x00D6, *FORMULAS))
BOF: Final = 0x0809
ERROR_TEXTS: Final = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
    0x2B: "#GETTING_DATA",
}  # fmt: skip
HEAD: Final = struct.Struct("<HH")
PLACE: Final = struct.Struct("<HH")
ERROR_CELL: Final = struct.Struct("<HHHBB")
FORMULA_RESULT: Final = struct.Struct("<HHHB1xB3xH")


def open_old(source: StoredFile) -> tuple[list[SheetFindings], bool]:
    """Findings for each sheet in the workbook's order, and whether macros lie in it. Raises Unreadable.

    Macros are left where they are: nothing here runs them, and a workbook of this kind cannot be told from its name.
    """
    compound = Compound(source)
    stream = compound.read(next(name for name in BOOK_STREAMS if name in compound.streams))
    return scan_records(stream), MACROS in compound.streams


def scan_records(stream: bytes) -> list[SheetFindings]:
    """What the cells' records tell. Raises Unreadable: "encrypted_workbook", "unsafe_workbook", "broken_workbook"."""
    starts: list[int] = []
    by_start: dict[int, SheetFindings] = {}
    sheet = SheetFindings()
    place, end = 0, len(stream) - HEAD.size
    while place <= end:
        kind, size = HEAD.unpack_from(stream, place)
        body = place + HEAD.size
        if body + size > len(stream):
            break
        if kind in CELLS and size >= 7:
            _look_at_cell(stream, kind, body, size, sheet)
        elif kind == BOF:
            sheet = by_start.setdefault(place, SheetFindings())
        elif kind == BOUND_SHEET and size >= 4:
            starts.append(int.from_bytes(stream[body : body + 4], "little"))
        elif kind == FILE_PASS:
            raise Unreadable("encrypted_workbook")
        place = body + size
    if not starts:
        raise Unreadable("broken_workbook", reason="Sheets")
    return [by_start.get(start, SheetFindings()) for start in starts]


def _look_at_cell(stream: bytes, kind: int, body: int, size: int, sheet: SheetFindings) -> None:
    row, column = PLACE.unpack_from(stream, body)
    if row >= sheet.rows or column >= sheet.columns:
        sheet.reach(row + 1, column + 1)
    code = None
    if kind == BOOL_ERR and size >= ERROR_CELL.size:
        *_, value, is_error = ERROR_CELL.unpack_from(stream, body)
        code = value if is_error else None
    elif kind in FORMULAS and size >= FORMULA_RESULT.size:
        *_, result, value, mark = FORMULA_RESULT.unpack_from(stream, body)
        code = value if mark == 0xFFFF and result == 2 else None
    if code is not None:
        sheet.add_error(row + 1, column, ERROR_TEXTS.get(code, "#VALUE!"))
