"""Files for tests, written from Python lists: no binary is kept, and a reader sees what is in them."""

import csv
import datetime
import io
import zipfile
from collections.abc import Collection, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

import xlsxwriter

Cell = str | int | float | bool | datetime.date | datetime.time | datetime.timedelta | None
Rows = Sequence[Sequence[Cell]]

FORMATS = (
    (datetime.datetime, "yyyy-mm-dd hh:mm:ss"),
    (datetime.date, "yyyy-mm-dd"),
    (datetime.time, "hh:mm:ss"),
    (datetime.timedelta, "[h]:mm:ss"),
)

ODS_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
ODS_CONTENT = (
    f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{ODS_NAMES}:office:1.0" '
    f'xmlns:table="{ODS_NAMES}:table:1.0" xmlns:text="{ODS_NAMES}:text:1.0" xmlns:style="{ODS_NAMES}:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:automatic-styles>'
    '<style:style style:name="shown" style:family="table"><style:table-properties table:display="true"/></style:style>'
    '<style:style style:name="hidden" style:family="table"><style:table-properties table:display="false"/>'
    "</style:style></office:automatic-styles><office:body><office:spreadsheet>%s</office:spreadsheet></office:body>"
    "</office:document-content>"
)
ODS_MANIFEST = f'<manifest:manifest xmlns:manifest="{ODS_NAMES}:manifest:1.0"/>'


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


def ods_bytes(rows: Rows | Mapping[str, Rows], *, hidden: Collection[str] = ()) -> bytes:
    """An OpenDocument workbook of one sheet, or of one per name; a text beginning with "#" becomes an error cell."""
    sheets = rows if isinstance(rows, Mapping) else {"Sheet1": rows}
    tables = "".join(
        f'<table:table table:name={quoteattr(name)} table:style-name="{"hidden" if name in hidden else "shown"}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in sheet_rows)
        + "</table:table>"
        for name, sheet_rows in sheets.items()
    )
    return ods_with(tables)


def ods_with(tables: str) -> bytes:
    """An OpenDocument workbook whose sheets are this XML."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        packed.writestr("content.xml", ODS_CONTENT % tables)
        packed.writestr("META-INF/manifest.xml", ODS_MANIFEST)
    return archive.getvalue()


def with_members(archive: bytes, members: Mapping[str, bytes | None]) -> bytes:
    """The zip with some members replaced, added, or (None) left out: for workbooks no honest program writes."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        kept = {name: old.read(name) for name in old.namelist()}
        for name, content in (kept | dict(members)).items():
            if content is not None:
                new.writestr(name, content)
    return changed.getvalue()


def _ods_cell(cell: Cell) -> str:
    match cell:
        case None:
            return "<table:table-cell/>"
        case bool():
            return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
        case int() | float():
            return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
        case datetime.date():
            return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
        case datetime.time():
            return f'<table:table-cell office:value-type="time" office:time-value="{cell:PT%HH%MM%SS}"/>'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
    error = 'office:string-value="" calcext:value-type="error"' if str(cell).startswith("#") else ""
    return f'<table:table-cell office:value-type="string" {error}>{lines}</table:table-cell>'


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
