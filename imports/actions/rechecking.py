"""A check that begins again for some slices only: what was found in the others stands, their objects stay in place.

Keys are compared across the whole file and the batches are cut anew whenever the check closes, so that what is sent
is what was checked, however little was looked at again.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from imports.actions.errors import Refused
from imports.actions.permits import void_approval
from imports.models import Batch, ImportJob, RowSlice
from imports.results import fixes_of, sealed_fixes
from imports.states import PLANNED, JobState, Outcome

Fields = Mapping[str, Any]


def begin_again(
    job: ImportJob, touched: Mapping[int, Fields], *, seen: int, by: Any, everything: bool = False, **changes: Any
) -> None:
    """In the caller's transaction: put the touched slices (their fields by id) up for checking, carry the others over,
    drop the frozen batches. `seen` is the check the person looked at; `changes` go into the job. What a second person
    was asked or has said about the plan is void.

    Raise Refused("checked_again_meanwhile") when another check, correction or "Send" came first.
    """
    last = ImportJob.objects.filter(check_version=seen)
    changes |= {"checked_at": None, "closing_lease_until": None, "check_version": seen + 1}
    if not last.move(job.pk, set(PLANNED), JobState.CHECKING, **changes):
        raise Refused("checked_again_meanwhile")
    void_approval(job, by=by, why="edited")
    Batch.objects.filter(job=job).delete()
    touched = without_fills(job) | dict(touched)
    for row_slice in RowSlice.objects.current(job).light():
        fields = dict(touched.get(row_slice.pk, {}))
        if row_slice.pk not in touched and not everything:
            fields |= {"checked_version": seen + 1, "kept_under": row_slice.kept(seen)}
        RowSlice.objects.filter(pk=row_slice.pk).update(**_not_set_aside(row_slice), lease_until=None, **fields)


def _not_set_aside(row_slice: RowSlice) -> dict[str, Any]:
    """Who is set aside is found again when the check closes."""
    summary = [item for item in row_slice.summary if item[0] != Outcome.SET_ASIDE]
    return {"aside": 0, "sealed_aside": b"", "summary": summary}


def without_fills(job: ImportJob) -> dict[int, Fields]:
    """The fields of every slice in which rows were merged, without what was merged: who belongs together may differ
    now, and nobody's value may stay with somebody else."""
    found: dict[int, Fields] = {}
    for row_slice in RowSlice.objects.current(job).filter(corrected__gt=0):
        fixes = fixes_of(job.vault, row_slice)
        own = {place: fix for place, fix in fixes.items() if not fix.merged_from}
        if len(own) < len(fixes):
            found[row_slice.pk] = sealed_fixes(job, row_slice, own)
    return found


def drop_fills(job: ImportJob) -> None:
    """Before a check of everything: what rows were merged with goes."""
    for pk, fields in without_fills(job).items():
        RowSlice.objects.filter(pk=pk).update(**fields)


def plan_again(job: ImportJob, *, seen: int, by: Any = None, **changes: Any) -> None:
    """The same cells under another rule (who is set aside): nothing is cleaned again. Raise Refused."""
    with transaction.atomic():
        begin_again(job, {}, seen=seen, by=by, **changes)


def undecided(job: ImportJob, columns: Collection[int]) -> bool:
    """Whether one of these columns holds dates nobody could tell day and month of: one more date may tell them all."""
    orders = job.date_orders or {}
    return any(orders.get(str(column)) == "" for column in columns)
