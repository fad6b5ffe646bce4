"""What is agreed to: everything that decides what is sent changes the digest, and nothing else does."""

from collections.abc import Callable
from typing import Any

import pytest

from imports import actions
from imports.models import Approval, ImportJob
from imports.reading import ReadOptions
from imports.states import ApprovalState, JobState
from tests.factories import CSV, fresh, make_checked_job, make_connection, make_mapped_job

pytestmark = pytest.mark.django_db
J = JobState
TWICE = CSV + "kamila@example.com,Kamilla,+79000000003\n"


@pytest.fixture
def account(sandbox: Any, db: None) -> Any:
    return make_connection(sandbox, approval="always", profiles_per_request=2)


@pytest.fixture
def job(anna: Any, account: Any) -> ImportJob:
    return make_checked_job(anna, account, TWICE)


def correct(job: ImportJob, by: Any) -> None:
    actions.correct_cells(job, {(3, 1): "Darya"}, seen=job.check_version, by=by)


def keep_the_first(job: ImportJob, by: Any) -> None:
    actions.choose_duplicates(job, "first", seen=job.check_version, by=by)


def send_all(job: ImportJob, by: Any) -> None:
    actions.choose_duplicates(job, "all", seen=job.check_version, by=by)


def start_triggers(job: ImportJob, by: Any) -> None:
    _map(job, by, skip_triggers=False)


def another_token(job: ImportJob, by: Any) -> None:
    actions.change_connection(job.connection, by=by, token="another-token")


def another_address(job: ImportJob, by: Any) -> None:
    actions.change_connection(job.connection, by=by, base_url=job.connection.base_url.replace("127.0.0.1", "localhost"))


def read_otherwise(job: ImportJob, by: Any) -> None:
    plain = job.options.to_plain() if job.options else {}
    actions.choose_options(job, ReadOptions.from_plain(plain | {"encoding": "cp1251"}), by=by)
    actions.read_job(job.pk)
    _map(fresh(job), by)


def _map(job: ImportJob, by: Any, **choices: Any) -> None:
    from dataclasses import replace

    where = replace(job.destination, **choices) if job.destination else None
    assert where is not None and job.connection is not None
    actions.map_columns(job, connection=job.connection, destination=where, mapping=job.mapping, by=by)
    actions.begin_check(fresh(job), by=by)


CHANGES = [correct, keep_the_first, send_all, start_triggers, another_token, another_address, read_otherwise]


@pytest.mark.parametrize("given", [False, True], ids=["asked", "approved"])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_change_gives_another_digest_and_voids_what_was_said(
    change: Callable[[ImportJob, Any], None], given: bool, anna: Any, clara: Any, job: ImportJob, settings: Any
) -> None:
    settings.ALTCRAFT_ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    before = job.plan_digest
    actions.ask_approval(job, by=anna, send_at_once=False)
    if given:
        actions.approve_job(job, by=clara, digest=before)

    change(fresh(job), anna)
    now = actions.drain(job.pk)

    assert (now.state, now.approved_digest) == (J.CHECKED, "")
    assert len(before) == len(now.plan_digest) == 64 and now.plan_digest != before
    assert Approval.objects.get().state == ApprovalState.VOID
    with pytest.raises(actions.Refused, match="approval_needed"):
        actions.start_job(now, by=anna)


def test_the_same_checked_again_is_the_same(anna: Any, job: ImportJob) -> None:
    before = job.plan_digest

    _map(job, anna)

    assert actions.drain(job.pk).plan_digest == before


def test_another_import_of_the_same_is_another_one(anna: Any, account: Any, job: ImportJob) -> None:
    assert make_checked_job(anna, account, TWICE).plan_digest != job.plan_digest


def test_a_slice_of_before_the_hashes_is_read(anna: Any, job: ImportJob) -> None:
    before = job.plan_digest
    seen = job.check_version
    job.slices.update(prepared_sha256="")

    actions.plan_again(job, seen=seen, by=anna)

    assert actions.drain(job.pk).plan_digest == before


def test_limits_of_the_account_change_nothing(anna: Any, job: ImportJob, account: Any) -> None:
    asked = actions.ask_approval(job, by=anna)

    actions.change_connection(account, by=anna, parallel=5, deadline_seconds=60)

    assert (fresh(job).state, fresh(job).plan_digest) == (J.WAITING_APPROVAL, asked.digest)


# --- the policy, changed while an import waits ---


@pytest.mark.parametrize("given", [False, True])
def test_a_policy_that_asks_no_more_lets_it_go(
    given: bool, anna: Any, clara: Any, job: ImportJob, account: Any
) -> None:
    actions.ask_approval(job, by=anna, send_at_once=False)
    if given:
        actions.approve_job(job, by=clara, digest=job.plan_digest)

    actions.change_connection(account, by=None, approval="unsafe")

    assert (fresh(job).state, fresh(job).needs_approval) == (J.CHECKED, False)
    assert actions.start_job(fresh(job), by=anna).state == J.SENDING


def test_a_bar_that_was_raised_counts_at_once(anna: Any, sandbox: Any) -> None:
    account = make_connection(sandbox)
    job = make_checked_job(anna, account)

    actions.change_connection(account, by=None, approval="always")

    assert fresh(job).needs_approval
    with pytest.raises(actions.Refused, match="approval_needed"):
        actions.start_job(fresh(job), by=anna)


def test_a_follow_up_needs_its_own(anna: Any, clara: Any, sandbox: Any) -> None:
    account = make_connection(sandbox, approval="always")
    job = make_checked_job(anna, account)
    sandbox.desk.change({"fail_every": 2})
    actions.ask_approval(job, by=anna)
    actions.approve_job(job, by=clara, digest=job.plan_digest)
    done = actions.drain(job.pk)
    assert done.state == J.DONE

    from imports.results import RowFilter

    made = actions.drain(actions.follow_up(done, RowFilter("rejected"), by=anna).pk)

    assert (made.state, made.needs_approval) == (J.CHECKED, True)
    with pytest.raises(actions.Refused, match="approval_needed"):
        actions.start_job(made, by=anna)


def test_mapped_but_unchecked_there_is_no_digest(anna: Any, account: Any) -> None:
    assert make_mapped_job(anna, account).plan_digest == ""
