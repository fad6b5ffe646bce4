"""A workbook (XLSX, ODS, XLS) -> records of text, as a spreadsheet numbers its rows."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from imports.reading.archive import is_open_document, open_archive
from imports.reading.cells import cell_text
from imports.reading.compound import MARK
from imports.reading.examining import examine
from imports.reading.findings import SheetFindings
from imports.reading.marks import Marked
from imports.reading.records import Records
from imports.reading.source import StoredFile
from imports.reading.table import WORKBOOK, Limits, Note, ReadOptions, Unreadable, note
from imports.reading.xlsx.records import open_xlsx

ERROR_TEXT = re.compile(r"#[\w/!?]+")
SHOWN_FOR_ERRORS = ("", "0")


class WorkbookRecords(Marked):
    """Iterates over the rows of a sheet from row 1, every row as wide as the sheet. `cost` grows with the text."""

    def __init__(self, sheet: CalamineSheet, findings: SheetFindings) -> None:
        super().__init__()
        self.cost = 0
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
) -> tuple[Records, ReadOptions, list[str], list[Note]]:
    """Records, the options with the sheet named, all sheets, and what is worth telling. Raises Unreadable.

    XLSX is streamed. ODS and XLS are looked through by their own rules before calamine is let near them.
    """
    if options.format not in ("", WORKBOOK):
        raise Unreadable("wrong_format", expected=options.format, found=WORKBOOK)
    archive = None if source.at(0, len(MARK)) == MARK else open_archive(source)
    if archive and not is_open_document(archive):
        return open_xlsx(source, archive, options, limits)
    examined = examine(source, archive, limits)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BufferedReader(source.again(), 1 << 16))
        names = [sheet.name for sheet in workbook.sheets_metadata]
        visibility = {
            sheet.name: sheet.visible for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet
        }
        sheet = _chosen_sheet(workbook, options.sheet, visibility)
    except PasswordError as error:
        raise Unreadable("encrypted_workbook") from error
    except CalamineError as error:
        raise Unreadable("broken_workbook", reason=type(error).__name__) from error
    findings = examined.findings(sheet.name, names.index(sheet.name))
    notes = examined.notes + _notes(sheet.name, visibility, findings)
    options = replace(options, format=WORKBOOK, encoding="", delimiter="", sheet=sheet.name)
    return WorkbookRecords(sheet, findings), options, list(visibility), notes


def _fill_errors(row: list[str], errors: dict[int, str]) -> None:
    """calamine shows an error cell as empty or 0; a person must see #N/A where the sheet shows it."""
    for column, text in errors.items():
        if column < len(row) and row[column] in SHOWN_FOR_ERRORS and ERROR_TEXT.fullmatch(text):
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
    return notes
