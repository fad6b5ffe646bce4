"""The verbs on a whole job: start, settle, cancel."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions.connections import refuse_switched_off
from imports.actions.errors import Refused
from imports.actions.traces import perhaps_applied
from imports.history import name_of, record
from imports.models import Batch, ImportJob
from imports.results import totals
from imports.states import (
    BEFORE_SENDING,
    FINISHED,
    PARKED_BATCHES,
    SETTLES,
    STOPPABLE,
    STOPPED,
    WAITING_BATCHES,
    BatchState,
    JobState,
)

B, J = BatchState, JobState


def start_job(job: ImportJob, *, by: Any) -> ImportJob:
    """A person's "Send": every frozen batch becomes ready in the same transaction. Raise Refused."""
    refuse_switched_off(job.connection)
    with transaction.atomic():
        now = timezone.now()
        started = ImportJob.objects.move(
            job.pk, J.CHECKED, J.SENDING, started_at=now, started_by_name=name_of(by), hold=None, finished_at=None
        )
        if not started:
            raise Refused("not_startable_now")
        batches = Batch.objects.filter(job=job, state=B.FROZEN)
        count = batches.update(state=B.READY)
        record("sending_started", by=by, job=job, batches=count, rows=totals(job).pending, **_asked(job))
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def _asked(job: ImportJob) -> dict[str, Any]:
    """What decides whether people are written to, for the history of the "Send"."""
    where = job.destination
    return {} if where is None else {"operation": where.operation, "skip_triggers": where.skip_triggers}


def settle_job(job_id: int) -> JobState | None:
    """Give the job its next state when no batch can move by itself: a query, not a callback. None when it stays.

    A job whose sum does not close is never called finished.
    """
    with transaction.atomic():
        job = ImportJob.objects.select_for_update().filter(pk=job_id).first()
        if job is None or job.state not in SETTLES:
            return None
        batches = Batch.objects.filter(job=job)
        if job.state == J.CANCELLING:
            _cancel_waiting(job)
        if batches.unsettled().exists():  # also when it was found out late that an unknown batch was never sent
            return _move(job, J.SENDING) if job.state == J.NEEDS_DECISION else None
        parked = batches.filter(state__in=PARKED_BATCHES).exists()
        if parked and job.state != J.CANCELLING:
            return _move(job, J.NEEDS_DECISION) if job.state != J.NEEDS_DECISION else None
        if batches.filter(state=B.UNKNOWN).exists():
            return None
        return _finish(job, J.CANCELLED if job.state == J.CANCELLING else J.DONE)


def cancel_job(job: ImportJob, *, by: Any) -> ImportJob:
    """Nothing more goes out: waiting batches end at once, running calls by their answer. Raise Refused.

    A waiting batch that was tried before without a readable answer may have arrived: its rows stay unknown and are
    never called "not sent".
    """
    with transaction.atomic():
        done = ImportJob.objects.move(job.pk, set(BEFORE_SENDING), J.CANCELLED, finished_at=timezone.now())
        if not done:
            if not ImportJob.objects.move(job.pk, set(STOPPABLE), J.CANCELLING, hold=None):
                raise Refused("not_cancellable_now")
            _cancel_waiting(job)
        record("job_cancelled", by=by, job=job)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def _cancel_waiting(job: ImportJob) -> None:
    waiting = Batch.objects.filter(job=job, state__in=WAITING_BATCHES)
    ended = settled_now()
    waiting.filter(pk__in=perhaps_applied(job)).update(state=B.RESOLVED, resolved_as=STOPPED, **ended)
    waiting.update(state=B.CANCELLED, **ended)


def settled_now() -> dict[str, Any]:
    """What changes in a batch that ends without an answer, besides its state."""
    return {"settled_at": timezone.now(), "next_try_at": None, "lease_token": None, "lease_until": None}


def _move(job: ImportJob, to: JobState) -> JobState:
    ImportJob.objects.move(job.pk, JobState(job.state), to, hold=None)
    record(f"job_{to}", job=job)
    return to


def _finish(job: ImportJob, to: JobState) -> JobState | None:
    counted = totals(job)
    if not counted.closes or (counted.pending and to not in FINISHED):
        record("sum_does_not_close", job=job, **counted.to_plain())
        return None
    ImportJob.objects.move(job.pk, JobState(job.state), to, finished_at=timezone.now(), hold=None)
    record(f"job_{to}", job=job, **counted.to_plain())
    return to
