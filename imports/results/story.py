"""One row's whole story: cell, what was made of it, the batch, what was sent and what the platform answered."""

from dataclasses import dataclass

from imports.compact import expand
from imports.models import Attempt, Batch, ImportJob, RowSlice
from imports.prepared import PreparedTexts, sendable_places

from .changes import Kind, row_changes
from .places import aside_places
from .row import Row
from .search import row_at


@dataclass(frozen=True, slots=True)
class Story:
    """`sent` is the exact JSON text of the row's profile, "" when it was not prepared; attempts are oldest first;
    `changes` says what does not go as the file has it."""

    row: Row
    sent: str
    batch: Batch | None
    attempts: list[Attempt]
    changes: list[Kind]


def answer_text(job: ImportJob, attempt: Attempt) -> dict[str, str]:
    """What came back with an attempt: {"text", "debug", "raw"}; {} for one that has not ended."""
    sealed = bytes(attempt.sealed_answer)
    return expand(job.vault.unseal(sealed, attempt.answer_name)) if sealed else {}


def row_story(job: ImportJob, number: int) -> Story | None:
    """The story of a spreadsheet row; None when the file has no such row."""
    row = row_at(job, number)
    row_slice = RowSlice.objects.holding_row(job, number)
    if row is None or row_slice is None:
        return None
    batch = Batch.objects.filter(job=job, number=row.batch).first() if row.batch is not None else None
    attempts = list(batch.attempts.all()) if batch else []
    sent = _sent_text(job, row_slice, row, batch)
    return Story(row, sent, batch, attempts, row_changes(job, row_slice, row.index, sent) if sent else [])


def _sent_text(job: ImportJob, row_slice: RowSlice, row: Row, batch: Batch | None) -> str:
    if batch is None or row.place is None:
        return ""
    prepared = PreparedTexts(job.vault.get(row_slice.prepared_name(job.check_version)))
    places = sendable_places(len(prepared), aside_places(job, row_slice))
    return prepared.text(places[batch.start + row.place]).decode()
