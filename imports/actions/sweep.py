"""The sweep: finds what should have moved and has not, and says which bells to ring. Safe to run twice, anywhere.

Conditions are open-ended ("older than", never "between"), so that nothing slips past however long nobody looked.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from imports.actions.claims import is_gone
from imports.actions.jobs import settle_job
from imports.history import record
from imports.models import Attempt, Batch, ImportJob
from imports.states import AttemptState, BatchState, JobState

B, J = BatchState, JobState
DEATHS_ALLOWED = 3
QUIET = timedelta(seconds=5)


class Bell(NamedTuple):
    """Work to look at: `kind` is "read", "check" or "send"."""

    kind: str
    job_id: int


def reconcile() -> list[Bell]:
    """Free what dead workers held, settle what is ready to be settled, and list the bells to ring."""
    now = timezone.now()
    for batch in _orphans(now):
        free_batch(batch)
    bells = []
    for job in ImportJob.objects.moving().order_by("pk"):
        if settle_job(job.pk) is None:
            bells += _bells(job, now)
    return bells


def free_batch(batch: Batch) -> None:
    """Give back a batch whose worker is gone: never on the wire means ready again, else by its repeat-safety."""
    job, attempt = batch.job, batch.attempt
    fence = {"lease_token": batch.lease_token}
    with transaction.atomic():
        on_wire = attempt is not None and attempt.state == AttemptState.ON_WIRE
        to = _state_after_death(job, batch, on_wire)
        freed = {"lease_until": None, "next_try_at": None}
        if to != B.UNKNOWN:
            freed["lease_token"] = None
        if not Batch.objects.move(batch.pk, B.SENDING, to, fence=fence, **freed):
            return
        if attempt is not None and on_wire:
            ended = {
                "state": AttemptState.ENDED,
                "kind": "no_answer",
                "reason": "worker_lost",
                "ended_at": timezone.now(),
            }
            Attempt.objects.filter(pk=attempt.pk, state=AttemptState.ON_WIRE).update(**ended)
        elif attempt is not None:
            abandoned = {"state": AttemptState.ABANDONED, "reason": "worker_lost", "ended_at": timezone.now()}
            Attempt.objects.filter(pk=attempt.pk, state=AttemptState.PREPARED).update(**abandoned)
        record(f"batch_{to}", job=job, batch=batch.number, rows=batch.rows, reason="worker_lost")


def _state_after_death(job: ImportJob, batch: Batch, on_wire: bool) -> BatchState:
    if on_wire and not job.repeatable:
        return B.UNKNOWN
    deaths = batch.attempts.filter(reason="worker_lost").count() + 1
    return B.HELD if deaths >= DEATHS_ALLOWED else B.READY


def _orphans(now: datetime) -> Iterator[Batch]:
    sending = Batch.objects.filter(state=B.SENDING).select_related("job__connection", "attempt")
    for batch in sending:
        if batch.lease_until is None or batch.lease_until < now or (batch.attempt and is_gone(batch.attempt.worker)):
            yield batch


def _bells(job: ImportJob, now: datetime) -> list[Bell]:
    if job.state == J.UPLOADED and job.kind != "draft":
        return [Bell("read", job.pk)]
    if job.state == J.READING:
        free = job.read_lease_until is None or job.read_lease_until < now
        return [Bell("read", job.pk)] if free else []
    if job.state == J.CHECKING:
        return [Bell("check", job.pk)]
    if job.state == J.SENDING and Batch.objects.filter(job=job).ready(now).exists():
        return [Bell("send", job.pk)]
    return []
