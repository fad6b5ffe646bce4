"""Downloads: the file's own columns, then row number, outcome, code, reason and profile id, in flat memory."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final

from imports.actions.followed import own_columns
from imports.actions.viewing import record_download
from imports.models import ImportJob, RowSlice
from imports.models.jobs import RowSliceQuerySet
from imports.reading import ADDED, ROW_KEY
from imports.reading import defused as defused
from imports.results import Row, RowFilter, slice_rows, totals
from imports.rowkeys import KeyRing
from imports.states import Outcome
from imports.wording import column_letter, row_reason, what
from imports.writing import Line, csv_pieces, workbook_pieces

PROBLEMS: Final = frozenset({Outcome.REJECTED, Outcome.INVALID, Outcome.UNKNOWN, Outcome.NOT_SENT})
WRITERS: Final = {"csv": csv_pieces, "xlsx": workbook_pieces}


def download_rows(
    job: ImportJob, *, only: str = "", form: str = "xlsx", by: Any, keyed: bool = True
) -> Iterator[bytes]:
    """The rows of a job as a file, piece by piece; `only` is "" for all or "problems". Recorded at once. `keyed`: rows
    with a problem carry keys.

    In XLSX every cell is text, so no formula can start; in CSV dangerous beginnings get an apostrophe.
    """
    record_download(job, by=by, what=only or "all", rows=rows_of_download(job, only))
    return file_pieces(job, only=only, form=form, keyed=keyed)


def rows_of_download(job: ImportJob, only: str) -> int:
    """How many rows such a file has now, told from summaries."""
    if only != "problems":
        return job.rows
    return sum(totals(job).terms()[outcome] for outcome in PROBLEMS)


def file_pieces(
    job: ImportJob, *, only: str, form: str, progress: Callable[[int], None] = lambda _: None, keyed: bool = True
) -> Iterator[bytes]:
    """The same file, unrecorded. Rows with a problem carry keys, hidden in a workbook, by which they are known when
    they come back mended, and their bad cells stand out. `progress` is told the rows done, once a slice."""
    own = own_columns(job) if only else list(range(len(job.headers)))
    header = [*(job.headers[place] or column_letter(place) for place in own), *ADDED]
    rows = result_rows(job, only, progress=progress)
    if not (only and keyed):
        return WRITERS[form](header, (result_line(row, own) for row in rows))
    ring = KeyRing()
    lines = (_keyed(row, own, ring.make(job.uuid, row.number)) for row in rows)
    if form == "xlsx":
        return workbook_pieces([*header, ROW_KEY], lines, hidden=[len(header)])
    return csv_pieces([*header, ROW_KEY], (line.cells for line in lines))


def _keyed(row: Row, own: Sequence[int], key: str) -> Line:
    bad = {column for column, _code, _params in row.faults}
    return Line([*result_line(row, own), key], [place for place, column in enumerate(own) if column in bad])


def result_rows(job: ImportJob, only: str = "", *, progress: Callable[[int], None] = lambda _: None) -> Iterator[Row]:
    """Every row of the file, or those with a problem, in file order; one slice is in memory at a time."""
    done = 0
    for row_slice in _slices(job, only).iterator(chunk_size=20):
        rows: Iterable[Row] = slice_rows(job, row_slice)
        if only == "problems":
            rows = [row for row in rows if row.outcome in PROBLEMS]
        for row in rows:
            done += 1
            yield row
        progress(done)


def _slices(job: ImportJob, only: str) -> RowSliceQuerySet:
    """The slices that can hold such rows, told from counts."""
    slices = RowSlice.objects.current(job)
    if only != "problems":
        return slices
    holding = (RowFilter(outcome=outcome).slices(slices).values_list("pk", flat=True) for outcome in PROBLEMS)
    return slices.filter(pk__in=set().union(*holding))


def result_line(row: Row, own: Sequence[int]) -> list[str]:
    """The cells of a row in its `own` columns, as they went, then what ADDED names."""
    code, text = row_reason(row)
    cells = [row.cells[place] if place < len(row.cells) else "" for place in own]
    told = " ".join(filter(None, [text, _corrected(row)]))
    return [*cells, str(row.number), row.outcome, code, told, row.profile_id]


def _corrected(row: Row) -> str:
    """Which cells go otherwise than the file has them; "" where none does."""
    letters = ", ".join(column_letter(column) for column in sorted(row.corrected))
    return what("row_corrected", {"columns": letters}) if letters else ""
