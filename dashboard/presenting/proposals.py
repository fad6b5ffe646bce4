"""Proposals to send batches again as new, as a second person and the proposer see them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils import timezone

from dashboard.access import may_approve
from dashboard.presenting.decisions import people_reached_twice
from imports.models import ImportJob, Proposal


@dataclass(frozen=True, slots=True)
class Proposed:
    """A bundle of proposals made at once. `mine` may be withdrawn, `open_to_me` confirmed or refused."""

    bundle: UUID
    who: str
    reason: str
    at: datetime
    until: datetime
    batches: list[int]
    rows: int
    risk: str
    mine: bool
    open_to_me: bool


def proposals_of(job: ImportJob, user: Any) -> list[Proposed]:
    """The proposals that wait for a second person, oldest first."""
    open_ = Proposal.objects.standing(timezone.now()).filter(batch__job=job).select_related("batch")
    found = open_.order_by("proposed_at", "bundle", "batch__number")
    return [_bundle(bundle, list(some), user) for bundle, some in groupby(found, key=lambda one: one.bundle)]


def _bundle(bundle: UUID, members: list[Proposal], user: Any) -> Proposed:
    first, rows = members[0], sum(one.batch.rows for one in members)
    mine = first.proposer_id == user.pk
    return Proposed(
        bundle=bundle,
        who=first.proposer_name,
        reason=first.reason,
        at=first.proposed_at,
        until=first.expires_at,
        batches=[one.batch.number for one in members],
        rows=rows,
        risk=people_reached_twice(rows),
        mine=mine,
        open_to_me=may_approve(user) and not mine,
    )
