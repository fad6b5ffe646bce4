"""Looking at and taking away personal data leaves a line in history; the exact JSON of rows before they are sent."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.utils import timezone

from imports.history import record
from imports.models import HistoryEvent, ImportJob, RowSlice
from imports.models.jobs import RowSliceQuerySet
from imports.prepared import PreparedTexts, sendable_places, split_keys
from imports.results import aside_places

LOOK_COUNTS_FOR = timedelta(hours=1)  # whoever turns pages for an hour looked once


def record_look(job: ImportJob, *, by: Any, page: str) -> None:
    """A page shows cells of this import in clear: one line an hour for each person, import and kind of page."""
    earlier = HistoryEvent.objects.filter(verb="people_viewed", actor_id=by.pk, job_id=job.pk, details__page=page)
    if not earlier.filter(at__gt=timezone.now() - LOOK_COUNTS_FOR).exists():
        record("people_viewed", by=by, job=job, page=page)


def record_view(job: ImportJob, *, by: Any, row: int) -> None:
    """A row page shows a person's data in clear: history says who looked, not what they saw."""
    record("row_viewed", by=by, job=job, row=row)


def record_download(job: ImportJob, *, by: Any, what: str, rows: int) -> None:
    record("rows_downloaded", by=by, job=job, what=what, rows=rows)


def record_export(*, by: Any, events: int) -> None:
    """The history itself was taken away as a file."""
    record("history_exported", by=by, events=events)


def sample_profiles(job: ImportJob, *, numbers: Collection[int] | None = None, most: int = 5) -> list[tuple[int, str]]:
    """(spreadsheet row, exact JSON text) of the given rows that would be sent, or of the first few such rows.

    Rows set aside are left out. Needs a finished check.
    """
    found: list[tuple[int, str]] = []
    for row_slice in _slices_with(job, numbers):
        rows = split_keys(job.vault.get(row_slice.keys_name(job.check_version))).numbers
        places = sendable_places(len(rows), aside_places(job, row_slice))
        wanted = [place for place in places if numbers is None or rows[place] in numbers][: most - len(found)]
        if wanted:
            texts = PreparedTexts(job.vault.get(row_slice.prepared_name(job.check_version)))
            found += [(rows[place], texts.text(place).decode()) for place in wanted]
        if len(found) >= most:
            break
    return found


def _slices_with(job: ImportJob, numbers: Collection[int] | None) -> RowSliceQuerySet:
    slices = RowSlice.objects.current(job).filter(good__gt=0)
    return slices.filter(first_row__lte=max(numbers), last_row__gte=min(numbers)) if numbers else slices
