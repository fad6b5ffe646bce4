"""A second pair of eyes before sending: one person asks, another one agrees or sends it back, for exactly one plan."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from imports.actions import canary
from imports.actions.errors import Refused
from imports.actions.jobs import start_job
from imports.actions.notices import tell_approver, tell_askers
from imports.actions.permits import locked_job, needs_second, rows_to_send
from imports.actions.presets import refuse_odd_shape
from imports.actions.trouble import retried
from imports.history import name_of, record
from imports.models import Approval, HistoryEvent, ImportJob, standing_of
from imports.states import WITH_SECOND, ApprovalState, JobState

J, S = JobState, ApprovalState
GOOD_FOR = timedelta(hours=24)  # to be answered, and once more from the answer on to be sent
APPROVER, ADMIN = "approver", "admin"
EDITS = (  # history of whoever had a hand in what would be sent; tests/imports/test_edits.py finds one that is missing
    "job_created", "options_chosen", "preset_applied", "preset_put_away", "columns_mapped", "cells_corrected",
    "correction_undone", "duplicates_chosen", "sent_before_chosen", "job_followed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Approved:
    """What came of a second person's yes. `why_not`: why it was not sent at once, though that was wished."""

    job: ImportJob
    started: bool = False
    why_not: Refused | None = None


@retried
def ask_approval(
    job: ImportJob,
    *,
    by: Any,
    seen: int | None = None,
    note: str = "",
    send_at_once: bool = True,
    first_rows: int = 0,
    shape_seen: bool = False,
) -> Approval:
    """Ask for a second person's yes to the plan as it is; `seen` is the check whose page was looked at, and `by` is
    None for a command. `send_at_once`: whoever agrees sends it.

    Raise Refused: "approval_not_needed", "check_again_first", "nothing_to_send", "checked_again_meanwhile",
    "not_startable_now", "shape_asks", "canary_out_of_range".
    """
    refuse_odd_shape(job, seen=shape_seen)
    with transaction.atomic():
        locked = locked_job(job)
        rows = _refuse_unless_askable(locked, seen)
        canary.rows_alone(locked, first_rows, rows)
        ImportJob.objects.move(job.pk, J.CHECKED, J.WAITING_APPROVAL, needs_approval=True, approved_digest="")
        asked = _asked(locked, by, rows)
        asked.note, asked.send_at_once, asked.first_rows = note.strip()[:500], send_at_once, first_rows
        asked.save()
        record("approval_asked", by=by, job=job, rows=rows, unsafe=asked.unsafe, digest=asked.digest)
        for user_id in _to_be_told(locked):
            tell_approver(user_id, job)
    job.refresh_from_db()
    return asked


@retried
def approve_job(job: ImportJob, *, by: Any, digest: str, stepped_up: str = "", note: str = "") -> Approved:
    """The second person's yes, to the plan with this digest; then it is sent, if that was asked for. `stepped_up` says
    how the person has just proved once more who it is; an unsafe import is not approved without.

    Raise Refused: "approval_over", "approval_changed", "step_up_needed", and as `refuse_unless_second`.
    """
    refuse_unless_second(job, by)
    with transaction.atomic():
        locked = locked_job(job)
        open_ = _open(locked)
        if not digest == open_.digest == locked.plan_digest:
            raise Refused("approval_changed")
        refuse_unless_second(locked, by)
        if open_.unsafe and not stepped_up:
            raise Refused("step_up_needed")
        good = {"expires_at": timezone.now() + GOOD_FOR, "stepped_up": stepped_up[:10]}
        _close(open_, S.APPROVED, by=by, reason=note, **good)
        ImportJob.objects.move(job.pk, J.WAITING_APPROVAL, J.APPROVED, approved_digest=digest)
        record("approval_given", by=by, job=job, rows=open_.rows, unsafe=open_.unsafe, digest=digest)
        why_not = _sent_at_once(locked, by) if open_.send_at_once else None
        started = open_.send_at_once and why_not is None
        tell_askers(open_, job, J.SENDING if started else J.APPROVED, code="approval_given", but=by)
    job.refresh_from_db()
    return Approved(job, started, why_not)


@retried
def refuse_job(job: ImportJob, *, by: Any, reason: str) -> Approval:
    """An approver's no, also after a yes nothing was sent by: the import goes back to whoever asked.

    Raise Refused: "reason_missing", "approval_over", "approver_needed".
    """
    if not reason.strip():
        raise Refused("reason_missing")
    _refuse_unless_approver(job, by)
    return _ended(job, S.REFUSED, "approval_refused", by=by, reason=reason.strip(), also_given=True)


@retried
def withdraw_approval(job: ImportJob, *, by: Any) -> Approval:
    """Whoever imports takes the question back. Raise Refused("approval_over")."""
    return _ended(job, S.WITHDRAWN, "approval_withdrawn", by=by)


def expire_approvals() -> int:
    """What was asked for or given a day ago and not sent goes back to whoever asked. Returns how many."""
    overdue = Approval.objects.overdue(timezone.now()).order_by("pk").values_list("pk", flat=True)
    return sum(_expire(pk) for pk in list(overdue))


def refuse_unless_second(job: ImportJob, by: Any) -> None:
    """Raise Refused when this person may not be the second one: "needs_a_person", "approver_needed" (no such role, or
    another team's import), "approval_of_own", "approval_by_editor"."""
    _refuse_unless_approver(job, by)
    asker = Approval.objects.unused().filter(job=job, asker_id=by.pk)
    if by.pk == job.created_by_id or asker.exists():
        raise Refused("approval_of_own")
    if HistoryEvent.objects.filter(job_id=job.pk, verb__in=EDITS, actor_id=by.pk).exists():
        raise Refused("approval_by_editor")


def approvers_of(job: ImportJob) -> QuerySet[Any]:
    """Who may be the second one for this import: approvers and admins who see it and had no hand in it."""
    asked = Approval.objects.unused().filter(job=job).exclude(asker_id=None).values("asker_id")
    edited = HistoryEvent.objects.filter(job_id=job.pk, verb__in=EDITS).exclude(actor_id=None).values("actor_id")
    people = get_user_model().objects.filter(Q(is_superuser=True) | Q(groups__name__in=[APPROVER, ADMIN]))
    people = people.filter(Q(is_superuser=True) | Q(person__every_team=True) | Q(person__team=job.team_id))
    others = people.filter(is_active=True).exclude(pk__in=asked).exclude(pk__in=edited)
    return others.exclude(pk=job.created_by_id or 0).distinct().order_by("first_name", "username")


def answerable_by(user: Any) -> QuerySet[Approval]:
    """What waits for an answer this person may give, as far as their role allows; the oldest first."""
    hand = HistoryEvent.objects.filter(job_id=OuterRef("job_id"), verb__in=EDITS, actor_id=user.pk)
    open_ = Approval.objects.standing(timezone.now()).visible_to(user).exclude(Exists(hand))
    return open_.exclude(asker_id=user.pk).exclude(author_id=user.pk).order_by("asked_at")


def editors_of(job: ImportJob) -> list[str]:
    """Names of those who had a hand in what would be sent, in the order in which they first had."""
    names = HistoryEvent.objects.of_job(job.pk).filter(verb__in=EDITS).exclude(actor_name="")
    return list(dict.fromkeys(names.values_list("actor_name", flat=True)))


def _to_be_told(job: ImportJob) -> list[int]:
    """Those whose task it is; the admins where there is nobody else."""
    people = approvers_of(job)
    return list(people.filter(groups__name=APPROVER).values_list("pk", flat=True)) or [one.pk for one in people]


def _refuse_unless_askable(job: ImportJob, seen: int | None) -> int:
    """How many profiles would go."""
    if job.state != J.CHECKED:
        raise Refused("not_startable_now")
    if seen is not None and job.check_version != seen:
        raise Refused("checked_again_meanwhile")
    if not (rows := rows_to_send(job)):
        raise Refused("nothing_to_send")
    if not needs_second(job):
        raise Refused("approval_not_needed")
    if not job.plan_digest:
        raise Refused("check_again_first")
    return rows


def _asked(job: ImportJob, by: Any, rows: int) -> Approval:
    now = timezone.now()
    return Approval(
        job=job,
        digest=job.plan_digest,
        check_version=job.check_version,
        rows=rows,
        unsafe=bool(job.unsafe_reasons),
        author_id=job.created_by_id,
        asker_id=getattr(by, "pk", None),
        asker_name=name_of(by),
        asked_at=now,
        expires_at=now + GOOD_FOR,
    )


def _sent_at_once(job: ImportJob, by: Any) -> Refused | None:
    """Why it could not be sent; it stays approved then. Whoever approves has seen how the file differs."""
    try:
        with transaction.atomic():
            start_job(job, by=by, shape_seen=True)
    except Refused as refused:
        return refused
    return None


def _refuse_unless_approver(job: ImportJob, by: Any) -> None:
    """By what the database says now: a role that was taken away counts at once."""
    if by is None or by.pk is None:
        raise Refused("needs_a_person")
    known = get_user_model().objects.filter(pk=by.pk).first()
    roles, reach = standing_of(known) if known is not None else (frozenset[str](), None)
    may = known is not None and known.is_active and (known.is_superuser or roles & {APPROVER, ADMIN})
    if not may or reach is None or not reach.covers(job.team_id):
        raise Refused("approver_needed")


def _open(job: ImportJob, *, also_given: bool = False) -> Approval:
    """The approval that is asked for now. Raise Refused("approval_over")."""
    now = timezone.now()
    found = Approval.objects.standing(now).filter(job=job).first()
    if found is None and also_given:
        found = Approval.objects.given(now).filter(job=job).first()
    if found is None or job.state not in WITH_SECOND:
        raise Refused("approval_over")
    return found


def _ended(
    job: ImportJob, to: ApprovalState, verb: str, *, by: Any, reason: str = "", also_given: bool = False
) -> Approval:
    with transaction.atomic():
        locked = locked_job(job)
        open_ = _open(locked, also_given=also_given)
        _close(open_, to, by=by, reason=reason)
        ImportJob.objects.move(job.pk, J(locked.state), J.CHECKED, approved_digest="")
        told = {"reason": reason[:500]} if reason else {}
        record(verb, by=by, job=job, rows=open_.rows, asker=open_.asker_name, **told)
        tell_askers(open_, job, J.CHECKED, code=verb, but=by)
    job.refresh_from_db()
    return open_


def _close(approval: Approval, to: ApprovalState, *, by: Any, reason: str = "", **more: Any) -> None:
    """Fenced by the state it was read in. Raise Refused("approval_over") when somebody else was quicker."""
    closed = {"closer_id": by.pk if by else None, "closer_name": name_of(by), "closed_at": timezone.now()}
    mine = Approval.objects.filter(pk=approval.pk, state=approval.state, used_at=None)
    if not mine.update(state=to, closing_reason=reason[:500], **closed, **more):
        raise Refused("approval_over")
    approval.refresh_from_db()


@retried
def _expire(pk: int) -> bool:
    with transaction.atomic():
        job = locked_job(Approval.objects.select_related("job").get(pk=pk).job)
        overdue = Approval.objects.overdue(timezone.now()).filter(pk=pk).first()
        if overdue is None:
            return False
        Approval.objects.filter(pk=pk, state=overdue.state, used_at=None).update(state=S.EXPIRED)
        if job.state in WITH_SECOND:
            ImportJob.objects.move(job.pk, J(job.state), J.CHECKED, approved_digest="")
        record("approval_expired", job=job, rows=overdue.rows, asker=overdue.asker_name)
        tell_askers(overdue, job, J.CHECKED, code="approval_expired")
    return True
