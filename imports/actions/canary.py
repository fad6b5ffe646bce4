"""The first rows alone: they go, the rest of the plan stays frozen until a person has looked at their answers."""

from typing import Any

from django.db.models import QuerySet

from imports.actions.connections import refuse_first_rows
from imports.actions.notices import tell_owner
from imports.actions.splitting import cut_off
from imports.history import record
from imports.models import Batch, Connection, ImportJob
from imports.results import totals
from imports.states import HELD_FOR_LOOK, BatchState, JobState

B, J = BatchState, JobState


def rows_alone(job: ImportJob, wanted: int, sendable: int) -> int:
    """How many rows go first: as many as wanted, at least what the account asks for; 0 when that would be all of them.

    Raise Refused("canary_out_of_range") for more than 1,000 or less than none.
    """
    refuse_first_rows(wanted)
    asked = Connection.objects.filter(jobs=job).values_list("canary_rows", flat=True).first()
    rows = max(wanted, asked or 0)
    return rows if rows < sendable else 0


def release(job: ImportJob, *, first: int = 0) -> int:
    """Make frozen batches ready: all of them, or those of the `first` rows in the order of the file, the last of them
    cut where the number is reached. Returns how many. Call it in the transaction that lets the job send."""
    frozen = Batch.objects.filter(job=job, state=B.FROZEN)
    if not first:
        return frozen.update(state=B.READY)
    whole, left = [], first
    for batch in frozen.select_related("row_slice").order_by("first_row")[:first]:
        if batch.rows > left:
            cut_off(job, batch, left)
            break
        whole.append(batch.pk)
        left -= batch.rows
        if not left:
            break
    return frozen.filter(pk__in=whole).update(state=B.READY) + (1 if left else 0)


def waiting_to_be_released(job: ImportJob) -> QuerySet[Batch]:
    """Batches of a job on its way that no machine may claim yet."""
    return Batch.objects.filter(job=job, state=B.FROZEN)


def ask_to_look(job: ImportJob) -> JobState:
    """Every row that went first has its end: a person looks, then lets the others go or stops. In a transaction."""
    sums = totals(job)
    ended = {"accepted": sums.accepted, "rejected": sums.rejected, "unknown": sums.unknown}
    told: dict[str, Any] = ended | {"waiting": sums.pending}
    params = {name: str(count) for name, count in (told | {"rows": job.canary_rows}).items()}
    ImportJob.objects.move(job.pk, J(job.state), J.HELD, hold={"code": HELD_FOR_LOOK, "params": params})
    record("canary_answered", job=job, **told)
    tell_owner(job, J.HELD, code=HELD_FOR_LOOK)
    return J.HELD
