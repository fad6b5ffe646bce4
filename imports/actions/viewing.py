"""Looking at and taking away personal data leaves a line in history; the exact JSON of rows before they are sent."""

from typing import Any

from imports.history import record
from imports.models import ImportJob, RowSlice
from imports.prepared import PreparedTexts, split_keys


def record_view(job: ImportJob, *, by: Any, row: int) -> None:
    """A row page shows a person's data in clear: history says who looked, not what they saw."""
    record("row_viewed", by=by, job=job, row=row)


def record_download(job: ImportJob, *, by: Any, what: str, rows: int) -> None:
    record("rows_downloaded", by=by, job=job, what=what, rows=rows)


def sample_profiles(job: ImportJob, *, numbers: list[int] | None = None, most: int = 5) -> list[tuple[int, str]]:
    """(spreadsheet row, exact JSON text) of the given good rows, or of the first few; needs a finished check."""
    found: list[tuple[int, str]] = []
    for row_slice in RowSlice.objects.current(job).filter(good__gt=0):
        rows, _ = split_keys(job.vault.get(row_slice.keys_name(job.check_version)))
        wanted = [place for place, row in enumerate(rows) if numbers is None or row in numbers]
        if wanted:
            texts = PreparedTexts(job.vault.get(row_slice.prepared_name(job.check_version)))
            found += [(rows[place], texts.text(place).decode()) for place in wanted[: most - len(found)]]
        if len(found) >= most:
            break
    return found
