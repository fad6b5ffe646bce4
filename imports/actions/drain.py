"""Doing a job's work in the foreground, without Redis or a worker."""

import time
from collections.abc import Callable

from imports.actions.checking import check_next_slices, settle_dates
from imports.actions.claims import Later
from imports.actions.filereading import read_job
from imports.actions.jobs import settle_job
from imports.actions.planning import close_check
from imports.actions.sending import send_next_batch
from imports.actions.stopping import waits_for_switch
from imports.actions.sweep import reconcile
from imports.models import ImportJob
from imports.states import MOVES_BY_ITSELF, JobState

PAUSE = 0.25
LONGEST_SLEEP = 15.0


def drain(job_id: int, *, sleep: Callable[[float], None] = time.sleep) -> ImportJob:
    """Work on one job until it is final or waits for a person, sleeping through back-offs.

    Other workers may help meanwhile; what they hold is waited for.
    """
    while (job := ImportJob.objects.get(pk=job_id)).state in MOVES_BY_ITSELF:
        rest = _step(job)
        if rest > 0 and waits_for_switch(job):
            return job
        if rest > 0:
            reconcile()
            sleep(rest)
    return job


def _step(job: ImportJob) -> float:
    """One piece of work; the seconds to rest before the next look."""
    match job.state:
        case JobState.UPLOADED | JobState.READING:
            return 0.0 if read_job(job.pk) else PAUSE
        case JobState.CHECKING:
            settle_dates(job.pk)
            check_next_slices(job.pk, seconds=60.0)
            return 0.0 if close_check(job.pk) else PAUSE
        case JobState.SENDING if job.connection_id is not None:
            step = send_next_batch(job.connection_id, job_id=job.pk)
            if not isinstance(step, Later):
                return 0.0
            return 0.0 if settle_job(job.pk) else _until(step)
    return 0.0 if settle_job(job.pk) else PAUSE


def _until(later: Later) -> float:
    return PAUSE if later.seconds is None else min(LONGEST_SLEEP, max(0.005, later.seconds))
