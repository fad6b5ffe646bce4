"""How far a job has got, how fast, and how long it may still take; told as a range, because nobody knows exactly."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from imports.models import ImportJob, RowSlice
from imports.states import BatchState, JobState

from .sums import Totals, sent_by_state, totals_from

WINDOW = timedelta(seconds=60)
B = BatchState


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `whole` rows in the present stage; rows per minute and seconds left are None until they can be told.

    `due` batches may go now; of those that wait for a time of their own the first goes at `next_try_at`.
    """

    stage: str
    done: int
    whole: int
    per_minute: int | None = None
    seconds_left: tuple[int, int] | None = None
    waits_until: datetime | None = None
    due: int = 0
    next_try_at: datetime | None = None
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
    now = timezone.now()
    end, since = job.finished_at or now, _since(job, now)
    ready, later = Q(state=B.READY), Q(next_try_at__gt=now)
    due = Q(next_try_at=None) | Q(next_try_at__lte=now)
    sent = sent_by_state(
        job,
        batches_=Count("pk"),
        recent_=Sum("rows", filter=Q(settled_at__gte=since)),
        due_=Count("pk", filter=ready & due),
        next_=Min("next_try_at", filter=ready & later),
    )
    sums = totals_from(job, sent)
    whole = sums.rows - sums.invalid - sums.set_aside
    per_minute = _per_minute(sum(row["recent_"] or 0 for row in sent), (end - since).total_seconds())
    moves = job.state == JobState.SENDING
    asked = job.connection.blocked_until if job.connection else None
    waits_until = asked if asked and asked > now and moves else None
    return Progress(
        "sending",
        whole - sums.pending,
        whole,
        per_minute,
        _left(sums.pending, per_minute) if moves and not waits_until else None,
        waits_until,
        sum(row["due_"] for row in sent),
        min((row["next_"] for row in sent if row["next_"]), default=None),
        _by_state(sent),
        sums,
    )


def _since(job: ImportJob, now: datetime) -> datetime:
    """From when on the speed is told: the last minute, or since the start where that is later or all is over."""
    if job.finished_at:
        return job.started_at or job.finished_at
    return max(job.started_at or now, now - WINDOW)


def _per_minute(rows: int, seconds: float) -> int | None:
    return round(rows * 60 / max(seconds, 1.0)) if rows else None


def _by_state(sent: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    counts: Counter[str] = Counter()
    for row in sent:
        counts[row["state"]] += row["batches_"]
    return tuple(counts.items())


def _left(pending: int, per_minute: int | None) -> tuple[int, int] | None:
    if not per_minute or not pending:
        return None
    seconds = pending * 60 / per_minute
    return round(seconds * 0.8), round(seconds * 1.3) + 1
