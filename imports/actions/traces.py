"""What earlier tries may have left on the platform, and who may still be at it."""

from collections.abc import Mapping
from datetime import datetime

from imports.actions import claims, clock
from imports.actions.verdicts import MEMORY
from imports.models import Attempt, Batch, ImportJob
from imports.states import WAITING_BATCHES


def repeat_until(batch: Batch) -> datetime | None:
    """Until when the platform may still recognise this batch's Request-ID; None when it was never sent."""
    tries = batch.attempts.filter(request_id=batch.request_id).exclude(on_wire_at=None)
    first = tries.order_by("number").values_list("on_wire_at", flat=True).first()
    return first + MEMORY if first else None


def forgotten(batch: Batch) -> bool:
    """Whether the platform may have forgotten the batch's Request-ID by now."""
    until = repeat_until(batch)
    return until is not None and until < clock.now()


def perhaps_applied(job: ImportJob) -> list[int]:
    """Ids of the waiting batches of a job that an earlier try, their own or of what they were cut from, may have
    brought to the platform without a readable answer."""
    tried = set(Attempt.objects.filter(batch__job=job, possibly_applied=True).values_list("batch_id", flat=True))
    if not tried:
        return []
    parents = dict(Batch.objects.filter(job=job).values_list("pk", "parent_id"))
    waiting = Batch.objects.filter(job=job, state__in=WAITING_BATCHES).values_list("pk", flat=True)
    return [pk for pk in waiting if _lineage(pk, parents) & tried]


def tried_before(batch: Batch, attempt: Attempt) -> bool:
    """Whether another attempt than this one, of the batch or of what it was cut from, may have been applied."""
    parents = dict(Batch.objects.filter(job_id=batch.job_id).values_list("pk", "parent_id")) if batch.parent_id else {}
    others = Attempt.objects.filter(batch__in=_lineage(batch.pk, parents), possibly_applied=True)
    return others.exclude(pk=attempt.pk).exists()


def may_have_arrived(batch: Batch) -> bool:
    """Whether an earlier try of a waiting batch may have brought it to the platform without a readable answer."""
    return batch.pk in perhaps_applied(batch.job)


def sender_may_live_until(batch: Batch) -> datetime | None:
    """When at the latest the worker that sent this batch has stopped; None when it is known to have.

    A worker whose lease was taken away may still be waiting in its call; its client ends it at the deadline.
    """
    attempt = batch.attempt
    if attempt is None or claims.sender_gone(attempt):
        return None
    return claims.sender_may_live_until(attempt)


def _lineage(pk: int, parents: Mapping[int, int | None]) -> set[int]:
    found: set[int] = set()
    here: int | None = pk
    while here is not None:
        found.add(here)
        here = parents.get(here)
    return found
