"""Downloads: the file's own columns, then row number, outcome, code, reason and profile id, in flat memory."""

import csv
import io
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

import xlsxwriter

from imports.actions.viewing import record_download
from imports.models import ImportJob, RowSlice
from imports.reading import ADDED
from imports.reading import defused as defused
from imports.results import Row, slice_rows
from imports.states import Outcome
from imports.wording import column_letter, row_reason

PROBLEMS = frozenset({Outcome.REJECTED, Outcome.INVALID, Outcome.UNKNOWN, Outcome.NOT_SENT})
SHEET_ROWS = 1_048_575


def download_rows(job: ImportJob, *, only: str = "", form: str = "xlsx", by: Any) -> BinaryIO:
    """The rows of a job as a file at its start; `only` is "" for all or "problems". The caller closes it.

    In XLSX every cell is text, so no formula can start; in CSV dangerous beginnings get an apostrophe.
    """
    rows = (row for row in _every_row(job) if only != "problems" or row.outcome in PROBLEMS)
    header = [name or column_letter(place) for place, name in enumerate(job.headers)]
    target = tempfile.TemporaryFile()  # noqa: SIM115 - handed to the caller
    write = _write_xlsx if form == "xlsx" else _write_csv
    count = write(target, [*header, *ADDED], (_line(row, len(header)) for row in rows))
    record_download(job, by=by, what=only or "all", rows=count)
    target.seek(0)
    return target


def _every_row(job: ImportJob) -> Iterator[Row]:
    for row_slice in RowSlice.objects.current(job):
        yield from slice_rows(job, row_slice)


def _line(row: Row, width: int) -> list[str]:
    code, text = row_reason(row)
    cells = [*row.cells, *[""] * (width - len(row.cells))]
    return [*cells, str(row.number), row.outcome, code, text, row.profile_id]


def _write_xlsx(target: BinaryIO, header: list[str], lines: Iterator[list[str]]) -> int:
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False})
    sheet = book.add_worksheet()
    count = 0
    for place, cell in enumerate(header):
        sheet.write_string(0, place, cell)
    for line in lines:
        if count and count % SHEET_ROWS == 0:
            sheet = book.add_worksheet()
        for place, cell in enumerate(line):
            if cell:
                sheet.write_string(count % SHEET_ROWS + 1, place, cell[:32_767])
        count += 1
    book.close()
    return count


def _write_csv(target: BinaryIO, header: list[str], lines: Iterator[list[str]]) -> int:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(header)
    count = 0
    for line in lines:
        writer.writerow([defused(cell) for cell in line])
        count += 1
    text.flush()
    text.detach()
    return count
