"""A bounded sample of a job's rows, kept sealed, so that a page can judge a column without opening a million rows."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

import orjson
from django.db.models import Count, Max

from imports.actions.tables import load_slice
from imports.models import Correction, ImportJob, RowSlice
from imports.states import JobState

MOST_ROWS = 20_000
MOST_CELLS = 1_000_000
LEAST_ROWS = 500
MOST_SLICES = 10  # opened to take it; a slice holds up to 10,000 rows


@dataclass(slots=True)
class Sample:
    """Rows spread over the whole file, by column, each column still packed; `whole` when it is every row there is."""

    rows: list[int]
    whole: bool
    packed: list[bytes]

    def column(self, place: int) -> list[str]:
        cells: list[str] = orjson.loads(self.packed[place])
        return cells

    def to_bytes(self) -> bytes:
        parts = [orjson.dumps(self.rows), *self.packed]
        head = orjson.dumps({"whole": self.whole, "sizes": [len(part) for part in parts]})
        return b"".join((len(head).to_bytes(4, "big"), head, *parts))

    @classmethod
    def from_bytes(cls, payload: bytes) -> Self:
        start = 4 + int.from_bytes(payload[:4], "big")
        head = orjson.loads(payload[4:start])
        parts = []
        for size in head["sizes"]:
            parts.append(payload[start : start + size])
            start += size
        return cls(orjson.loads(parts[0]), head["whole"], parts[1:])


def sample(job: ImportJob) -> Sample:
    """The sample of the table as last read; taken now when nobody has yet."""
    name = _name(job)
    try:
        return Sample.from_bytes(job.vault.get(name))
    except FileNotFoundError:
        taken = _taken(job)
        job.vault.put(name, taken.to_bytes())
        return taken


def look_over(job_id: int) -> None:
    """Take the sample of a table that was just read, so that its first page need not; harmless when it cannot be."""
    job = ImportJob.objects.filter(pk=job_id, state=JobState.READ).first()
    if job is not None:
        with suppress(OSError):
            sample(job)


def table_state(job: ImportJob) -> str:
    """Tells one state of the table from another: the reading, and the corrections that lie over it."""
    told = Correction.objects.filter(job=job).aggregate(last=Max("pk"), undone=Count("undone_at"))
    return f"{job.read_version}-{told['last']}-{told['undone']}" if told["last"] else str(job.read_version)


def _name(job: ImportJob) -> str:
    return f"sample/{table_state(job)}"


def _taken(job: ImportJob) -> Sample:
    slices = list(RowSlice.objects.current(job).light())
    most = max(LEAST_ROWS, min(MOST_ROWS, MOST_CELLS // max(1, len(job.headers))))
    chosen = [slices[place] for place in spread(len(slices), MOST_SLICES)]
    share = -(-most // max(1, len(chosen)))
    rows: list[int] = []
    columns: list[list[str]] = [[] for _ in job.headers]
    for one in chosen:
        table = load_slice(job.vault, one)
        places = spread(len(table.row_numbers), share)
        rows += [table.row_numbers[place] for place in places]
        for kept, cells in zip(columns, table.columns, strict=True):
            kept += [cells[place] for place in places]
    return Sample(rows, len(rows) == job.rows, [orjson.dumps(column) for column in columns])


def spread(count: int, most: int) -> Sequence[int]:
    """At most so many places of 0 to `count`, evenly over all of them, the first one among them."""
    return range(count) if count <= most else [place * count // most for place in range(most)]
