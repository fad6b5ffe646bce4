"""The canonical table of a job: how its bytes are to be read, and what reading them has found."""

from typing import Any

import orjson
from django.db import transaction

from imports.actions.errors import Refused
from imports.actions.permits import void_approval
from imports.actions.uploads import SOURCE
from imports.history import record
from imports.models import ImportJob, RowSlice
from imports.reading import Inspection, ReadOptions, TableSlice, Unreadable
from imports.reading import inspect as inspect_source
from imports.results import table_of
from imports.states import MAY_BE_MAPPED, MAY_BE_READ_AGAIN, JobState
from imports.vault import Vault

HEAD = "head"


def preview(job: ImportJob, options: ReadOptions | None = None) -> Inspection:
    """What the file looks like with these options (detected when None). Changes nothing. Raise Unreadable."""
    try:
        source = job.vault.open_stream(SOURCE)
    except FileNotFoundError:  # destroyed, because a person was erased from the import
        raise Unreadable("source_erased") from None
    with source:
        return inspect_source(source, name=job.title, options=options)


def choose_options(job: ImportJob, options: ReadOptions, *, by: Any) -> bool:
    """Take a person's correction and put the job back to be read again; False when nothing differs.

    Raise Refused: "too_late_to_read_again" once the rows have been sent, "source_erased" when the file is gone.
    """
    if job.options == options and job.state in MAY_BE_MAPPED:
        return False
    if job.source is not None and not job.vault.has(SOURCE):
        raise Refused("source_erased")
    with transaction.atomic():
        states = set(MAY_BE_READ_AGAIN)
        reading = {
            "read_options": options.to_plain(),
            "read_lease_until": None,
            "rows_read": 0,
            "read_tries": 0,
            "fault": None,
        }
        if not ImportJob.objects.move(job.pk, states, JobState.READING, **reading):
            raise Refused("too_late_to_read_again")
        record("options_chosen", by=by, job=job, **options.to_plain())
        void_approval(job, by=by, why="edited")
    job.refresh_from_db()
    return True


def head(job: ImportJob) -> dict[str, Any]:
    """What reading found, for the pages: headers, columns (filled, first, longest, oddest), first rows with numbers."""
    try:
        return orjson.loads(job.vault.get(f"{HEAD}/{job.read_version}"))
    except FileNotFoundError:
        return {"headers": job.headers, "columns": [], "rows": [], "sheets": []}


def load_slice(vault: Vault, row_slice: RowSlice) -> TableSlice:
    """The rows of a slice as they go, with what people have corrected."""
    return table_of(vault, row_slice)
