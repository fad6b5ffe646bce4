"""The brake: a job pauses by itself when too many of the answered rows were rejected, and a person looks."""

from collections import Counter
from typing import Any

from django.db.models import F

from imports.actions.errors import Refused
from imports.actions.notices import tell_owner
from imports.history import record
from imports.models import Batch, Connection, ImportJob
from imports.states import HELD_FOR_REJECTIONS, BatchState, JobState

PERCENT = range(1, 100)
LOOKED_AT = 200  # batches whose reasons name the most frequent one
COUNTED = ("state", "answered_rows", "rejected_rows", "brake_percent", "brake_after")
B = BatchState


def limits_of(job: ImportJob) -> dict[str, Any]:
    """The brake of the job's account as it is now; the job keeps it from its start on. 0 percent is no brake."""
    found = Connection.objects.filter(jobs=job).values("brake_percent", "brake_after").first()
    return found | {"brake_percent": found["brake_percent"] or None} if found else {}


def note_answer(job: ImportJob, batch: Batch) -> None:
    """Count a batch that was answered just now, and hold the job when too much was rejected. Call it in the transaction
    that keeps the answer, last: the job's row stays locked from here on, so that two answers cannot miss each other."""
    mine = ImportJob.objects.filter(pk=job.pk)
    mine.update(answered_rows=F("answered_rows") + batch.rows, rejected_rows=F("rejected_rows") + batch.rejected)
    now = mine.values(*COUNTED).get()
    if now["state"] == JobState.SENDING and is_too_much(now) and _has_more_to_send(job):
        _pull(job, now)


def is_too_much(now: dict[str, Any]) -> bool:
    """Whether more than the limit's share of enough answered rows were rejected."""
    limit, answered = now["brake_percent"], now["answered_rows"]
    return limit is not None and answered >= now["brake_after"] and 100 * now["rejected_rows"] > limit * answered


def release_brake(job: ImportJob, percent: int | None) -> dict[str, Any]:
    """What changes in a job that goes on: its brake is off (None), or acts later, above what was rejected so far.

    Raise Refused("brake_not_a_share" | "brake_too_low").
    """
    if percent is None:
        return {"brake_percent": None}
    if percent not in PERCENT:
        raise Refused("brake_not_a_share")
    if is_too_much({name: getattr(job, name) for name in COUNTED} | {"brake_percent": percent}):
        share = -(-100 * job.rejected_rows // job.answered_rows)
        raise Refused("brake_too_low", share=share)
    return {"brake_percent": percent}


def _has_more_to_send(job: ImportJob) -> bool:
    """Whether anybody is spared anything: after the last request a brake would only keep a person waiting."""
    return Batch.objects.filter(job=job, state__in=[B.READY, B.FROZEN]).exists()


def _pull(job: ImportJob, now: dict[str, Any]) -> None:
    told: dict[str, Any] = {
        "answered": now["answered_rows"],
        "rejected": now["rejected_rows"],
        "limit": now["brake_percent"],
    }
    code, text = _most_frequent(job)
    params = {name: str(value) for name, value in told.items()} | {"most": f"{code} {text}".strip()}
    hold = {"code": HELD_FOR_REJECTIONS, "params": params}
    if ImportJob.objects.move(job.pk, JobState.SENDING, JobState.HELD, hold=hold):
        record("brake_pulled", job=job, **told, error=code)
        tell_owner(job, JobState.HELD, code=HELD_FOR_REJECTIONS)


def _most_frequent(job: ImportJob) -> tuple[str, str]:
    """(code, masked text) of the commonest reason in the batches answered last."""
    answered = Batch.objects.filter(job=job, state__in=[B.ANSWERED, B.REFUSED], rejected__gt=0)
    count: Counter[tuple[str, str]] = Counter()
    for summary in answered.order_by("-pk").values_list("summary", flat=True)[:LOOKED_AT]:
        for code, text, rows in summary:
            if code:
                count[str(code), text] += rows
    return count.most_common(1)[0][0] if count else ("", "")
