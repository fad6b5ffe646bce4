"""The verbs on a whole job: start, settle, cancel."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions import canary
from imports.actions.brake import limits_of
from imports.actions.connections import refuse_switched_off
from imports.actions.errors import Refused
from imports.actions.followed import refuse_overtaken
from imports.actions.notices import tell_owner
from imports.actions.permits import permit_to_send, void_approval
from imports.actions.presets import count_use, refuse_odd_shape
from imports.actions.reaching import refuse_foreign
from imports.actions.tallies import tally_refusals
from imports.actions.traces import perhaps_applied
from imports.history import name_of, record
from imports.models import Batch, ImportJob
from imports.results import shape_now, totals
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


def start_job(job: ImportJob, *, by: Any, first_rows: int = 0, shape_seen: bool = False) -> ImportJob:
    """A person's "Send": every frozen batch becomes ready in the same transaction, or with `first_rows` those of so
    many rows, and the others once a person has looked at the answers. `shape_seen`: somebody has read how this file
    differs from the last ones of its preset. Where the account asks for a second person, that one has agreed to exactly
    this, and what was agreed about the first rows holds. Raise Refused."""
    refuse_foreign(job.connection, job.team_id)
    refuse_switched_off(job.connection)
    refuse_odd_shape(job, seen=shape_seen)
    with transaction.atomic():
        permit = permit_to_send(job)
        now, sendable = timezone.now(), totals(job).pending
        alone = canary.rows_alone(job, max(first_rows, permit.first_rows or first_rows), sendable)
        changes = {"started_at": now, "started_by_name": name_of(by), "hold": None, "finished_at": None}
        changes |= {"canary_rows": alone, **limits_of(job), "shape": shape_now(job), "last_claim_at": None}
        if not ImportJob.objects.move(job.pk, {J.CHECKED, J.APPROVED}, J.SENDING, **changes):
            raise Refused("not_startable_now")
        refuse_overtaken(job)
        count = canary.release(job, first=alone)
        told: dict[str, Any] = {"first_rows": alone} if alone else {}
        if permit.approval:
            told |= {"approver": permit.approval.closer_name, "digest": permit.approval.digest}
        record("sending_started", by=by, job=job, batches=count, rows=sendable, **told, **_asked(job))
        count_use(job)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def _asked(job: ImportJob) -> dict[str, Any]:
    """What decides whether people are written to, for the history of the "Send"."""
    where = job.destination
    return {} if where is None else {"operation": where.operation, "skip_triggers": where.skip_triggers}


def settle_job(job_id: int, *, wait: bool = True) -> JobState | None:
    """Give the job its next state when no batch can move by itself: a query, not a callback. None when it stays.

    A job whose sum does not close is never called finished. Without `wait` a job that another transaction holds stays:
    whoever holds it settles it, or the next sweep does.
    """
    with transaction.atomic():
        job = ImportJob.objects.select_for_update(skip_locked=not wait).filter(pk=job_id).first()
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
        if job.state != J.CANCELLING and canary.waiting_to_be_released(job).exists():
            return canary.ask_to_look(job)
        return _finish(job, J.CANCELLED if job.state == J.CANCELLING else J.DONE)


def cancel_job(job: ImportJob, *, by: Any) -> ImportJob:
    """Nothing more goes out: waiting batches end at once, running calls by their answer. Raise Refused.

    A waiting batch that was tried before without a readable answer may have arrived: its rows stay unknown and are
    never called "not sent".
    """
    with transaction.atomic():
        unsent = {"finished_at": timezone.now(), "needs_approval": False}
        if ImportJob.objects.move(job.pk, set(BEFORE_SENDING), J.CANCELLED, **unsent):
            void_approval(job, by=by, why="cancelled")
        else:
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
    if to == J.NEEDS_DECISION:
        tell_owner(job, to)
    return to


def _finish(job: ImportJob, to: JobState) -> JobState | None:
    counted = totals(job)
    if not counted.closes or (counted.pending and to not in FINISHED):
        record("sum_does_not_close", job=job, **counted.to_plain())
        return None
    ImportJob.objects.move(job.pk, JobState(job.state), to, finished_at=timezone.now(), hold=None)
    record(f"job_{to}", job=job, **counted.to_plain())
    tally_refusals(job)
    tell_owner(job, to)
    return to
