"""After a backup of the database was restored: the platform may know more than we do, so no machine sends anything.

What was ready or under way in the backup may have gone out since it was made. It waits for a person: held when
repeating it is harmless, unknown when it could reach people twice.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions.heads import tell_restored
from imports.actions.jobs import settle_job
from imports.actions.permits import void_approval
from imports.history import record
from imports.models import Attempt, Batch, HistoryEvent, ImportJob
from imports.states import (
    HELD_FOR_RESTORE,
    PLANNED,
    SENT_OR_SENDING,
    AttemptState,
    BatchState,
    JobState,
)

B, J = BatchState, JobState
REASON = "after_restore"
PERHAPS_SENT = (B.FROZEN, B.READY, B.SENDING, B.HELD)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put into people's hands. `unchecked` imports were checked and not sent when the backup was made."""

    jobs: int
    held: int
    unknown: int
    unchecked: int


def hold_after_restore(*, by: Any = None) -> Restored:
    """Take everything that is not final from the machines. Safe to run twice; call it before any worker starts."""
    tell_restored()
    made_at = HistoryEvent.objects.order_by("-pk").values_list("at", flat=True).first() or timezone.now()
    unfinished = ImportJob.objects.unfinished().filter(state__in=SENT_OR_SENDING).order_by("pk")
    kept = [_hold(job, made_at) for job in unfinished]
    held, unknown = (sum(counts[place] for counts in kept) for place in (0, 1))
    found = Restored(sum(1 for counts in kept if any(counts)), held, unknown, _uncheck())
    record("database_restored", by=by, jobs=found.jobs, held=held, unknown=unknown, unchecked=found.unchecked)
    return found


def _hold(job: ImportJob, made_at: datetime) -> tuple[int, int]:
    """Batches held and batches unknown now; those a person had already been asked about are left as they are."""
    to = B.HELD if job.repeatable else B.UNKNOWN
    moved = 0
    with transaction.atomic():
        ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        batches = Batch.objects.filter(job=job, state__in=PERHAPS_SENT).exclude(held_for=HELD_FOR_RESTORE)
        for batch in batches.select_related("attempt").order_by("number"):
            _end_attempts(batch, made_at, unsafe=not job.repeatable)
            moved += _park(job, batch, to)
    settle_job(job.pk)
    return (moved, 0) if to == B.HELD else (0, moved)


def _park(job: ImportJob, batch: Batch, to: BatchState) -> bool:
    free = {"lease_token": None, "lease_until": None, "next_try_at": None, "held_for": HELD_FOR_RESTORE}
    if batch.state == to:  # held before the backup, and held by it now
        parked = Batch.objects.filter(pk=batch.pk, state=to).update(**free) == 1
    else:
        parked = Batch.objects.move(batch.pk, BatchState(batch.state), to, fence={}, **free)
    if parked:
        record(f"batch_{to}", job=job, batch=batch.number, rows=batch.rows, reason=REASON)
    return parked


def _end_attempts(batch: Batch, made_at: datetime, *, unsafe: bool) -> None:
    """End the try the backup shows under way, and note the one it may not show: made later, and lost with its answer.

    Noted as of when the backup was made: the platform remembers a Request-ID at least from then on.
    """
    ended = {"ended_at": timezone.now(), "reason": REASON}
    tries = Attempt.objects.filter(batch=batch)
    tries.filter(state=AttemptState.PREPARED).update(state=AttemptState.ABANDONED, **ended)
    tries.filter(state=AttemptState.ON_WIRE).update(state=AttemptState.ENDED, kind="no_answer", **ended)
    if tries.filter(possibly_applied=True, decision_number=batch.decision_number).exists():
        return
    lost = Attempt.objects.create(
        batch=batch,
        number=tries.count() + 1,
        decision_number=batch.decision_number,
        unsafe=unsafe,
        request_id=batch.request_id,
        lease_token=batch.request_id,
        state=AttemptState.ENDED,
        kind="no_answer",
        possibly_applied=True,
        body_bytes=batch.body_bytes,
        prepared_at=made_at,
        on_wire_at=made_at,
        **ended,
    )
    Batch.objects.filter(pk=batch.pk).update(attempt=lost)


def _uncheck() -> int:
    """Put back what waited for "Send": somebody may have pressed it since. It has to be checked and sent anew."""
    waiting = list(ImportJob.objects.filter(state__in=PLANNED).order_by("pk"))
    for job in waiting:
        with transaction.atomic():
            if ImportJob.objects.move(job.pk, set(PLANNED), J.READ, checked_at=None):
                record("check_voided", job=job, reason=REASON)
                void_approval(job, by=None, why="restored")
    return len(waiting)
