"""A second pair of eyes before sending: nothing goes out by a policy that asks, unless another person has agreed to
exactly that."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from imports import actions
from imports.models import Approval, HistoryEvent, ImportJob, Notice, Team
from imports.states import ApprovalState, JobState
from tests.factories import CSV, fresh, make_checked_job, make_connection

pytestmark = pytest.mark.django_db
J, S = JobState, ApprovalState


@pytest.fixture
def account(sandbox: Any, db: None) -> Any:
    return make_connection(sandbox, approval="always")


@pytest.fixture
def job(anna: Any, account: Any) -> ImportJob:
    return make_checked_job(anna, account)


@pytest.fixture
def asked(anna: Any, job: ImportJob) -> Approval:
    return actions.ask_approval(job, by=anna, send_at_once=False)


def refused(code: str) -> Any:
    return pytest.raises(actions.Refused, match=f"^{code}$")


def agree(job: ImportJob, by: Any, **more: Any) -> Any:
    return actions.approve_job(job, by=by, digest=fresh(job).plan_digest, **more)


def verbs(job: ImportJob) -> list[str]:
    return list(HistoryEvent.objects.of_job(job.pk).values_list("verb", flat=True))


# --- what asks ---


@pytest.mark.parametrize(
    ("policy", "safe", "unsafe"),
    [
        ("never", False, False),
        ("unsafe", False, True),
        ("above:2", False, True),
        ("above:1", True, True),
        ("always", True, True),
    ],
)
def test_the_account_says_which_imports_need_a_second_person(
    policy: str, safe: bool, unsafe: bool, anna: Any, sandbox: Any
) -> None:
    account = make_connection(sandbox, approval=policy)

    for asks, choices in ((safe, {}), (unsafe, {"skip_triggers": False})):
        job = make_checked_job(anna, account, CSV, **choices)
        assert (actions.needs_second(job), job.needs_approval) == (asks, asks)


def test_what_needs_nobody_is_sent_as_before(anna: Any, sandbox: Any) -> None:
    job = make_checked_job(anna, make_connection(sandbox, approval="above:2"))

    with refused("approval_not_needed"):
        actions.ask_approval(job, by=anna)

    assert actions.start_job(job, by=anna).state == J.SENDING


def test_what_needs_somebody_is_not_sent_without(anna: Any, job: ImportJob) -> None:
    with refused("approval_needed"):
        actions.start_job(job, by=anna)

    assert fresh(job).state == J.CHECKED


# --- asking ---


def test_asking_waits_for_a_day_and_tells_the_approvers(anna: Any, clara: Any, boris: Any, job: ImportJob) -> None:
    asked = actions.ask_approval(job, by=anna, note="The October list.")

    assert fresh(job).state == J.WAITING_APPROVAL
    assert asked.digest == job.plan_digest and asked.rows == 2
    assert asked.expires_at - asked.asked_at == timedelta(hours=24)
    assert list(Notice.objects.values_list("user__username", "code", "mail")) == [("clara", "approval", "due")]
    assert list(actions.approvers_of(fresh(job))) == [boris, clara]


def test_admins_are_told_where_there_is_no_approver(anna: Any, boris: Any, job: ImportJob) -> None:
    actions.ask_approval(job, by=anna)

    assert Notice.objects.get().user == boris


def test_a_page_of_an_older_check_asks_nothing(anna: Any, job: ImportJob) -> None:
    with refused("checked_again_meanwhile"):
        actions.ask_approval(job, by=anna, seen=job.check_version - 1)


def test_it_is_asked_once(anna: Any, job: ImportJob, asked: Approval) -> None:
    with refused("not_startable_now"):
        actions.ask_approval(job, by=anna)
    with refused("approval_open"):
        actions.start_job(job, by=anna)


def test_nothing_to_send_is_nothing_to_ask(anna: Any, account: Any) -> None:
    empty = make_checked_job(anna, account, "E-mail\nnobody\n")

    with refused("nothing_to_send"):
        actions.ask_approval(empty, by=anna)


def test_a_plan_checked_before_there_were_digests_is_checked_again_first(anna: Any, job: ImportJob) -> None:
    ImportJob.objects.filter(pk=job.pk).update(plan_digest="")

    with refused("check_again_first"):
        actions.ask_approval(job, by=anna)


# --- the second person ---


def test_another_person_agrees_and_it_may_be_sent(anna: Any, clara: Any, job: ImportJob, asked: Approval) -> None:
    done = agree(job, clara)

    assert (done.started, done.why_not, done.job.state) == (False, None, J.APPROVED)
    assert fresh(job).approved_digest == asked.digest

    actions.start_job(fresh(job), by=anna)

    asked.refresh_from_db()
    assert (fresh(job).state, asked.state, asked.closer_name) == (J.SENDING, S.APPROVED, "clara")
    assert asked.used_at is not None
    assert verbs(job)[-3:] == ["approval_asked", "approval_given", "sending_started"]


def test_it_is_sent_as_soon_as_it_is_approved_when_that_was_asked(anna: Any, clara: Any, job: ImportJob) -> None:
    actions.ask_approval(job, by=anna)

    done = agree(job, clara)

    assert done.started and fresh(job).state == J.SENDING
    assert actions.drain(job.pk).state == J.DONE


def test_what_was_agreed_about_the_first_rows_holds(anna: Any, clara: Any, job: ImportJob) -> None:
    actions.ask_approval(job, by=anna, first_rows=1)
    agree(job, clara)

    assert fresh(job).canary_rows == 1


def test_an_account_that_is_off_leaves_it_approved_and_says_why(
    anna: Any, boris: Any, clara: Any, job: ImportJob, account: Any
) -> None:
    actions.ask_approval(job, by=anna)
    actions.switch_off(account, by=boris)

    done = agree(job, clara)

    assert done.why_not and done.why_not.code == "connection_off"
    assert (done.started, fresh(job).state) == (False, J.APPROVED)
    actions.switch_on(account, by=boris)
    assert actions.start_job(fresh(job), by=anna).state == J.SENDING


def test_nobody_agrees_to_their_own(anna: Any, boris: Any, job: ImportJob) -> None:
    anna.groups.add(Group.objects.get_or_create(name="approver")[0])
    actions.ask_approval(job, by=boris)

    for person in (anna, boris):
        with refused("approval_of_own"):
            agree(job, person)
    assert not actions.approvers_of(job).exists()


def test_whoever_had_a_hand_in_it_does_not_agree(anna: Any, boris: Any, job: ImportJob) -> None:
    actions.correct_cells(job, {(2, 1): "Camilla"}, seen=job.check_version, by=boris)
    checked = actions.drain(job.pk)
    actions.ask_approval(checked, by=anna)

    with refused("approval_by_editor"):
        agree(job, boris)
    assert actions.editors_of(job) == ["anna", "boris"]


def test_the_database_refuses_two_of_one(anna: Any, asked: Approval) -> None:
    for column in ("asker_id", "author_id"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(state=S.APPROVED, closer_id=getattr(asked, column))


@pytest.mark.parametrize("change", ["role", "team", "account"])
def test_a_right_that_was_taken_away_counts_at_once(change: str, clara: Any, job: ImportJob, asked: Approval) -> None:
    if change == "role":
        clara.groups.clear()
    elif change == "team":
        clara.person.team = Team.objects.create(name="Another")
        clara.person.save()
    else:
        type(clara).objects.filter(pk=clara.pk).update(is_active=False)

    with refused("approver_needed"):
        agree(job, clara)


def test_a_machine_agrees_to_nothing(job: ImportJob, asked: Approval) -> None:
    with refused("needs_a_person"):
        agree(job, None)


def test_another_digest_than_the_one_that_was_looked_at_is_refused(clara: Any, job: ImportJob, asked: Approval) -> None:
    with refused("approval_changed"):
        actions.approve_job(job, by=clara, digest="0" * 64)


def test_an_unsafe_import_needs_to_know_once_more_who_it_is(anna: Any, clara: Any, account: Any) -> None:
    job = make_checked_job(anna, account, CSV, skip_triggers=False)
    asked = actions.ask_approval(job, by=anna)
    assert asked.unsafe

    with refused("step_up_needed"):
        agree(job, clara)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(state=S.APPROVED, closer_id=clara.pk)

    assert agree(job, clara, stepped_up="password").started


def test_what_a_command_asks_any_approver_may_answer(clara: Any, account: Any) -> None:
    job = make_checked_job(None, account)
    asked = actions.ask_approval(job, by=None)

    assert (asked.asker_id, asked.asker_name) == (None, "")
    assert agree(job, clara).started


# --- no ---


def test_a_no_goes_back_with_its_reason(anna: Any, clara: Any, job: ImportJob, asked: Approval) -> None:
    with refused("reason_missing"):
        actions.refuse_job(job, by=clara, reason=" ")

    actions.refuse_job(job, by=clara, reason="Phones are missing.")

    asked.refresh_from_db()
    assert (fresh(job).state, asked.state, asked.closing_reason) == (J.CHECKED, S.REFUSED, "Phones are missing.")
    assert Notice.objects.filter(user=anna, code="approval_refused").exists()
    with refused("approval_needed"):
        actions.start_job(fresh(job), by=anna)
    with refused("approval_over"):
        agree(job, clara)


def test_a_yes_can_be_taken_back_while_nothing_was_sent(clara: Any, job: ImportJob, asked: Approval) -> None:
    agree(job, clara)

    actions.refuse_job(job, by=clara, reason="Not today.")

    assert (fresh(job).state, fresh(job).approved_digest) == (J.CHECKED, "")


def test_only_an_approver_says_no(anna: Any, vera: Any, job: ImportJob, asked: Approval) -> None:
    for person in (anna, vera):
        with refused("approver_needed"):
            actions.refuse_job(job, by=person, reason="No.")


def test_the_question_is_taken_back_and_asked_anew(anna: Any, job: ImportJob, asked: Approval) -> None:
    actions.withdraw_approval(job, by=anna)

    asked.refresh_from_db()
    assert (fresh(job).state, asked.state) == (J.CHECKED, S.WITHDRAWN)
    assert actions.ask_approval(fresh(job), by=anna).pk != asked.pk


# --- time ---


@pytest.mark.parametrize("given", [False, True])
def test_after_a_day_it_is_over(given: bool, anna: Any, clara: Any, job: ImportJob, asked: Approval) -> None:
    if given:
        agree(job, clara)
    Approval.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with refused("approval_over" if given else "approval_open"):
        actions.start_job(fresh(job), by=anna)
    with refused("approval_over"):
        agree(job, clara)
    assert actions.expire_approvals() == 1
    assert actions.expire_approvals() == 0

    asked.refresh_from_db()
    assert (fresh(job).state, fresh(job).approved_digest, asked.state) == (J.CHECKED, "", S.EXPIRED)
    assert Notice.objects.filter(user=anna, code="approval_expired").exists()


def test_the_sweep_ends_what_is_too_old(job: ImportJob, asked: Approval) -> None:
    Approval.objects.update(expires_at=timezone.now())

    actions.reconcile()

    assert fresh(job).state == J.CHECKED


def test_a_yes_is_good_for_a_day_of_its_own(clara: Any, job: ImportJob, asked: Approval) -> None:
    Approval.objects.update(expires_at=timezone.now() + timedelta(minutes=1))

    agree(job, clara)

    assert Approval.objects.get().expires_at > timezone.now() + timedelta(hours=23)


# --- ends ---


def test_a_cancelled_import_needs_no_answer(anna: Any, clara: Any, job: ImportJob, asked: Approval) -> None:
    actions.cancel_job(job, by=anna)

    asked.refresh_from_db()
    assert (fresh(job).state, asked.state) == (J.CANCELLED, S.VOID)


def test_after_a_backup_nothing_stands(clara: Any, job: ImportJob, asked: Approval) -> None:
    agree(job, clara)

    actions.hold_after_restore()

    asked.refresh_from_db()
    assert (fresh(job).state, asked.state) == (J.READ, S.VOID)


def test_a_pause_needs_no_new_approval(anna: Any, clara: Any, job: ImportJob) -> None:
    actions.ask_approval(job, by=anna)
    started = agree(job, clara).job
    actions.pause_job(started, by=anna)

    assert actions.resume_job(fresh(job), by=anna).state == J.SENDING


def test_an_approval_is_never_deleted(asked: Approval) -> None:
    with pytest.raises(TypeError):
        asked.delete()
