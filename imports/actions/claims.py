"""Taking a batch to send, and giving back what a dead worker held. One UPDATE with the old state decides who has it."""

import os
import socket
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from imports.actions.splitting import split_batch
from imports.models import Attempt, Batch, Connection, ImportJob
from imports.models.jobs import ImportJobQuerySet
from imports.states import AttemptState, BatchState, JobState

LEASE_MARGIN = timedelta(seconds=30)
B = BatchState


@dataclass(frozen=True, slots=True)
class Claim:
    job: ImportJob
    batch: Batch
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing to claim now; `at` is when there may be, None when other workers have all there is."""

    at: datetime | None


def claim_batch(connection_id: int, *, job_id: int | None = None) -> Claim | Later:
    """Take the next ready batch of this connection (of one job, if given), within its limits of requests.

    Jobs take turns: the one that waited longest goes first, so 200 rows do not stand behind 500,000. The batch is
    `sending`, its attempt `prepared`, and nothing has been sent. The connection's row is locked meanwhile, so that
    the limit holds with any number of workers.
    """
    with transaction.atomic():
        connection = Connection.objects.defer("catalogue").select_for_update().get(pk=connection_id)
        now = timezone.now()
        if connection.blocked_until and connection.blocked_until > now:
            return Later(connection.blocked_until)
        if Batch.objects.filter(job__connection=connection, state=B.SENDING).count() >= _allowed(connection):
            return Later(None)
        jobs = ImportJob.objects.filter(connection=connection, state=JobState.SENDING)
        if job_id is not None:
            jobs = jobs.filter(pk=job_id)
        for job in jobs.order_by(F("last_claim_at").asc(nulls_first=True), "pk"):
            batch = Batch.objects.filter(job=job).ready(now).select_related("row_slice").order_by("number").first()
            if batch is not None:
                job.connection = connection
                if (turn := _turn(connection, now)) > now:
                    return Later(turn)
                return _take(job, batch, now)
        return Later(_next_try(jobs))


def mark_on_wire(claim: Claim, *, body_sha256: str) -> bool:
    """The last thing before the socket is used: lease still ours, job still sending, not yet on the wire.

    False means: send nothing. It is committed before the first byte leaves, so a worker that dies before it
    provably sent nothing.
    """
    now = timezone.now()
    ours = Attempt.objects.filter(
        pk=claim.attempt.pk,
        state=AttemptState.PREPARED,
        batch__attempt_id=claim.attempt.pk,
        batch__lease_token=claim.attempt.lease_token,
        batch__state=B.SENDING,
        batch__lease_until__gt=now + deadline_of(claim.job),
        batch__job__state=JobState.SENDING,
    )
    marked = ours.update(state=AttemptState.ON_WIRE, on_wire_at=now, possibly_applied=True, body_sha256=body_sha256)
    return marked == 1


def deadline_of(job: ImportJob) -> timedelta:
    return timedelta(seconds=job.connection.deadline_seconds if job.connection else 120)


def this_worker() -> str:
    """Host, process and its start, so that a process of the same host can tell whether it is still there."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def is_gone(worker: str) -> bool:
    """Whether that worker ran on this host and its process has ended; False whenever it cannot be told."""
    host, _, process = worker.partition(":")
    pid, _, started = process.partition(":")
    if host != socket.gethostname() or not pid.isdigit() or not Path("/proc/self/stat").exists():
        return False
    return _started(int(pid)) != started


def _allowed(connection: Connection) -> int:
    """While the platform does not answer, one request at a time is enough to notice that it is back."""
    return 1 if connection.failures_in_row else connection.parallel


def _turn(connection: Connection, now: datetime) -> datetime:
    """When the connection's next request may go; `now` when that is now, and then the one after it is put off.

    A gate over all workers on all machines, evenly spaced (GCRA without a burst): its time stands in the connection's
    row, which the claim holds locked, and survives everybody's restart.
    """
    if not connection.requests_per_second:
        return now
    if connection.next_request_at and connection.next_request_at > now:
        return connection.next_request_at
    after = now + timedelta(seconds=1 / connection.requests_per_second)
    Connection.objects.filter(pk=connection.pk).update(next_request_at=after)
    return now


def _take(job: ImportJob, batch: Batch, now: datetime) -> Claim | Later:
    ImportJob.objects.filter(pk=job.pk).update(last_claim_at=now)
    if job.bytes_limit and batch.body_bytes > job.bytes_limit and batch.rows > 1:
        split_batch(job, batch, B.READY)
        return Later(now)
    token = uuid.uuid4()
    attempt = Attempt.objects.create(
        batch=batch,
        number=batch.attempts.count() + 1,
        decision_number=batch.decision_number,
        unsafe=not job.repeatable,
        request_id=batch.request_id,
        lease_token=token,
        prepared_at=now,
        body_bytes=batch.body_bytes,
        worker=this_worker(),
    )
    lease = {"lease_token": token, "lease_until": now + 2 * deadline_of(job) + LEASE_MARGIN, "attempt": attempt}
    taken = {**lease, "tries": batch.tries + 1}
    if not Batch.objects.move(batch.pk, B.READY, B.SENDING, fence={}, **taken):
        attempt.delete()
        return Later(now)
    for name, value in {**taken, "state": B.SENDING}.items():  # as written: reading it back would forget its slice
        setattr(batch, name, value)
    return Claim(job, batch, attempt)


def _next_try(jobs: ImportJobQuerySet) -> datetime | None:
    waiting = Batch.objects.filter(job__in=jobs, state=B.READY).exclude(next_try_at=None)
    return waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first()


def _started(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return "gone"
