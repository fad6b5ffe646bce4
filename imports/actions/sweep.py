"""The sweep: finds what should have moved and has not, and says which bells to ring. Safe to run twice, anywhere.

Conditions are open-ended ("older than", never "between"), so that nothing slips past however long nobody looked.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q

from imports.actions import breaker, clock, spool
from imports.actions.answers import keep_once
from imports.actions.approving import expire_approvals
from imports.actions.claims import WORKER_LOST
from imports.actions.erasing import erasures_are_due
from imports.actions.heads import keep_head
from imports.actions.jobs import settle_job
from imports.actions.liveness import is_gone, this_worker
from imports.actions.personsearch import searches_to_go_on
from imports.actions.preparedfiles import jobs_with_files_to_prepare, remove_expired_files
from imports.actions.proposing import close_stale_proposals
from imports.actions.trouble import retried
from imports.history import record
from imports.models import Attempt, Batch, ImportJob, SweepRun
from imports.states import HELD_FOR_DEATHS, AttemptState, BatchState, JobState

log = logging.getLogger(__name__)

B, J = BatchState, JobState
DEATHS_ALLOWED = 3
EVERY = timedelta(seconds=15)
ONLY = 1  # the key of the one row about sweeps


class Bell(NamedTuple):
    """Work to look at: `kind` is "read", "check", "send", "prepare", "find" (the number is a search's) or "erase"."""

    kind: str
    number: int


def reconcile() -> list[Bell]:
    """Import answers kept on this machine, free what dead workers held, settle what is ready to be settled, and list
    the bells to ring. One that cannot be helped does not keep the others waiting."""
    now = clock.now()
    SweepRun.objects.update_or_create(pk=ONLY, defaults={"started_at": now, "worker": this_worker()})
    import_kept_answers()
    freed = sum(free_batch(batch) for batch in _orphans(now))
    close_stale_proposals()
    expire_approvals()
    bells = []
    for job in ImportJob.objects.looked_after().order_by("pk"):
        try:
            job.state = settle_job(job.pk, wait=False) or job.state
            bells += _bells(job, now)
        except Exception:
            log.exception("the sweep could not settle job %s", job.pk)
    bells += _about_people()
    _keep_head()  # what asks the storage comes last: it may be silent for half a minute
    bells += _about_files()
    SweepRun.objects.filter(pk=ONLY).update(ended_at=clock.now(), freed=freed, bells=len(bells))
    return bells


def _about_people() -> list[Bell]:
    """People who are looked for, or are to be erased, and nobody is at it."""
    found = [Bell("find", pk) for pk in searches_to_go_on()]
    return [*found, Bell("erase", 0)] if erasures_are_due() else found


def _about_files() -> list[Bell]:
    """Downloads that wait for a worker; those whose day is over go."""
    try:
        remove_expired_files()
    except OSError as fault:
        log.warning("expired files stay: %s", type(fault).__name__)
    return [Bell("prepare", job_id) for job_id in jobs_with_files_to_prepare()]


def reconcile_if_due() -> list[Bell]:
    """The same when nobody anywhere has begun it in the last 15 seconds: one of all who ask at once does it."""
    now = clock.now()
    SweepRun.objects.get_or_create(pk=ONLY)
    due = SweepRun.objects.filter(pk=ONLY).filter(Q(started_at=None) | Q(started_at__lt=now - EVERY))
    return reconcile() if due.update(started_at=now) else []


def _keep_head() -> None:
    """A storage that is away keeps nobody from sending; the head is written at the next run."""
    try:
        keep_head()
    except Exception:
        log.exception("the head of the history could not be written outside")


def import_kept_answers() -> None:
    """Write the answers that came while the database was away; each counts once, whoever writes it."""
    for path, claim, answer in spool.waiting():
        try:
            keep_once(claim, answer)
        except Exception:
            log.exception("a kept answer could not be imported: %s", path.name)
        else:
            spool.drop(path)


@retried
def free_batch(batch: Batch) -> bool:
    """Give back a batch whose worker is gone: never on the wire means ready again, else by its repeat-safety.

    The attempt's own state decides, moved in the same breath: a worker that was only slow either was on the wire before
    or can no longer get there.
    """
    job, attempt = batch.job, batch.attempt
    with transaction.atomic():
        breaker.give_up_probe(job.connection_id)
        on_wire = attempt is not None and not _abandon(attempt)
        if attempt is not None and on_wire and not _end(attempt):
            return False  # its worker has written an end itself
        to = _state_after_death(job, batch, on_wire)
        freed = {"lease_until": None, "next_try_at": None, "held_for": HELD_FOR_DEATHS if to == B.HELD else ""}
        if to != B.UNKNOWN:
            freed["lease_token"] = None
        if not Batch.objects.move(batch.pk, B.SENDING, to, fence={"lease_token": batch.lease_token}, **freed):
            transaction.set_rollback(True)
            return False
        told = {"reason": WORKER_LOST} | ({"held_for": HELD_FOR_DEATHS} if to == B.HELD else {})
        record(f"batch_{to}", job=job, batch=batch.number, rows=batch.rows, **told)
    return True


def _abandon(attempt: Attempt) -> bool:
    abandoned = {"state": AttemptState.ABANDONED, "reason": WORKER_LOST, "ended_at": clock.now_in_statement()}
    return Attempt.objects.filter(pk=attempt.pk, state=AttemptState.PREPARED).update(**abandoned) == 1


def _end(attempt: Attempt) -> bool:
    ended = {"state": AttemptState.ENDED, "kind": "no_answer", "reason": WORKER_LOST}
    on_wire = Attempt.objects.filter(pk=attempt.pk, state=AttemptState.ON_WIRE)
    return on_wire.update(**ended, ended_at=clock.now_in_statement()) == 1


def _state_after_death(job: ImportJob, batch: Batch, on_wire: bool) -> BatchState:
    if on_wire and not job.repeatable:
        return B.UNKNOWN
    deaths = batch.attempts.filter(reason=WORKER_LOST, decision_number=batch.decision_number).count()
    return B.HELD if deaths >= DEATHS_ALLOWED else B.READY


def _orphans(now: datetime) -> Iterator[Batch]:
    sending = Batch.objects.filter(state=B.SENDING).select_related("job__connection", "attempt")
    for batch in sending.defer("job__connection__catalogue"):
        if batch.lease_until is None or batch.lease_until < now or (batch.attempt and is_gone(batch.attempt.worker)):
            yield batch


def _bells(job: ImportJob, now: datetime) -> list[Bell]:
    if job.state == J.UPLOADED and job.kind != "draft":
        return [Bell("read", job.pk)]
    if job.state == J.READING:
        free = job.read_lease_until is None or job.read_lease_until < now
        return [Bell("read", job.pk)] if free else []
    if job.state == J.CHECKING:
        unseen = job.last_claim_at is None or job.last_claim_at < now - EVERY
        return [Bell("check", job.pk)] if unseen else []
    if job.state == J.SENDING and Batch.objects.filter(job=job).ready(now).exists():
        return [Bell("send", job.pk)]
    return []
