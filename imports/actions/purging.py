"""The end of an import's personal data: its key is destroyed, then all that nobody can open any more is removed.

Counts, codes, numbers of rows and the history stay, and so does who was reached, as keyed hashes (sentpeople.py).
"""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from imports.actions import clock
from imports.actions.clearing import clear_job
from imports.actions.echoes import retell, told_without_people
from imports.actions.errors import Refused
from imports.actions.permits import void_approval
from imports.actions.sentpeople import write_sent_people
from imports.history import record
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Attempt, Destruction, ImportJob, PreparedFile, SharedLink
from imports.states import BEFORE_SENDING, FINISHED, AttemptState, JobState
from imports.vault import Sealed


def purge_job(job: ImportJob, *, act: Destruction, by: Any = None) -> ImportJob:
    """Destroy the rows and files of an import that has ended, or was never sent (it ends by this). An import whose data
    is gone already stays as it is.

    Raise Refused: "purge_not_over" (it is being sent, or waits for a decision), "purge_on_wire" (a call runs). Raises
    OSError when who was reached cannot be kept because the storage is away: nothing has happened then.
    """
    if job.purged_at is not None:
        return job
    shown = _last_words(job)
    with transaction.atomic():
        _destroy_key(job, by)
        retell(job, shown)
        PreparedFile.objects.filter(job=job).delete()
        ended = {"revoked_at": timezone.now(), "revoked_by_name": ""}
        SharedLink.objects.filter(job=job, revoked_at=None).update(**ended)
        record("job_purged", by=by, job=job, rows=job.rows, why=act.kind, act=act.pk)
    job = ImportJob.objects.select_related("connection", "source").get(pk=job.pk)
    clear_job(job, act=act.pk)
    return job


def _last_words(job: ImportJob) -> dict[str, str]:
    """What must be done while the rows can still be opened: keep who was reached, find what answers repeat of them."""
    if job.state in FINISHED and job.started_at is not None and not hasattr(job, "sent_people"):
        write_sent_people(job)
    try:
        return told_without_people(job)
    except (FileNotFoundError, Sealed):
        return {}


def _destroy_key(job: ImportJob, by: Any) -> None:
    """One UPDATE with what must still be true in its WHERE. Of what the job itself holds in clear, all goes that may
    have come out of the file."""
    now = timezone.now()
    unsent = {"finished_at": now, "needs_approval": False}
    if ImportJob.objects.kept().move(job.pk, set(BEFORE_SENDING), JobState.CANCELLED, **unsent):
        record("job_cancelled", by=by, job=job)
        void_approval(job, by=by, why="cancelled")
    calls = Attempt.objects.filter(batch__job=job, state=AttemptState.ON_WIRE)
    if calls.filter(Q(lease_until=None) | Q(lease_until__gt=clock.now())).exists():
        raise Refused("purge_on_wire")
    gone = ImportJob.objects.may_be_purged().filter(pk=job.pk)
    if not gone.update(sealed_key="", purged_at=now, **_emptied(job)):
        raise Refused("purge_not_over")


def _emptied(job: ImportJob) -> dict[str, Any]:
    """Headers are the first row of a file, and that may be somebody; words of closed lists are cells."""
    columns = ColumnMapping(tuple(ColumnTarget(one.column, "", one.field) for one in job.mapping.targets))
    emptied: dict[str, Any] = {"headers": [], "notes": [], "mapping_plain": columns.to_plain(), "hold": None}
    if job.destination_plain:
        without = {"attach": [], "content": {}, "custom_request": ""}
        emptied["destination_plain"] = job.destination_plain | without
    if job.read_options:
        emptied["read_options"] = job.read_options | {"sheet": ""}
    if job.gathers:
        emptied["gathers"] = job.gathers | {"text": ""}
    return emptied | {"draft_at": None, "fault": None if job.fault is None else job.fault | {"params": {}}}
