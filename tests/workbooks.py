"""Files for tests, written from Python lists: no binary is kept, and a reader sees what is in them."""

import csv
import datetime
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence

import xlsxwriter

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None
Rows = Sequence[Sequence[Cell]]

FORMATS = (
    (datetime.datetime, "yyyy-mm-dd hh:mm:ss"),
    (datetime.date, "yyyy-mm-dd"),
    (datetime.time, "hh:mm:ss"),
    (datetime.timedelta, "[h]:mm:ss"),
)


def csv_bytes(
    rows: Rows,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
    line_end: str = "\r\n",
    quote_all: bool = False,
) -> bytes:
    """A delimited text. `encoding="utf-8-sig"` or "utf-16" writes a byte order mark."""
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(rows: Rows | Mapping[str, Rows], *, hidden: Collection[str] = ()) -> bytes:
    """A workbook of one sheet, or of one per name. Texts stay texts; None leaves a cell out; "=..." is a text too."""
    sheets = rows if isinstance(rows, Mapping) else {"Sheet1": rows}
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        formats = {kind: workbook.add_format({"num_format": shown}) for kind, shown in FORMATS}
        for name, sheet_rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            sheet.hide() if name in hidden else sheet.activate()  # the first sheet stays shown unless another is active
            _write_rows(sheet, sheet_rows, formats)
    return content.getvalue()


def with_members(archive: bytes, members: Mapping[str, bytes | None]) -> bytes:
    """The zip with some members replaced, added, or (None) left out: for workbooks no honest program writes."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, content in (kept | dict(members)).items():
            if content is not None:
                new.writestr(name, content)
    return changed.getvalue()


def _write_rows(sheet: xlsxwriter.worksheet.Worksheet, rows: Rows, formats: Mapping[type, object]) -> None:
    for row_number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, str):
                sheet.write_string(row_number, column, cell)
            elif isinstance(cell, bool):
                sheet.write_boolean(row_number, column, cell)
            elif isinstance(cell, int | float):
                sheet.write_number(row_number, column, cell)
            else:
                sheet.write_datetime(row_number, column, cell, formats[type(cell)])
