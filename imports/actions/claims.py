"""Taking a batch to send. One UPDATE with the old state decides who has it, one more whether it may go out."""

import time
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, F, Max, Min, Q

from imports.actions import breaker, clock, gates
from imports.actions.liveness import is_gone, this_worker
from imports.actions.splitting import split_batch
from imports.actions.trouble import retried, writing
from imports.actions.verdicts import MEMORY
from imports.history import record
from imports.models import Attempt, Batch, ImportJob, SendingStop
from imports.models.batches import BatchQuerySet
from imports.models.jobs import ImportJobQuerySet
from imports.states import CUT_TOO_LARGE, HELD_FOR_AGE, AttemptState, BatchState, JobState

LEASE_MARGIN = timedelta(seconds=30)  # from the claim to the mark: reading the profiles, connecting, waiting for a turn
LONGEST_MARK = 5.0  # seconds; a worker that was asleep for longer between asking and going sends nothing
TRIES_OF_PROBES = 6  # a batch that was tried so often keeps the rest of its tries for when the platform is back
WORKER_LOST = "worker_lost"
UNOPENED = ("row_slice__sealed_problems", "row_slice__sealed_changed", "row_slice__sealed_corrections")
B = BatchState

__all__ = ["Claim", "Later", "Probe", "claim_batch", "deadline_of", "is_gone", "mark_on_wire", "sender_gone"]


@dataclass(frozen=True, slots=True)
class Claim:
    """`probe`: what becomes of it decides whether anything else of this account goes."""

    job: ImportJob
    batch: Batch
    attempt: Attempt
    probe: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing to claim now; `at` is when there may be, in `seconds`; None when other workers have all there is."""

    at: datetime | None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """The platform must show that it is back, and no waiting batch may be used for that: ask it for a list."""

    connection_id: int


@retried
def claim_batch(connection_id: int, *, job_id: int | None = None) -> Claim | Later | Probe:
    """Take the next ready batch of this connection (of one job, if given), within its limits of requests.

    Jobs take turns: the one that waited longest goes first, so 200 rows do not stand behind 500,000. The batch is
    `sending`, its attempt `prepared`, and nothing has been sent. The connection's row is locked meanwhile, so that
    the limit holds with any number of workers and no batch is claimed twice.
    """
    with writing():
        account = breaker.lock(connection_id)
        now = clock.now()
        if account.disabled_at or SendingStop.objects.standing().exists():
            return Later(None)
        if account.blocked_until and account.blocked_until > now:
            return _later(account.blocked_until, now)
        running = list(Batch.objects.filter(job__connection=account, state=B.SENDING).values_list("job_id", flat=True))
        if len(running) >= breaker.at_once(account):
            return Later(None)
        jobs = ImportJob.objects.filter(connection=account, state=JobState.SENDING)
        if job_id is not None:
            jobs = jobs.filter(pk=job_id)
        found = _candidate(jobs, running, now, half_open=account.opened_at is not None)
        if found is None:
            return _later(_next_try(jobs, now), now)
        if (turn := gates.take_turn(account, now)) > now:
            return _later(turn, now)
        if isinstance(found, Probe):
            breaker.keep_others_back(account, now + timedelta(seconds=breaker.PROBE_SECONDS))
            return found
        found.job.connection = account
        return _take(found.job, found, now)


@retried
def mark_on_wire(claim: Claim, *, body_sha256: str) -> bool:
    """The last thing before the socket is used: lease still ours, job still sending, account on, nobody has stopped
    all sending, not yet on the wire, and within the account's requests per second.

    False means: send nothing. It is committed before the first byte leaves, so a worker that dies before it
    provably sent nothing.
    """
    waited = 0.0
    while True:
        asked = time.monotonic()
        with writing():
            wait = _wait_at_wire(claim.job)
            if not wait:
                marked = _mark(claim, body_sha256)
        if not wait:
            return marked and time.monotonic() - asked < LONGEST_MARK
        waited += wait
        if waited > gates.LONGEST_WAIT:
            return False
        time.sleep(wait)


def sender_gone(attempt: Attempt) -> bool:
    """Whether the worker of this attempt can no longer bring its batch to the platform: it has ended, or it was
    taken its lease so long ago that its own deadline has ended the call."""
    if attempt.state == AttemptState.ABANDONED:
        return True
    if attempt.state == AttemptState.ENDED and attempt.reason != WORKER_LOST:
        return True
    return sender_may_live_until(attempt) < clock.now() or is_gone(attempt.worker)


def sender_may_live_until(attempt: Attempt) -> datetime:
    """When at the latest a call of this attempt has been ended by its own deadline."""
    deadline = deadline_of(attempt.batch.job)
    return (attempt.lease_until or attempt.prepared_at + deadline + LEASE_MARGIN) + deadline


def deadline_of(job: ImportJob) -> timedelta:
    return timedelta(seconds=job.connection.deadline_seconds if job.connection else 120)


def _wait_at_wire(job: ImportJob) -> float:
    """Seconds until the account's gate lets this call out; accounts without a limit are not even asked."""
    account = job.connection
    return gates.seconds_at_wire(account.pk) if account and account.requests_per_second else 0.0


def _mark(claim: Claim, body_sha256: str) -> bool:
    ours = Attempt.objects.filter(
        pk=claim.attempt.pk,
        state=AttemptState.PREPARED,
        lease_until__gt=clock.now_in_statement(plus=deadline_of(claim.job)),
        batch__attempt_id=claim.attempt.pk,
        batch__lease_token=claim.attempt.lease_token,
        batch__state=B.SENDING,
        batch__job__state=JobState.SENDING,
        batch__job__connection__disabled_at=None,
    ).exclude(Exists(SendingStop.objects.standing()))
    moved = {"state": AttemptState.ON_WIRE, "on_wire_at": clock.now_in_statement(), "possibly_applied": True}
    return ours.update(**moved, body_sha256=body_sha256) == 1


def _candidate(
    jobs: ImportJobQuerySet, running: Collection[int], now: datetime, *, half_open: bool
) -> Batch | Probe | None:
    """The batch whose turn it is, or the question to ask first when the platform has been silent.

    `running`: the jobs of which batches are being sent now.
    """
    in_turn = jobs.order_by(F("last_claim_at").asc(nulls_first=True), "pk")
    if not half_open:
        return next(_batches_due(in_turn, running, now), None)
    waits = False
    for batch in _batches_due(in_turn, running, now):
        if batch.job.repeatable and batch.tries < TRIES_OF_PROBES:
            return batch
        waits = True
    first = in_turn.first()
    return Probe(first.connection_id) if waits and first and first.connection_id else None


def _batches_due(jobs: ImportJobQuerySet, running: Collection[int], now: datetime) -> Iterator[Batch]:
    """Of each job in turn the batch that goes next, if it may go now.

    What must not be repeated goes out as the file has it: one request at a time.
    """
    for job in jobs:
        waiting = Batch.objects.filter(job=job).select_related("row_slice").defer(*UNOPENED)
        if job.repeatable:
            batch = _next_repeatable(waiting, now)
        else:
            batch = None if job.pk in running else _next_in_file_order(waiting, now)
        if batch is not None:
            batch.job = job
            yield batch


def _next_repeatable(batches: BatchQuerySet, now: datetime) -> Batch | None:
    """What was cut from a refused batch first, level by level, so that its lesson is learned before others go."""
    return batches.ready(now).order_by(F("parent_id").asc(nulls_last=True), "tries", "number").first()


def _next_in_file_order(batches: BatchQuerySet, now: datetime) -> Batch | None:
    """No overtaking: also what waits for its next try keeps the rows behind it waiting."""
    first = batches.filter(state=B.READY).order_by("first_row").first()
    return first if first and (first.next_try_at is None or first.next_try_at <= now) else None


def _take(job: ImportJob, batch: Batch, now: datetime) -> Claim | Later:
    ImportJob.objects.filter(pk=job.pk).update(last_claim_at=now)
    if job.bytes_limit and batch.body_bytes > job.bytes_limit and batch.rows > 1:
        split_batch(job, batch, B.READY, reason=CUT_TOO_LARGE)
        return Later(now, 0.0)
    before = _attempts_before(batch)
    if before["first"] and now - before["first"] > MEMORY:
        to = B.HELD if job.repeatable or not batch.attempts.filter(possibly_applied=True).exists() else B.UNKNOWN
        if Batch.objects.move(batch.pk, B.READY, to, fence={}, held_for=HELD_FOR_AGE if to == B.HELD else ""):
            record(f"batch_{to}", job=job, batch=batch.number, rows=batch.rows, reason=HELD_FOR_AGE)
        return Later(now, 0.0)
    token, until = uuid.uuid4(), now + deadline_of(job) + LEASE_MARGIN
    attempt = Attempt.objects.create(
        batch=batch,
        number=(before["last"] or 0) + 1,
        decision_number=batch.decision_number,
        unsafe=not job.repeatable,
        request_id=batch.request_id,
        lease_token=token,
        lease_until=until,
        prepared_at=now,
        body_bytes=batch.body_bytes,
        worker=this_worker(),
    )
    taken = {"lease_token": token, "lease_until": until, "attempt": attempt, "tries": batch.tries + 1}
    if not Batch.objects.move(batch.pk, B.READY, B.SENDING, fence={}, **taken):
        attempt.delete()
        return Later(now, 0.0)
    for name, value in {**taken, "state": B.SENDING}.items():  # as written: reading it back would forget its slice
        setattr(batch, name, value)
    probe = job.connection is not None and job.connection.opened_at is not None
    if probe and job.connection is not None:
        breaker.keep_others_back(job.connection, until)
    return Claim(job, batch, attempt, probe)


def _attempts_before(batch: Batch) -> dict[str, Any]:
    """The number of the `last` attempt, and when the `first` with this Request-ID went on the wire, or None."""
    if batch.attempt_id is None:
        return {"last": None, "first": None}
    sent_at = Min("on_wire_at", filter=Q(request_id=batch.request_id))
    return batch.attempts.aggregate(last=Max("number"), first=sent_at)


def _next_try(jobs: ImportJobQuerySet, now: datetime) -> datetime | None:
    waiting = Batch.objects.filter(job__in=jobs, state=B.READY, next_try_at__gt=now)
    return waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first()


def _later(at: datetime | None, now: datetime) -> Later:
    return Later(at, None if at is None else max(0.0, (at - now).total_seconds()))
