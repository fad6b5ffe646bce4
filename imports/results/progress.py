"""How far a job has got, how fast, and how long it may still take; told as a range, because nobody knows exactly."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Sum
from django.utils import timezone

from imports.models import Batch, ImportJob, RowSlice
from imports.states import BatchState, JobState

from .sums import Totals, totals

WINDOW = timedelta(seconds=60)
B = BatchState


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `whole` rows in the present stage; rows per minute and seconds left are None until they can be told."""

    stage: str
    done: int
    whole: int
    per_minute: int | None = None
    seconds_left: tuple[int, int] | None = None
    waits_until: datetime | None = None
    batches: tuple[tuple[str, int], ...] = ()
    sums: Totals | None = None

    @property
    def share(self) -> float:
        return min(1.0, self.done / self.whole) if self.whole else 0.0


def progress(job: ImportJob) -> Progress:
    """Where the job stands now; a handful of grouped queries, cheap enough to be asked every second."""
    if job.state in (JobState.UPLOADED, JobState.READING):
        return Progress("reading", job.rows_read, 0)
    if job.state == JobState.CHECKING:
        done = RowSlice.objects.current(job).filter(checked_version=job.check_version).aggregate(rows=Sum("rows"))
        return Progress("checking", done["rows"] or 0, job.rows)
    return _sending(job)


def _sending(job: ImportJob) -> Progress:
    sums = totals(job)
    whole = sums.rows - sums.invalid - sums.set_aside
    done = whole - sums.pending
    per_minute = _speed(job)
    left = _left(sums.pending, per_minute) if job.state == JobState.SENDING else None
    blocked = job.connection.blocked_until if job.connection else None
    waits = blocked if blocked and blocked > timezone.now() and job.state == JobState.SENDING else None
    states = Batch.objects.filter(job=job).leaves().values_list("state").annotate(Count("pk")).order_by("state")
    return Progress("sending", done, whole, per_minute, left, waits, tuple(states), sums)


def _speed(job: ImportJob) -> int | None:
    """Rows settled per minute over the last minute (or since the start, or until the end)."""
    end = job.finished_at or timezone.now()
    since = max(job.started_at or end, end - WINDOW) if not job.finished_at else job.started_at or end
    recent = Batch.objects.filter(job=job, settled_at__gte=since).aggregate(rows=Sum("rows"), first=Min("settled_at"))
    seconds = (end - since).total_seconds()
    return round(recent["rows"] * 60 / max(seconds, 1.0)) if recent["rows"] else None


def _left(pending: int, per_minute: int | None) -> tuple[int, int] | None:
    if not per_minute or not pending:
        return None
    seconds = pending * 60 / per_minute
    return round(seconds * 0.8), round(seconds * 1.3) + 1
