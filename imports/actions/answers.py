"""Keeping an answer: outcomes, counts, the batch's next state and its history line, in one transaction."""

from collections import Counter
from datetime import timedelta
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from imports.actions.claims import Claim
from imports.actions.splitting import split_batch
from imports.actions.verdicts import POSSIBLY_APPLIED, Verdict, verdict
from imports.altcraft import Answer, AnswerClass
from imports.history import record
from imports.masking import mask
from imports.models import Attempt, Batch, Connection, ImportJob
from imports.outcomes import pack
from imports.states import AttemptState, BatchState, JobState

B = BatchState
PATIENCE_AT_START = timedelta(seconds=20)  # nothing has gone out yet and somebody is looking: tell them soon
PATIENCE = timedelta(minutes=45)


def keep_answer(claim: Claim, answer: Answer) -> Verdict:
    """Write what became of the attempt and the batch, fenced by the lease token.

    A worker whose lease was taken away still has its attempt written; when its batch was only parked as unknown
    meanwhile, a readable late answer resolves it.
    """
    job, batch, attempt = claim.job, claim.batch, claim.attempt
    failures = job.connection.failures_in_row if job.connection else 0
    step = verdict(answer, repeatable=job.repeatable, tries=batch.tries, rows=batch.rows, failures=failures)
    fence = {"attempt_id": attempt.pk, "lease_token": attempt.lease_token}
    with transaction.atomic():
        _end_attempt(job, attempt, answer)
        if not _move_batch(job, batch, answer, step, fence):
            late = answer.kind == AnswerClass.ANSWERED and _answer(job, batch, answer, B.UNKNOWN, fence)
            record("late_answer", job=job, batch=batch.number, kind=answer.kind, used=late)
            return step
        _note_health(job, answer, step)
        if step.state != B.READY or step.counts_as_failure:
            told: dict[str, Any] = {
                "batch": batch.number,
                "kind": answer.kind,
                "error": answer.error,
                "reason": answer.reason,
            }
            record(f"batch_{step.state}", job=job, rows=batch.rows, attempt=attempt.number, **told)
    return step


def _end_attempt(job: ImportJob, attempt: Attempt, answer: Answer) -> None:
    shown = orjson.dumps(
        {"text": answer.error_text, "debug": answer.error_debug, "raw": answer.raw.decode("utf-8", "replace")}
    )
    Attempt.objects.filter(pk=attempt.pk).exclude(state=AttemptState.ABANDONED).update(
        state=AttemptState.ENDED,
        kind=answer.kind,
        possibly_applied=answer.kind in POSSIBLY_APPLIED,
        ended_at=timezone.now(),
        http_status=answer.http_status,
        error=answer.error,
        reason=answer.reason[:60],
        seconds=answer.seconds,
        replayed=answer.replayed,
        sealed_answer=job.vault.seal(shown, attempt.answer_name),
    )


def _move_batch(job: ImportJob, batch: Batch, answer: Answer, step: Verdict, fence: dict[str, Any]) -> bool:
    if step.state == B.ANSWERED:
        return _answer(job, batch, answer, B.SENDING, fence)
    if step.state == B.SPLIT:
        learned = batch.body_bytes * 3 // 4
        ImportJob.objects.filter(pk=job.pk).update(bytes_limit=min(job.bytes_limit or learned, learned))
        return split_batch(job, batch, B.SENDING, **fence)
    if step.state == B.REFUSED:
        text = answer.error_text or answer.reason
        code = answer.error if answer.error is not None else answer.http_status or 0
        outcomes = pack([(code, text, "")] * batch.rows)
        return _settle(job, batch, B.SENDING, B.REFUSED, fence, outcomes.blob, [[code, mask(text), batch.rows]], 0)
    changes: dict[str, Any] = {"lease_token": None, "lease_until": None}
    if step.state == B.READY and step.wait:
        changes["next_try_at"] = timezone.now() + timedelta(seconds=step.wait)
    if answer.kind in (AnswerClass.NOT_SENT, AnswerClass.REFUSED_RATE):
        changes["tries"] = batch.tries - 1
    if step.state == B.UNKNOWN:  # the token stays: an answer that comes late is still this attempt's
        changes.pop("lease_token")
    return Batch.objects.move(batch.pk, B.SENDING, step.state, fence=fence, **changes)


def _answer(job: ImportJob, batch: Batch, answer: Answer, expected: BatchState, fence: dict[str, Any]) -> bool:
    rows = answer.rows or ()
    packed = pack(rows)
    kinds = Counter((code, mask(text) if code else "") for code, text, _ in rows)
    summary: list[list[Any]] = [[code, text, count] for (code, text), count in kinds.most_common()]
    accepted = sum(count for (code, _), count in kinds.items() if code == 0)
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
    now = timezone.now()
    return Batch.objects.move(
        batch.pk,
        expected,
        to,
        fence=fence,
        accepted=accepted,
        rejected=batch.rows - accepted,
        summary=summary,
        sealed_outcomes=job.vault.seal(outcomes, batch.outcomes_name),
        settled_at=now,
        lease_until=None,
        lease_token=None,
    )


def _note_health(job: ImportJob, answer: Answer, step: Verdict) -> None:
    """Keep how the platform is doing for everybody who calls it, and stop the job when going on is useless."""
    now, connection = timezone.now(), job.connection
    if connection is None:
        return
    mine = Connection.objects.filter(pk=connection.pk)
    if step.counts_as_failure:
        since = connection.failing_since or now
        wait = timedelta(seconds=step.wait or 0)
        mine.update(
            failures_in_row=connection.failures_in_row + 1, failing_since=since, blocked_until=now + wait or None
        )
        if answer.kind == AnswerClass.NOT_SENT and now - since > _patience(job):
            hold_job(job, "unreachable", reason=answer.reason)
    elif answer.kind == AnswerClass.REFUSED_RATE:
        mine.update(blocked_until=now + timedelta(seconds=step.wait or 1))
    elif connection.failures_in_row or connection.blocked_until:
        mine.update(failures_in_row=0, failing_since=None, blocked_until=None)
    if step.hold:
        hold_job(job, step.hold, error=answer.error, http_status=answer.http_status, text=mask(answer.error_text))


def hold_job(job: ImportJob, code: str, **params: Any) -> bool:
    """Stop the job until a person has cleared the cause; nothing more is put on the wire."""
    told = {"code": code, "params": {name: str(value) for name, value in params.items() if value not in (None, "")}}
    held = ImportJob.objects.move(job.pk, JobState.SENDING, JobState.HELD, hold=told)
    if held:
        record("job_held", job=job, code=code)
    return held


def _patience(job: ImportJob) -> timedelta:
    """How long the job goes on trying a platform that cannot be reached."""
    begun = Batch.objects.filter(job=job).exclude(settled_at=None).exists()
    return PATIENCE if begun else PATIENCE_AT_START
