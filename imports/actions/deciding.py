"""A person's word on batches nobody knows about, or that were stopped: one transaction with its history line.

A decision is bound to what the person saw: a batch that was tried, answered or decided meanwhile is left alone.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.actions.jobs import settle_job, settled_now
from imports.actions.traces import forgotten, perhaps_applied, sender_may_live_until
from imports.actions.trouble import retried
from imports.history import name_of, record
from imports.models import Batch, Decision, ImportJob, Proposal
from imports.states import CLOSED, HELD_FOR_BUDGET, MAY_BE_REPEATED, BatchState, JobState, ProposalState

B, J = BatchState, JobState
REPEAT, AGAIN, ARRIVED, NOT_ARRIVED, CLOSE = "repeat", "again", "arrived", "not_arrived", "close"
RETRY, GIVE_UP = "retry", "give_up"
CHOICES = (REPEAT, ARRIVED, NOT_ARRIVED, CLOSE)
CHOICES_OF_HELD = (RETRY, GIVE_UP)
MOST_NAMED = 50  # batches a history line names one by one

Seen = Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class Decided:
    """How many batches and rows a decision was kept for; `left` batches had changed or were not open to it."""

    batches: int
    rows: int
    left: int = 0


def seen(batches: Iterable[Batch]) -> dict[int, int | None]:
    """What a person was shown, to be given back with the decision: batch id -> id of its last attempt."""
    return {batch.pk: batch.attempt_id for batch in batches}


def decide(batch: Batch, choice: str, *, by: Any, reason: str = "") -> Batch:
    """Decide about one batch, as it was when `batch` was read. Raise Refused when it is not open to that any more."""
    decide_all(batch.job, choice, by=by, reason=reason, about=seen([batch]))
    batch.refresh_from_db()
    return batch


@retried  # a late answer locks the batch and then the job, a decision the job and then the batch
def decide_all(job: ImportJob, choice: str, *, by: Any, about: Seen, reason: str = "") -> Decided:
    """The same word on several batches of a job. Raise Refused when it can be kept for none of them."""
    if choice == AGAIN:
        raise Refused("second_person_needed")
    if choice not in CHOICES + CHOICES_OF_HELD:
        raise Refused("decision_unknown", choice=choice)
    with transaction.atomic():
        locked = ImportJob.objects.select_for_update(of=("self",)).select_related("connection").get(pk=job.pk)
        tried = perhaps_applied(locked) if choice in CHOICES_OF_HELD else []
        decided, refusal = [], Refused("decided_already")
        for batch in still_there(locked, about, B.HELD if choice in CHOICES_OF_HELD else B.UNKNOWN):
            try:
                changes = _changes(locked, batch, choice, tried)
            except Refused as fault:
                refusal = fault
            else:
                if settle_decision(batch, choice, changes, by=by, reason=reason):
                    decided.append(batch)
        if not decided:
            raise refusal
        told = record_decision(locked, decided, choice, by=by, reason=reason)
        if any(batch.state == B.READY for batch in decided):
            ImportJob.objects.move(job.pk, J.NEEDS_DECISION, J.SENDING)
    settle_job(job.pk)
    return Decided(len(decided), told, len(about) - len(decided))


def still_there(job: ImportJob, about: Seen, state: BatchState) -> list[Batch]:
    """The batches as they were seen; those tried, answered or decided since are left out."""
    found = (
        Batch.objects.filter(job=job, pk__in=list(about), state=state)
        .select_related("attempt__batch__job__connection")
        .order_by("number")
    )
    return [batch for batch in found if about[batch.pk] == batch.attempt_id]


def settle_decision(
    batch: Batch,
    choice: str,
    changes: dict[str, Any],
    *,
    by: Any,
    reason: str,
    proposal: Proposal | None = None,
) -> bool:
    """Move the batch and keep the decision; False when somebody else moved it first. Call it inside a transaction."""
    number, to = batch.decision_number + 1, changes.pop("state")
    fence = {"decision_number": batch.decision_number, "attempt_id": batch.attempt_id}
    if not Batch.objects.move(batch.pk, BatchState(batch.state), to, fence=fence, decision_number=number, **changes):
        return False
    batch.state = to
    Decision.objects.create(
        batch=batch,
        number=number,
        choice=choice,
        reason=reason[:500],
        proposal=proposal,
        decided_by=by,
        decided_by_name=name_of(by),
    )
    others = Proposal.objects.filter(batch=batch, state=ProposalState.OPEN)
    others.update(state=ProposalState.VOID, closed_at=timezone.now())
    return True


def record_decision(job: ImportJob, decided: list[Batch], choice: str, *, by: Any, reason: str) -> int:
    """One history line for all of them; returns the rows it is about."""
    rows = sum(batch.rows for batch in decided)
    told: dict[str, Any] = {"rows": rows, "choice": choice, "reason": reason[:500]}
    if len(decided) == 1:
        record("batch_decided", by=by, job=job, batch=decided[0].number, **told)
    else:
        numbers = [batch.number for batch in decided[:MOST_NAMED]]
        record("batches_decided", by=by, job=job, batches=len(decided), numbers=numbers, **told)
    return rows


def refuse_while_sender_lives(batch: Batch) -> None:
    """Raise Refused("sender_may_live"): whoever was sending this batch may still bring it there."""
    if until := sender_may_live_until(batch):
        raise Refused("sender_may_live", time=timezone.localtime(until).strftime("%H:%M:%S"))


def refuse_unless_repeatable_now(job: ImportJob) -> None:
    if job.state not in MAY_BE_REPEATED:
        raise Refused("stopping_sends_nothing")


def ready_again(batch: Batch) -> dict[str, Any]:
    """Fresh tries for a batch that was stopped, and a budget of its own if that was why; a Request-ID the platform may
    have forgotten is not used again."""
    fresh: dict[str, Any] = {"request_id": uuid.uuid4()} if forgotten(batch) else {}
    if batch.held_for == HELD_FOR_BUDGET:
        fresh["origin"] = None
    return {"tries": 0, "next_try_at": None, "lease_token": None, "lease_until": None, "held_for": "", **fresh}


def _changes(job: ImportJob, batch: Batch, choice: str, tried: Collection[int]) -> dict[str, Any]:
    """`tried`: ids of held batches of the job that may have arrived by an earlier try."""
    if choice == REPEAT:
        refuse_unless_repeatable_now(job)
        if forgotten(batch):
            raise Refused("too_late_to_repeat")
        refuse_while_sender_lives(batch)
        return {"state": B.READY, **ready_again(batch)}
    if choice == RETRY:
        refuse_unless_repeatable_now(job)
        if not job.repeatable and batch.pk in tried:
            raise Refused("too_late_to_repeat")
        return {"state": B.READY, **ready_again(batch)}
    if choice == NOT_ARRIVED:
        refuse_while_sender_lives(batch)
    if choice == GIVE_UP and batch.pk not in tried:
        return {"state": B.CANCELLED, **settled_now()}
    word, accepted = CLOSED if choice == GIVE_UP else choice, batch.rows if choice == ARRIVED else 0
    return {"state": B.RESOLVED, "resolved_as": word, "accepted": accepted, **settled_now()}
