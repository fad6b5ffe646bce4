"""The database itself refuses what our code must never do with approvals."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from imports import actions
from imports.guards import TABLES, guard_approvals, present
from imports.models import Approval, ImportJob
from imports.states import ApprovalState, JobState
from tests.factories import make_checked_job, make_connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(anna: Any, sandbox: Any) -> ImportJob:
    return make_checked_job(anna, make_connection(sandbox, approval="always"))


@pytest.fixture
def asked(anna: Any, job: ImportJob) -> Approval:
    return actions.ask_approval(job, by=anna, send_at_once=False)


def refused(found: Any, **changes: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        found.update(**changes)


def test_every_guard_is_in_place_and_put_back_when_it_is_gone() -> None:
    with connection.cursor() as cursor:
        assert present(cursor, connection.vendor) >= TABLES.keys()
        on = f" ON {TABLES['job_sent']}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER job_sent{on}")

        guard_approvals(connection)

        assert present(cursor, connection.vendor) >= TABLES.keys()


def test_a_job_is_not_called_approved_when_nobody_has(job: ImportJob, asked: Approval) -> None:
    refused(ImportJob.objects.filter(pk=job.pk), approved_digest=job.plan_digest)


def test_a_job_is_not_called_approved_for_another_digest(clara: Any, job: ImportJob, asked: Approval) -> None:
    actions.approve_job(job, by=clara, digest=asked.digest)

    refused(ImportJob.objects.filter(pk=job.pk), approved_digest="0" * 64)


def test_sending_does_not_begin_by_an_approval_that_is_gone(clara: Any, job: ImportJob, asked: Approval) -> None:
    actions.approve_job(job, by=clara, digest=asked.digest)
    Approval.objects.filter(pk=asked.pk).update(state=ApprovalState.VOID)

    refused(ImportJob.objects.filter(pk=job.pk), state=JobState.SENDING)


def test_a_sent_job_needs_the_digest_that_was_approved(job: ImportJob) -> None:
    refused(ImportJob.objects.filter(pk=job.pk), state=JobState.SENDING)


@pytest.mark.parametrize(
    "change", [{"digest": "1" * 64}, {"asker_id": 99}, {"author_id": None}, {"unsafe": True}, {"rows": 1}]
)
def test_what_was_asked_is_never_changed(change: dict[str, Any], asked: Approval) -> None:
    refused(Approval.objects.filter(pk=asked.pk), **change)


@pytest.mark.parametrize("over", [ApprovalState.REFUSED, ApprovalState.EXPIRED, ApprovalState.VOID])
def test_what_is_over_is_not_approved_any_more(over: ApprovalState, clara: Any, asked: Approval) -> None:
    mine = Approval.objects.filter(pk=asked.pk)
    mine.update(state=over)

    refused(mine, state=ApprovalState.APPROVED, closer_id=clara.pk, closed_at=timezone.now())
