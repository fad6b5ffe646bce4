"""Stopping a job for a cause that a person has to clear."""

from typing import Any

from imports.actions.notices import tell_owner
from imports.history import record
from imports.models import ImportJob
from imports.states import JobState


def hold_job(job: ImportJob, code: str, **params: Any) -> bool:
    """Stop the job until a person has cleared the cause; nothing more is put on the wire. Call it in a transaction."""
    told = {"code": code, "params": {name: str(value) for name, value in params.items() if value not in (None, "")}}
    held = ImportJob.objects.move(job.pk, JobState.SENDING, JobState.HELD, hold=told)
    if held:
        record("job_held", job=job, code=code)
        tell_owner(job, JobState.HELD, code=code)
    return held
