"""Old Excel workbooks (BIFF8 in a compound file) for tests, written from Python lists record by record.

Source: [MS-XLS] Excel Binary File Format, section 2.4; [MS-CFB] Compound File Binary File Format, section 2.
"""

import datetime
import struct
from collections.abc import Collection, Mapping, Sequence

Cell = str | int | float | bool | datetime.date | datetime.datetime | None
Rows = Sequence[Sequence[Cell]]

SECTOR = 512
FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
PLAIN, DAY, MOMENT = 0, 1, 2  # the three cell formats every workbook here has: general, date, date and time
LAST_ROW_OF_A_SHEET = 65_535


def xls_bytes(rows: Rows | Mapping[str, Rows], *, hidden: Collection[str] = (), encrypted: bool = False) -> bytes:
    """An XLS workbook of one sheet, or of one per name. The text of an error ("#N/A") becomes an error cell."""
    sheets = rows if isinstance(rows, Mapping) else {"Sheet1": rows}
    return compound_bytes({"Workbook": workbook_stream(sheets, hidden=hidden, encrypted=encrypted)})


def workbook_stream(sheets: Mapping[str, Rows], *, hidden: Collection[str] = (), encrypted: bool = False) -> bytes:
    bodies = [_sheet(rows) for rows in sheets.values()]
    opening = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if encrypted:
        opening += record(0x002F, struct.pack("<HHH16s", 1, 1, 1, bytes(16)))
    opening += record(0x0042, struct.pack("<H", 1200))
    for form in (0, 14, 22):
        opening += record(0x00E0, struct.pack("<HH16s", 0, form, bytes(16)))
    names = [_short_text(name) for name in sheets]
    place = len(opening) + sum(4 + 6 + len(name) for name in names) + 4
    for sheet, name, body in zip(sheets, names, bodies, strict=True):
        opening += record(0x0085, struct.pack("<IBB", place, sheet in hidden, 0) + name)
        place += len(body)
    return opening + record(0x000A, b"") + b"".join(bodies)


def compound_bytes(streams: Mapping[str, bytes]) -> bytes:
    """A compound file whose root holds these streams (at most three)."""
    padded = [content.ljust(4096, b"\0") for content in streams.values()]  # shorter ones would live elsewhere
    sizes = [-(-len(content) // SECTOR) for content in padded]
    fat_sectors = next(n for n in range(1, 110) if n * SECTOR // 4 >= n + 1 + sum(sizes))
    table = [FAT_SECTOR] * fat_sectors + [END_OF_CHAIN]
    entries = [_entry("Root Entry", 5, child=1 if streams else FREE, start=END_OF_CHAIN, size=0)]
    for number, (name, size) in enumerate(zip(streams, sizes, strict=True), 1):
        start = len(table)
        table += [*range(start + 1, start + size), END_OF_CHAIN]
        right = number + 1 if number < len(streams) else FREE
        entries.append(_entry(name, 2, right=right, start=start, size=len(padded[number - 1])))
    table += [FREE] * (fat_sectors * SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6sIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, b"", 0, fat_sectors, fat_sectors, 0, 4096,
                          END_OF_CHAIN, 0, END_OF_CHAIN, 0)  # fmt: skip
    header += struct.pack("<109I", *range(fat_sectors), *[FREE] * (109 - fat_sectors))
    fat = struct.pack(f"<{len(table)}I", *table)
    directory = b"".join(entries).ljust(SECTOR, b"\0")
    bodies = (content.ljust(size * SECTOR, b"\0") for content, size in zip(padded, sizes, strict=True))
    return header + fat + directory + b"".join(bodies)


def _sheet(rows: Rows) -> bytes:
    cells = b"".join(_cell(row, column, cell) for row, line in enumerate(rows) for column, cell in enumerate(line))
    return record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)) + cells + record(0x000A, b"")


def _cell(row: int, column: int, cell: Cell) -> bytes:
    if cell is None:
        return b""
    if isinstance(cell, bool):
        return record(0x0205, struct.pack("<HHHBB", row, column, PLAIN, cell, 0))
    if isinstance(cell, int | float):
        return record(0x0203, struct.pack("<HHHd", row, column, PLAIN, cell))
    if isinstance(cell, datetime.date):
        moment = datetime.datetime.combine(cell, datetime.time.min) if type(cell) is datetime.date else cell
        days = (moment - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)  # noqa: DTZ001
        form = DAY if type(cell) is datetime.date else MOMENT
        return record(0x0203, struct.pack("<HHHd", row, column, form, days))
    if cell in ERRORS:
        return record(0x0205, struct.pack("<HHHBB", row, column, PLAIN, ERRORS[cell], 1))
    text = struct.pack("<HB", len(cell.encode("utf-16-le")) // 2, 1) + cell.encode("utf-16-le")
    return record(0x0204, struct.pack("<HHH", row, column, PLAIN) + text)


def formula_error(row: int, column: int, error: str) -> bytes:
    """A record of a formula whose stored result is an error."""
    result = struct.pack("<BBBBBBH", 2, 0, ERRORS[error], 0, 0, 0, 0xFFFF)
    return record(0x0006, struct.pack("<HHH", row, column, PLAIN) + result + struct.pack("<HIH", 0, 0, 0))


def _short_text(text: str) -> bytes:
    return struct.pack("<BB", len(text), 1) + text.encode("utf-16-le")


def record(kind: int, body: bytes) -> bytes:
    """One record of a workbook's stream."""
    return struct.pack("<HH", kind, len(body)) + body


def _entry(name: str, kind: int, *, start: int, size: int, child: int = FREE, right: int = FREE) -> bytes:
    spelled = name.encode("utf-16-le")
    return struct.pack("<64sHBBIII16sIQQIQ", spelled, len(spelled) + 2, kind, 1, FREE, right, child, bytes(16), 0,
                       0, 0, start, size)  # fmt: skip
