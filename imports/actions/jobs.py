"""The verbs on a whole job: start, settle, cancel, resume; and a person's decision on one batch."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from imports.actions.errors import Refused
from imports.history import name_of, record
from imports.models import Batch, Connection, Decision, ImportJob
from imports.models.batches import BatchQuerySet
from imports.results import totals
from imports.states import BEFORE_SENDING, FINISHED, PARKED_BATCHES, BatchState, JobState

B, J = BatchState, JobState
MEMORY = timedelta(hours=20)  # the platform remembers a Request-ID for one day (Deduplication of requests)
REPEAT, ARRIVED, NOT_ARRIVED, CLOSE = "repeat", "arrived", "not_arrived", "close"
CHOICES = (REPEAT, ARRIVED, NOT_ARRIVED, CLOSE)


def start_job(job: ImportJob, *, by: Any) -> ImportJob:
    """A person's "Send": every frozen batch becomes ready in the same transaction. Raise Refused."""
    with transaction.atomic():
        now = timezone.now()
        started = ImportJob.objects.move(
            job.pk, J.CHECKED, J.SENDING, started_at=now, started_by_name=name_of(by), hold=None, finished_at=None
        )
        if not started:
            raise Refused("not_startable_now")
        batches = Batch.objects.filter(job=job, state=B.FROZEN)
        count = batches.update(state=B.READY)
        record("sending_started", by=by, job=job, batches=count, rows=totals(job).pending)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def settle_job(job_id: int) -> JobState | None:
    """Give the job its next state when no batch can move by itself: a query, not a callback. None when it stays.

    A job whose sum does not close is never called finished.
    """
    with transaction.atomic():
        job = ImportJob.objects.select_for_update().filter(pk=job_id).first()
        if job is None or job.state not in (J.SENDING, J.NEEDS_DECISION, J.CANCELLING):
            return None
        batches = Batch.objects.filter(job=job)
        if job.state == J.CANCELLING:
            _cancel_waiting(batches)
        if batches.unsettled().exists():
            return None
        parked = batches.filter(state__in=PARKED_BATCHES).exists()
        if parked and job.state != J.CANCELLING:
            return _move(job, J.NEEDS_DECISION) if job.state == J.SENDING else None
        if batches.filter(state=B.UNKNOWN).exists():
            return None
        return _finish(job, J.CANCELLED if job.state == J.CANCELLING else J.DONE)


def cancel_job(job: ImportJob, *, by: Any) -> ImportJob:
    """Nothing more goes out: waiting batches end at once, running calls by their answer. Raise Refused."""
    with transaction.atomic():
        done = ImportJob.objects.move(job.pk, set(BEFORE_SENDING), J.CANCELLED, finished_at=timezone.now())
        if not done:
            if not ImportJob.objects.move(job.pk, {J.SENDING, J.HELD, J.NEEDS_DECISION}, J.CANCELLING, hold=None):
                raise Refused("not_cancellable_now")
            _cancel_waiting(Batch.objects.filter(job=job))
        record("job_cancelled", by=by, job=job)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def resume_job(job: ImportJob, *, by: Any) -> ImportJob:
    """Go on after the cause was cleared: held batches are ready again with fresh tries. Raise Refused."""
    with transaction.atomic():
        held = Batch.objects.filter(job=job, state=B.HELD)
        if job.state == J.NEEDS_DECISION and not held.exists():
            raise Refused("nothing_to_resume")
        if not ImportJob.objects.move(job.pk, {J.HELD, J.NEEDS_DECISION}, J.SENDING, hold=None):
            raise Refused("not_resumable_now")
        held.update(state=B.READY, tries=0, next_try_at=None, lease_token=None, lease_until=None)
        Batch.objects.filter(job=job, state=B.READY).update(next_try_at=None)
        Connection.objects.filter(jobs=job).update(blocked_until=None, failures_in_row=0, failing_since=None)
        record("job_resumed", by=by, job=job)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def decide(batch: Batch, choice: str, *, by: Any, reason: str = "") -> Batch:
    """A person's word on a batch nobody knows about. Raise Refused when it is not open to that choice any more."""
    if choice not in CHOICES:
        raise Refused("decision_unknown", choice=choice)
    job = batch.job
    with transaction.atomic():
        number = (batch.decisions.aggregate(last=Max("number"))["last"] or 0) + 1
        changes = _repeat(batch, number) if choice == REPEAT else _resolve(batch, choice)
        if not Batch.objects.filter(pk=batch.pk, state=B.UNKNOWN).update(**changes):
            raise Refused("decided_already")
        Decision.objects.create(
            batch=batch, number=number, choice=choice, reason=reason[:500], decided_by=by, decided_by_name=name_of(by)
        )
        record("batch_decided", by=by, job=job, batch=batch.number, rows=batch.rows, choice=choice, reason=reason[:500])
        if choice == REPEAT:
            ImportJob.objects.move(job.pk, J.NEEDS_DECISION, J.SENDING)
    settle_job(job.pk)
    batch.refresh_from_db()
    return batch


def repeat_until(batch: Batch) -> Any:
    """Until when the platform may still recognise this batch's Request-ID; None when it was never sent."""
    first = batch.attempts.exclude(on_wire_at=None).order_by("number").first()
    return first.on_wire_at + MEMORY if first and first.on_wire_at else None


def _repeat(batch: Batch, number: int) -> dict[str, Any]:
    until = repeat_until(batch)
    if until is not None and until < timezone.now():
        raise Refused("too_late_to_repeat")
    if batch.job.state not in (J.NEEDS_DECISION, J.SENDING):
        raise Refused("not_resumable_now")
    lease = {"lease_token": None, "lease_until": None, "next_try_at": None}
    return {"state": B.READY, "decision_number": number, "tries": 0, **lease}


def _resolve(batch: Batch, choice: str) -> dict[str, Any]:
    arrived = batch.rows if choice == ARRIVED else 0
    settled = {"settled_at": timezone.now(), "lease_token": None, "lease_until": None}
    return {"state": B.RESOLVED, "resolved_as": choice, "accepted": arrived, **settled}


def _cancel_waiting(batches: BatchQuerySet) -> None:
    waiting = batches.filter(state__in=[B.READY, B.HELD])
    waiting.update(state=B.CANCELLED, settled_at=timezone.now(), next_try_at=None, lease_token=None)


def _move(job: ImportJob, to: JobState) -> JobState:
    ImportJob.objects.move(job.pk, JobState(job.state), to)
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
