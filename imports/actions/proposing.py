"""Sending an unknown batch again as new: one person proposes, another one confirms, for people may be reached twice."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from imports.actions.deciding import (
    AGAIN,
    Decided,
    Seen,
    ready_again,
    record_decision,
    refuse_unless_repeatable_now,
    refuse_while_sender_lives,
    settle_decision,
    still_there,
)
from imports.actions.errors import Refused
from imports.actions.jobs import settle_job
from imports.actions.trouble import retried
from imports.history import name_of, record
from imports.models import Batch, ImportJob, Proposal
from imports.states import BatchState, JobState, ProposalState

B, J, P = BatchState, JobState, ProposalState
OPEN_FOR = timedelta(hours=24)


def propose_again(job: ImportJob, *, by: Any, about: Seen, reason: str) -> uuid.UUID:
    """Ask a second person to let these unknown batches be sent again as new. Returns the proposal's bundle.

    Raise Refused when none of them is open to it, no reason is given, or nobody in particular asks.
    """
    if by is None or by.pk is None:
        raise Refused("needs_a_person")
    if not reason.strip():
        raise Refused("reason_missing")
    now, bundle = timezone.now(), uuid.uuid4()
    with transaction.atomic():
        locked = ImportJob.objects.select_for_update().get(pk=job.pk)
        refuse_unless_repeatable_now(locked)
        _close(Proposal.objects.stale(now).filter(batch__job=job))
        batches = still_there(locked, about, B.UNKNOWN)
        taken = set(Proposal.objects.standing(now).filter(batch__in=batches).values_list("batch_id", flat=True))
        free = [batch for batch in batches if batch.pk not in taken]
        if not free:
            raise Refused("proposed_already" if taken else "decided_already")
        Proposal.objects.bulk_create(_proposal(batch, bundle, by, reason) for batch in free)
        rows = sum(batch.rows for batch in free)
        record("again_proposed", by=by, job=job, batches=len(free), rows=rows, reason=reason[:500])
    return bundle


@retried  # as decide_all
def confirm_again(job: ImportJob, bundle: uuid.UUID, *, by: Any, reason: str = "") -> Decided:
    """The second person's yes: every batch of the bundle that is still unknown is ready with a new Request-ID.

    Raise Refused: the proposer cannot confirm; nothing is left to confirm; the old sender may still be at work.
    """
    if by is None or by.pk is None:
        raise Refused("needs_a_person")
    with transaction.atomic():
        locked = ImportJob.objects.select_for_update(of=("self",)).select_related("connection").get(pk=job.pk)
        open_ = _standing(locked, bundle)
        if any(proposal.proposer_id == by.pk for proposal in open_):
            raise Refused("second_person_needed")
        refuse_unless_repeatable_now(locked)
        for proposal in open_:
            refuse_while_sender_lives(proposal.batch)
        decided = [proposal.batch for proposal in open_ if _confirm(proposal, by=by, reason=reason)]
        if not decided:
            raise Refused("proposal_over")
        rows = record_decision(locked, decided, AGAIN, by=by, reason=reason or open_[0].reason)
        ImportJob.objects.move(job.pk, J.NEEDS_DECISION, J.SENDING)
    settle_job(job.pk)
    return Decided(len(decided), rows, len(open_) - len(decided))


def refuse_again(job: ImportJob, bundle: uuid.UUID, *, by: Any, reason: str = "") -> int:
    """Somebody's no to a proposal; its batches stay unknown. Returns how many. Raise Refused("proposal_over")."""
    return _end(job, bundle, P.REFUSED, "again_refused", by=by, reason=reason)


def withdraw_again(job: ImportJob, bundle: uuid.UUID, *, by: Any, reason: str = "") -> int:
    """The proposer takes the proposal back. Raise Refused when it is over, or somebody else's."""
    if any(proposal.proposer_id != getattr(by, "pk", None) for proposal in _standing(job, bundle)):
        raise Refused("proposal_of_another")
    return _end(job, bundle, P.WITHDRAWN, "again_withdrawn", by=by, reason=reason)


def close_stale_proposals() -> None:
    """Mark as over what nobody may confirm any more, with its history line; readers leave it out at once anyhow."""
    stale = Proposal.objects.stale(timezone.now())
    if stale.exists():
        with transaction.atomic():
            _close(stale.select_for_update(of=("self",)))


def _proposal(batch: Batch, bundle: uuid.UUID, by: Any, reason: str) -> Proposal:
    now = timezone.now()
    return Proposal(
        batch=batch,
        bundle=bundle,
        decision_number=batch.decision_number,
        reason=reason.strip()[:500],
        proposer_id=by.pk,
        proposer_name=name_of(by),
        proposed_at=now,
        expires_at=now + OPEN_FOR,
    )


def _standing(job: ImportJob, bundle: uuid.UUID) -> list[Proposal]:
    """Its open proposals in the order of the file. Raise Refused("proposal_over") when there is none left."""
    open_ = Proposal.objects.standing(timezone.now()).filter(batch__job=job, bundle=bundle)
    found = list(open_.select_related("batch__attempt__batch__job__connection").order_by("batch__number"))
    if not found:
        raise Refused("proposal_over")
    return found


def _confirm(proposal: Proposal, *, by: Any, reason: str) -> bool:
    closed = {"closer_id": by.pk, "closer_name": name_of(by), "closed_at": timezone.now()}
    mine = Proposal.objects.filter(pk=proposal.pk, state=P.OPEN)
    if not mine.update(state=P.CONFIRMED, closing_reason=reason[:500], **closed):
        return False
    changes = {**ready_again(proposal.batch), "state": B.READY, "request_id": uuid.uuid4()}
    if settle_decision(proposal.batch, AGAIN, changes, by=by, reason=reason or proposal.reason, proposal=proposal):
        return True
    Proposal.objects.filter(pk=proposal.pk, state=P.CONFIRMED).update(state=P.VOID)
    return False


def _end(job: ImportJob, bundle: uuid.UUID, to: ProposalState, verb: str, *, by: Any, reason: str) -> int:
    with transaction.atomic():
        ImportJob.objects.select_for_update().get(pk=job.pk)
        open_ = _standing(job, bundle)
        closed = {"closer_id": getattr(by, "pk", None), "closer_name": name_of(by), "closed_at": timezone.now()}
        mine = Proposal.objects.filter(pk__in=[proposal.pk for proposal in open_], state=P.OPEN)
        ended = mine.update(state=to, closing_reason=reason[:500], **closed)
        rows = sum(proposal.batch.rows for proposal in open_)
        record(verb, by=by, job=job, batches=ended, rows=rows, reason=reason[:500])
    return ended


def _close(stale: Iterable[Proposal]) -> None:
    now = timezone.now()
    found = sorted(_with_jobs(stale), key=lambda proposal: str(proposal.bundle))
    for _, members in groupby(found, key=lambda proposal: proposal.bundle):
        bundle = list(members)
        for to, verb in ((P.EXPIRED, "again_expired"), (P.VOID, "again_void")):
            some = [one for one in bundle if (one.expires_at <= now) == (to == P.EXPIRED)]
            ended = Proposal.objects.filter(pk__in=[one.pk for one in some], state=P.OPEN)
            if some and ended.update(state=to, closed_at=now):
                rows = sum(one.batch.rows for one in some)
                record(verb, job=some[0].batch.job, batches=len(some), rows=rows)
    return None


def _with_jobs(stale: Any) -> list[Proposal]:
    return list(stale.select_related("batch__job"))
