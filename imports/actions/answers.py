"""Keeping an answer: outcomes, counts, the batch's next state and its history line, in one transaction."""

import logging
import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import OperationalError, connection
from django.db.models import QuerySet

from imports.actions import brake, breaker, clock, spool
from imports.actions.bisecting import cutting_of, learn, words_of
from imports.actions.breaker import Fault
from imports.actions.claims import WORKER_LOST, Claim
from imports.actions.holding import hold_job
from imports.actions.splitting import split_batch
from imports.actions.traces import tried_before
from imports.actions.trouble import AWAY, is_thrown_out, retried, writing
from imports.actions.verdicts import NOT_PREPARED, OURS, POSSIBLY_APPLIED, RESET_WHILE_WRITING, Past, Verdict, verdict
from imports.altcraft import Answer, AnswerClass
from imports.compact import compact
from imports.history import record
from imports.masking import mask
from imports.models import Attempt, Batch, Connection, ImportJob
from imports.outcomes import pack, summary_of
from imports.states import CUT_REFUSED, CUT_TOO_LARGE, HELD_FOR_BUDGET, AttemptState, BatchState

log = logging.getLogger(__name__)

B = BatchState
REFUSALS = (AnswerClass.REFUSED_REQUEST, AnswerClass.REFUSED_SIZE)
AFTER_LEASE = 60.0  # seconds beyond its lease for which a worker goes on trying to write what it knows
RAW_OF_ANSWERED = 4_096  # bytes of an answer whose rows could all be read: they are kept packed, with every text and id
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 2.0


def keep_answer(claim: Claim, answer: Answer) -> Verdict:
    """Write what became of the attempt and the batch, fenced by the lease token.

    A worker whose lease was taken away still has its attempt written; when its batch was only parked as unknown
    meanwhile, a readable late answer resolves it. While the database is away the answer is kept in memory and on the
    disk, and written as soon as it is back. Raises what the database raised when it stays away too long; then the
    sweep finds the answer on the disk.
    """
    lease = claim.attempt.lease_until
    left = max(0.0, (lease - claim.attempt.prepared_at).total_seconds()) if lease else 0.0
    until, pause, kept = time.monotonic() + left + AFTER_LEASE, FIRST_PAUSE, None
    while True:
        try:
            step = keep_once(claim, answer)
        except AWAY:
            kept = kept or spool.put(claim, answer)
            if time.monotonic() + pause > until or connection.in_atomic_block:
                raise
            connection.close()  # the next one is a fresh one
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        else:
            spool.drop(kept)
            return step


def keep_once(claim: Claim, answer: Answer) -> Verdict:
    """The same without patience. What our own code cannot keep is kept as an answer that cannot be read."""
    try:
        return _keep(claim, answer)
    except AWAY:
        raise
    except Exception as fault:
        if is_thrown_out(fault):  # a worker that was frozen: nothing of it was kept, the answer still counts
            raise OperationalError(str(fault)) from fault
        if answer.kind != AnswerClass.ANSWERED:
            raise
        log.error("unexpected %s while keeping an answer to attempt %s", type(fault).__name__, claim.attempt.pk)
        return _keep(claim, replace(answer, kind=AnswerClass.UNREADABLE, rows=None, reason="unexpected"))


@retried
def _keep(claim: Claim, answer: Answer) -> Verdict:
    job, batch, attempt = claim.job, claim.batch, claim.attempt
    fence = {"attempt_id": attempt.pk, "lease_token": attempt.lease_token}
    with writing():
        if claim.probe and answer.reason in OURS:
            breaker.give_up_probe(job.connection_id)
        account = _locked_account(job, answer)
        step = _step(job, batch, attempt, answer, account)
        was = Attempt.objects.select_for_update().defer("sealed_answer").get(pk=attempt.pk)
        if was.state == AttemptState.ENDED and was.reason != WORKER_LOST:
            return step  # written before: the database was lost after it had written
        _end_attempt(job, was, answer)
        to = _move_batch(job, batch, answer, step, fence)
        if to is None:
            _keep_late(job, batch, answer, fence)
            return step
        if account is not None:
            _note_health(account, answer, step, probe=claim.probe)
        if step.hold:
            hold_job(job, step.hold, error=answer.error, http_status=answer.http_status, text=mask(answer.error_text))
        if to != B.SPLIT:  # that is told where it is cut
            told: dict[str, Any] = {"kind": answer.kind, "error": answer.error, "reason": answer.reason}
            if to == B.HELD:
                told["held_for"] = batch.held_for
            record(f"batch_{to}", job=job, batch=batch.number, rows=batch.rows, attempt=attempt.number, **told)
        if to in (B.ANSWERED, B.REFUSED):
            brake.note_answer(job, batch)
    return step


def _locked_account(job: ImportJob, answer: Answer) -> Connection | None:
    """The account's row, locked before all others, when this answer changes it; mostly it does not."""
    if job.connection_id is None or answer.reason in OURS:
        return None
    speaks = answer.kind not in breaker.SILENT and not answer.retry_after and answer.kind != AnswerClass.REFUSED_RATE
    if speaks and not breaker.is_troubled(job.connection_id):
        return None
    return breaker.lock(job.connection_id)


def _step(job: ImportJob, batch: Batch, attempt: Attempt, answer: Answer, account: Connection | None) -> Verdict:
    earlier = batch.attempts.filter(request_id=attempt.request_id)
    past = Past(
        attempts=attempt.number,
        tries=batch.tries,
        rows=batch.rows,
        resets=earlier.filter(reason=RESET_WHILE_WRITING).count() if answer.reason == RESET_WHILE_WRITING else 0,
        seconds=_seconds_since_first(earlier) if answer.kind in breaker.SILENT else 0.0,
        failures=account.failures_in_row if account else 0,
        lost=answer.kind in REFUSALS and tried_before(batch, attempt),
    )
    return verdict(answer, repeatable=job.repeatable, past=past)


def _seconds_since_first(earlier: QuerySet[Attempt]) -> float:
    """How long ago the first of these attempts was on the wire; 0 when none was."""
    first = earlier.exclude(on_wire_at=None).order_by("number").values_list("on_wire_at", flat=True).first()
    return (clock.now() - first).total_seconds() if first else 0.0


def _end_attempt(job: ImportJob, attempt: Attempt, answer: Answer) -> None:
    raw = answer.raw[:RAW_OF_ANSWERED] if answer.kind == AnswerClass.ANSWERED else answer.raw
    shown = {"text": answer.error_text, "debug": answer.error_debug, "raw": raw.decode("utf-8", "replace")}
    Attempt.objects.filter(pk=attempt.pk).exclude(state=AttemptState.ABANDONED).update(
        state=AttemptState.ENDED,
        kind=answer.kind,
        possibly_applied=answer.kind in POSSIBLY_APPLIED,
        ended_at=clock.now_in_statement(),
        http_status=answer.http_status,
        error=answer.error,
        reason=answer.reason[:60],
        seconds=answer.seconds,
        replayed=answer.replayed,
        sealed_answer=job.vault.seal(compact(shown), attempt.answer_name),
    )


def _move_batch(
    job: ImportJob, batch: Batch, answer: Answer, step: Verdict, fence: dict[str, Any]
) -> BatchState | None:
    """The batch's new state; None when its lease was taken away and it is no longer this attempt's to move."""
    to, held_for = step.state, step.held_for
    batch.refusal = words_of(answer) if answer.kind in REFUSALS else ""
    sampled = False
    if step.cut == CUT_REFUSED:
        cutting = cutting_of(job, batch, batch.refusal)
        to, sampled = step.refused if cutting.state == B.REFUSED else cutting.state, cutting.sampled
        held_for = HELD_FOR_BUDGET if to == B.HELD else ""
    batch.held_for = held_for
    if to == B.ANSWERED:
        return to if _answer(job, batch, answer, B.SENDING, fence) else None
    if to == B.SPLIT:
        if step.cut == CUT_TOO_LARGE:
            learned = batch.body_bytes * 3 // 4
            ImportJob.objects.filter(pk=job.pk).update(bytes_limit=min(job.bytes_limit or learned, learned))
        return to if split_batch(job, batch, B.SENDING, reason=step.cut, sampled=sampled, **fence) else None
    if to == B.REFUSED:
        return to if _refuse(job, batch, answer, fence) else None
    changes: dict[str, Any] = {"lease_until": None, "held_for": held_for, "refusal": batch.refusal}
    if to != B.UNKNOWN:  # there the token stays: an answer that comes late is still this attempt's
        changes["lease_token"] = None
    if to == B.READY and step.wait:
        changes["next_try_at"] = clock.now() + timedelta(seconds=step.wait)
    if _costs_no_try(answer):
        changes["tries"] = max(0, batch.tries - 1)
    return to if Batch.objects.move(batch.pk, B.SENDING, to, fence=fence, **changes) else None


def _costs_no_try(answer: Answer) -> bool:
    not_sent = answer.kind == AnswerClass.NOT_SENT and answer.reason != NOT_PREPARED
    return not_sent or answer.kind == AnswerClass.REFUSED_RATE


def _keep_late(job: ImportJob, batch: Batch, answer: Answer, fence: dict[str, Any]) -> None:
    """An answer to an attempt that was given up. It still settles a batch that was parked because of this attempt: by
    its rows, or by the certainty that nothing was sent."""
    used = False
    if answer.kind == AnswerClass.ANSWERED:
        used = _answer(job, batch, answer, B.UNKNOWN, fence)
    elif answer.kind == AnswerClass.NOT_SENT:
        freed = {"lease_token": None, "lease_until": None}
        used = Batch.objects.move(batch.pk, B.UNKNOWN, B.READY, fence=fence, **freed)
    if used:
        to = B.ANSWERED if answer.kind == AnswerClass.ANSWERED else B.READY
        record(f"batch_{to}", job=job, batch=batch.number, rows=batch.rows, kind=answer.kind, reason=answer.reason)
    if answer.kind != AnswerClass.NOT_SENT:
        record("late_answer", job=job, batch=batch.number, kind=answer.kind, used=used)
    if used and answer.kind == AnswerClass.ANSWERED:
        brake.note_answer(job, batch)


def _refuse(job: ImportJob, batch: Batch, answer: Answer, fence: dict[str, Any]) -> bool:
    text = answer.error_text or answer.reason
    code = answer.error if answer.error is not None else answer.http_status or 0
    outcomes = pack([(code, text, "")] * batch.rows)
    summary = [[code, mask(text), batch.rows]]
    refused = _settle(job, batch, B.SENDING, B.REFUSED, fence, outcomes.blob, summary, 0)
    if refused and job.repeatable and batch.rows == 1:
        learn(job, batch, batch.refusal)
    return refused


def _answer(job: ImportJob, batch: Batch, answer: Answer, expected: BatchState, fence: dict[str, Any]) -> bool:
    packed = pack(answer.rows or ())
    summary = summary_of(packed.summary, mask)
    accepted = sum(rows for code, _, rows in summary if code == 0)
    return _settle(job, batch, expected, B.ANSWERED, fence, packed.blob, summary, accepted)


def _settle(
    job: ImportJob,
    batch: Batch,
    expected: BatchState,
    to: BatchState,
    fence: dict[str, Any],
    outcomes: bytes,
    summary: list[list[Any]],
    accepted: int,
) -> bool:
    batch.accepted, batch.rejected = accepted, batch.rows - accepted
    return Batch.objects.move(
        batch.pk,
        expected,
        to,
        fence=fence,
        accepted=batch.accepted,
        rejected=batch.rejected,
        summary=summary,
        refusal=batch.refusal,
        sealed_outcomes=job.vault.seal(outcomes, batch.outcomes_name),
        settled_at=clock.now_in_statement(),
        lease_until=None,
        lease_token=None,
    )


def _note_health(account: Connection, answer: Answer, step: Verdict, *, probe: bool) -> None:
    """Keep how the platform is doing for everybody who calls it, and until when it wants nobody to."""
    if step.counts_as_failure:
        breaker.note_failure(account, Fault(answer.kind, answer.reason, probe))
    else:
        breaker.note_answer(account)
    if step.all_wait:
        breaker.note_wish(account, clock.now() + timedelta(seconds=step.all_wait))
