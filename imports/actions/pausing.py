"""Pausing a job and letting it go on; a job that a cause has stopped goes on by the same verb."""

from typing import Any

from django.db import transaction

from imports.actions import breaker, canary
from imports.actions.brake import release_brake
from imports.actions.deciding import ready_again
from imports.actions.errors import Refused
from imports.actions.jobs import settle_job
from imports.history import name_of, record
from imports.models import Batch, ImportJob
from imports.states import HELD_FOR_LOOK, HELD_FOR_REJECTIONS, NEEDS_A_LOOK, BatchState, JobState

B, J = BatchState, JobState


def pause_job(job: ImportJob, *, by: Any) -> ImportJob:
    """No new call from this moment; running calls end by their answer, batches stay as they are. Raise Refused."""
    with transaction.atomic():
        told = {"code": "paused", "params": {"who": name_of(by)}}
        if not ImportJob.objects.move(job.pk, J.SENDING, J.PAUSED, hold=told):
            raise Refused("not_pausable_now")
        record("job_paused", by=by, job=job)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def resume_job(job: ImportJob, *, by: Any) -> ImportJob:
    """Go on: after a pause with everything as it was, after a cause was cleared with fresh tries for what it stopped.

    Raise Refused.
    """
    with transaction.atomic():
        account = breaker.lock(job.connection_id) if job.connection_id else None
        locked = ImportJob.objects.select_for_update().get(pk=job.pk)
        if locked.state == J.PAUSED:
            ImportJob.objects.move(job.pk, J.PAUSED, J.SENDING, hold=None)
        else:
            _clear(locked)
            if account is not None:
                breaker.go_on(account)
        record("job_resumed", by=by, job=job)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def go_on(job: ImportJob, *, by: Any, brake_percent: int | None = None) -> ImportJob:
    """A person has looked at the answers: after the first rows the others are released, after the brake the job goes on
    without it, or with one that acts above `brake_percent`. Raise Refused."""
    with transaction.atomic():
        locked = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
        why = (locked.hold or {}).get("code")
        if locked.state != J.HELD or why not in NEEDS_A_LOOK:
            raise Refused("nothing_to_look_at")
        changes = release_brake(locked, brake_percent) if why == HELD_FOR_REJECTIONS else {}
        ImportJob.objects.move(job.pk, J.HELD, J.SENDING, hold=None, **changes)
        if why == HELD_FOR_LOOK:
            record("canary_passed", by=by, job=job, batches=canary.release(locked))
        else:
            record("brake_released", by=by, job=job, limit=brake_percent or 0)
    settle_job(job.pk)
    job.refresh_from_db()
    return job


def _clear(job: ImportJob) -> None:
    if job.state == J.HELD and (job.hold or {}).get("code") in NEEDS_A_LOOK:
        raise Refused("look_first")
    held = Batch.objects.filter(job=job, state=B.HELD)
    if job.state == J.NEEDS_DECISION and not held.exists():
        raise Refused("nothing_to_resume")
    if not ImportJob.objects.move(job.pk, {J.HELD, J.NEEDS_DECISION}, J.SENDING, hold=None):
        raise Refused("not_resumable_now")
    for batch in held.order_by("number"):
        Batch.objects.move(batch.pk, B.HELD, B.READY, fence={}, **ready_again(batch))
    Batch.objects.filter(job=job, state=B.READY).update(next_try_at=None)
