"""Whether an import may be sent without a second person, what that person has agreed to, and when that is void.

Whoever decides locks the account first and then the import, so that a policy, a plan and an approval are read as they
stand at one moment.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from imports.actions.errors import Refused
from imports.actions.notices import tell_askers
from imports.actions.plandigest import account_of
from imports.approvals import asks_second, bound_to
from imports.history import name_of, record
from imports.models import Approval, Batch, Connection, ImportJob
from imports.states import PLANNED, WITH_SECOND, ApprovalState, JobState

J, S = JobState, ApprovalState


@dataclass(frozen=True, slots=True)
class Permit:
    """What a job may be sent by: the approval where the account's policy asks for one, else None."""

    approval: Approval | None = None

    @property
    def first_rows(self) -> int:
        """How many rows go alone at least, because that was agreed to."""
        return self.approval.first_rows if self.approval else 0


def needs_second(job: ImportJob) -> bool:
    """Whether, by the account's policy as it is now, this job is sent only after a second person has looked."""
    policy = Connection.objects.filter(pk=job.connection_id or 0).values_list("approval", flat=True).first()
    return _asks(job, policy or "never")


def locked_job(job: ImportJob) -> ImportJob:
    """In a transaction: the job as it is, its account locked before it."""
    if job.connection_id:
        account = Connection.objects.select_for_update(no_key=True).defer("catalogue").get(pk=job.connection_id)
    locked = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
    if job.connection_id and locked.connection_id == job.connection_id:
        locked.connection = account
    return locked


def permit_to_send(job: ImportJob) -> Permit:
    """In the transaction of a "Send": use up the approval that stands for exactly what would be sent.

    Raise Refused: "approval_needed", "approval_open", "approval_over", "not_startable_now".
    """
    now_job = locked_job(job)
    if now_job.state not in PLANNED:
        raise Refused("not_startable_now")
    needed = needs_second(now_job)
    ImportJob.objects.filter(pk=job.pk).update(needs_approval=needed)
    if now_job.state == J.WAITING_APPROVAL or (now_job.state == J.CHECKED and needed):
        raise Refused("approval_open" if now_job.state == J.WAITING_APPROVAL else "approval_needed")
    if not needed:
        return Permit()
    given = Approval.objects.given(timezone.now()).filter(job=job, digest=now_job.plan_digest).first()
    if given is None or now_job.approved_digest != now_job.plan_digest:
        raise Refused("approval_over")
    used = Approval.objects.filter(pk=given.pk, state=S.APPROVED, used_at=None)
    used.update(used_at=timezone.now())
    return Permit(given)


def void_approval(job: ImportJob, *, by: Any, why: str) -> None:
    """In the transaction that changes what would be sent, after its UPDATE of the job: what was asked or agreed before
    counts no more. `why`: "edited", "cancelled", "restored", "account", "policy"."""
    for one in Approval.objects.unused().filter(job=job):
        closed = {} if one.closer_id else _closed(by)
        if Approval.objects.filter(pk=one.pk, state=one.state, used_at=None).update(state=S.VOID, **closed):
            told: dict[str, Any] = {"rows": one.rows, "why": why, "asker": one.asker_name, "approver": one.closer_name}
            record("approval_void", by=by, job=job, **told)
            tell_askers(one, job, JobState.CHECKED, code="approval_void", but=by)
    ImportJob.objects.filter(pk=job.pk).exclude(approved_digest="").update(approved_digest="")


def standing_approval(job: ImportJob) -> Approval | None:
    """The approval that is asked for or given now, and was not used or overtaken by time."""
    if job.state not in WITH_SECOND:
        return None
    return Approval.objects.unused().filter(job=job, expires_at__gt=timezone.now()).order_by("-pk").first()


def account_changed(connection: Connection, *, by: Any, another: bool) -> None:
    """In the transaction of the change: jobs that wait to be sent by this account are judged by its policy as it is
    now, and with `another` address or token nothing that was agreed before counts."""
    for job in ImportJob.objects.filter(connection=connection, state__in=PLANNED).order_by("pk"):
        locked = ImportJob.objects.select_for_update(no_key=True).get(pk=job.pk)
        if locked.state in PLANNED:
            _judge_again(locked, connection, by=by, another=another)


def _judge_again(job: ImportJob, connection: Connection, *, by: Any, another: bool) -> None:
    needed = _asks(job, connection.approval)
    changes: dict[str, Any] = {"needs_approval": needed}
    if another and job.plan_digest:
        changes |= {"plan_digest": bound_to(job.plan_digest, account_of(connection)), "approved_digest": ""}
    ImportJob.objects.filter(pk=job.pk).update(**changes)
    if job.state in WITH_SECOND and (another or not needed):
        ImportJob.objects.move(job.pk, J(job.state), J.CHECKED, approved_digest="")
        void_approval(job, by=by, why="account" if another else "policy")


def rows_to_send(job: ImportJob) -> int:
    """How many profiles the frozen batches of a planned job hold."""
    return Batch.objects.filter(job=job).aggregate(rows=Sum("rows"))["rows"] or 0


def _asks(job: ImportJob, policy: str) -> bool:
    if policy == "never":
        return False
    return asks_second(policy, rows=rows_to_send(job), unsafe=bool(job.unsafe_reasons))


def _closed(by: Any) -> dict[str, Any]:
    return {"closer_id": getattr(by, "pk", None), "closer_name": name_of(by), "closed_at": timezone.now()}
