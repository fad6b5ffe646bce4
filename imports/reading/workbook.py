"""An XLSX workbook -> records of text, as a spreadsheet numbers its rows."""

import datetime
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from imports.reading.archive import SheetFindings, open_archive, scan_archive
from imports.reading.source import StoredFile
from imports.reading.table import WORKBOOK, Limits, Note, ReadOptions, Unreadable, note

ERROR_TEXT = re.compile(r"#[A-Z0-9/!?_]+\??!?")
PLAIN_DIGITS_BELOW = 1e22

CellValue = str | float | int | bool | datetime.date | datetime.time | datetime.timedelta


class WorkbookRecords:
    """Iterates over the rows of a sheet from row 1, every row as wide as the sheet. `cost` grows with the text."""

    def __init__(self, sheet: CalamineSheet, findings: SheetFindings) -> None:
        self.first_number = 1
        self.cost = 0
        self.spanning: set[int] = set()
        self.misquoted: set[int] = set()
        self._sheet = sheet
        self._errors = findings.errors
        self._before = [""] * (sheet.start[1] if sheet.start else 0)

    def __iter__(self) -> Iterator[list[str]]:
        for number, values in enumerate(self._sheet.iter_rows(), 1):
            row = self._before + [value if type(value) is str else cell_text(value) for value in values]
            if number in self._errors:
                _fill_errors(row, self._errors[number])
            self.cost += 2 * sum(map(len, row))
            yield row


def open_workbook(
    source: StoredFile, options: ReadOptions, limits: Limits
) -> tuple[WorkbookRecords, ReadOptions, list[str], list[Note]]:
    """Records, the options with the sheet named, all sheets, and what is worth telling. Raises Unreadable."""
    if options.format not in ("", WORKBOOK):
        raise Unreadable("wrong_format", expected=options.format, found=WORKBOOK)
    archive = open_archive(source)
    members = scan_archive(source, archive, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BufferedReader(source.again(), 1 << 16))
        visibility = {
            sheet.name: sheet.visible for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        }
        sheet = _chosen_sheet(workbook, options.sheet, visibility)
    except PasswordError as error:
        raise Unreadable("encrypted_workbook") from error
    except CalamineError as error:
        raise Unreadable("broken_workbook", reason=type(error).__name__) from error
    findings = members.get(_member_of(archive, sheet.name), SheetFindings())
    notes = _notes(sheet.name, visibility, findings)
    options = replace(options, format=WORKBOOK, encoding="", delimiter="", sheet=sheet.name)
    return WorkbookRecords(sheet, findings), options, list(visibility), notes


def cell_text(value: CellValue) -> str:
    """What a cell that is no text becomes: plain digits, the shortest float, ISO dates and times, true or false."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < PLAIN_DIGITS_BELOW else repr(value)
    if isinstance(value, datetime.datetime | datetime.time):
        return value.isoformat(timespec="seconds" if value.microsecond == 0 else "milliseconds")
    if isinstance(value, datetime.timedelta):
        return _duration_text(value)
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _duration_text(value: datetime.timedelta) -> str:
    sign = "-" if value < datetime.timedelta() else ""
    seconds = round(abs(value).total_seconds())
    return f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _fill_errors(row: list[str], errors: dict[int, str]) -> None:
    """calamine shows an error cell as empty; a person must see #N/A where the sheet shows it."""
    for column, text in errors.items():
        if column < len(row) and not row[column] and ERROR_TEXT.fullmatch(text):
            row[column] = text


def _chosen_sheet(workbook: CalamineWorkbook, name: str, visibility: dict[str, SheetVisibleEnum]) -> CalamineSheet:
    """The sheet asked for; otherwise the first with anything in it, shown ones before hidden ones."""
    if name:
        if name not in visibility:
            raise Unreadable("sheet_missing", sheet=name[:100])
        return workbook.get_sheet_by_name(name)
    for candidate in sorted(visibility, key=lambda sheet: visibility[sheet] != SheetVisibleEnum.Visible):
        sheet = workbook.get_sheet_by_name(candidate)
        if sheet.height:
            return sheet
    raise Unreadable("empty_file")


def _notes(name: str, visibility: dict[str, SheetVisibleEnum], findings: SheetFindings) -> list[Note]:
    notes = []
    if visibility[name] != SheetVisibleEnum.Visible:
        notes.append(note("sheet_hidden", sheet=name))
    if findings.error_count:
        notes.append(note("error_cells", count=findings.error_count))
    if findings.uncomputed:
        notes.append(note("formulas_without_values", count=findings.uncomputed))
    return notes


def _member_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The archive member a sheet is written in, by way of the workbook's relations; "" when they do not tell."""
    try:
        # Archives with a DOCTYPE anywhere were refused before, so there is nothing to expand in here.
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
        relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError, zipfile.BadZipFile):
        return ""
    ids = {entry.get("name"): _relation_id(entry) for entry in book.iter() if entry.tag.endswith("}sheet")}
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    target = targets.get(ids.get(sheet), "")
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else ""


def _relation_id(entry: ElementTree.Element) -> str:
    """The r:id attribute, under whichever of the two namespaces the standard has for it."""
    return next((value for name, value in entry.attrib.items() if name.endswith("}id")), "")
