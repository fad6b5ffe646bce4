"""What a dead worker held comes back, by what is known about it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from imports import actions
from imports.actions import sweep
from imports.actions.answers import keep_answer
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.altcraft import Answer, AnswerClass
from imports.models import Attempt, Batch, ImportJob, SweepRun
from imports.results import totals
from imports.states import AttemptState, BatchState, JobState
from tests.factories import fresh, make_uploaded_job
from tests.faulty_server import FaultyServer
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]


def claimed(job: ImportJob) -> Claim:
    claim = claim_batch(job.connection_id)
    assert isinstance(claim, Claim)
    return claim


def let_the_lease_run_out(batch: Batch) -> None:
    Batch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.parametrize("skip_triggers", [True, False])
def test_a_worker_that_died_before_the_wire_sent_nothing(anna: Any, platform: Platform, skip_triggers: bool) -> None:
    server = platform(takes_all)
    job = sending(anna, account(server.url), skip_triggers=skip_triggers)
    let_the_lease_run_out(claimed(job).batch)

    actions.reconcile()

    assert job.batches.get().state == BatchState.READY
    assert Attempt.objects.get().state == AttemptState.ABANDONED
    assert drained(job).state == JobState.DONE
    assert len(server.requests) == 1


@pytest.mark.parametrize(("skip_triggers", "state"), [(True, BatchState.READY), (False, BatchState.UNKNOWN)])
def test_a_worker_that_died_on_the_wire_leaves_what_repeating_would_do(
    anna: Any, platform: Platform, skip_triggers: bool, state: str
) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=skip_triggers)
    claim = claimed(job)
    assert mark_on_wire(claim, body_sha256="")
    let_the_lease_run_out(claim.batch)

    actions.reconcile()

    assert job.batches.get().state == state


def test_a_late_answer_resolves_the_batch_that_was_parked_meanwhile(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=False)
    claim = claimed(job)
    mark_on_wire(claim, body_sha256="")
    let_the_lease_run_out(claim.batch)
    actions.reconcile()
    rows = tuple((0, "", f"{n:024x}") for n in range(3))

    keep_answer(claim, Answer(kind=AnswerClass.ANSWERED, http_status=200, error=0, rows=rows))
    actions.settle_job(job.pk)

    assert totals(fresh(job)).accepted == 3
    assert fresh(job).state == JobState.DONE


def test_a_late_answer_of_an_older_attempt_changes_nothing(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))
    old = claimed(job)
    mark_on_wire(old, body_sha256="")
    let_the_lease_run_out(old.batch)
    actions.reconcile()
    new = claimed(job)

    keep_answer(old, Answer(kind=AnswerClass.ANSWERED, http_status=200, error=0, rows=((0, "", "a"),) * 3))

    assert job.batches.get().state == BatchState.SENDING
    assert job.batches.get().attempt_id == new.attempt.pk


def test_a_worker_whose_lease_was_taken_cannot_pass_the_mark(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))
    slow = claimed(job)
    let_the_lease_run_out(slow.batch)
    actions.reconcile()

    assert not mark_on_wire(slow, body_sha256="")


def test_a_job_that_is_cancelled_lets_no_batch_onto_the_wire(anna: Any, platform: Platform) -> None:
    server = platform(takes_all)
    job = sending(anna, account(server.url))
    claim = claimed(job)

    actions.cancel_job(job, by=anna)

    assert not mark_on_wire(claim, body_sha256="")
    assert not server.requests


def test_a_batch_that_keeps_killing_its_worker_is_held(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))

    for _ in range(3):
        let_the_lease_run_out(claimed(job).batch)
        actions.reconcile()

    assert job.batches.get().state == BatchState.HELD
    assert fresh(job).state == JobState.NEEDS_DECISION


def test_the_sweep_rings_for_what_should_move(anna: Any, platform: Platform) -> None:
    waiting = make_uploaded_job(anna)
    job = sending(anna, account(platform(takes_all).url))

    bells = actions.reconcile()

    assert actions.Bell("read", waiting.pk) in bells
    assert actions.Bell("send", job.pk) in bells


def test_one_batch_is_claimed_once(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))

    assert isinstance(claim_batch(job.connection_id), Claim)
    assert isinstance(claim_batch(job.connection_id), actions.Later)


def test_parallel_requests_stay_within_the_connection_limit(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url, profiles_per_request=1, parallel=2), rows=5)

    found = [claim_batch(job.connection_id) for _ in range(4)]

    assert [isinstance(one, Claim) for one in found] == [True, True, False, False]


def test_the_sweep_leaves_word_of_its_last_run(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))
    let_the_lease_run_out(claimed(job).batch)

    bells = actions.reconcile()

    run = SweepRun.objects.get()
    assert run.started_at is not None
    assert run.ended_at is not None
    assert (run.freed, run.bells) == (1, len(bells))


def test_of_all_workers_one_sweeps_when_it_is_due(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url))

    assert actions.reconcile_if_due() == [actions.Bell("send", job.pk)]
    assert actions.reconcile_if_due() == []
    SweepRun.objects.update(started_at=timezone.now() - timedelta(seconds=16))
    assert actions.reconcile_if_due() == [actions.Bell("send", job.pk)]


def test_one_job_the_sweep_cannot_help_does_not_keep_the_others_waiting(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (sending(anna, account(platform(takes_all).url, name=name)) for name in ("One", "Two"))
    whole = sweep.settle_job
    monkeypatch.setattr(sweep, "settle_job", lambda pk, **how: 1 / 0 if pk == first.pk else whole(pk, **how))

    assert actions.reconcile() == [actions.Bell("send", second.pk)]


def test_a_worker_wrongly_given_up_before_the_wire_can_no_longer_get_there(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=False)
    slow = claimed(job)
    sweep.free_batch(Batch.objects.select_related("job__connection", "attempt").get())

    assert not mark_on_wire(slow, body_sha256="")
    assert job.batches.get().state == BatchState.READY


def test_a_worker_given_up_a_moment_after_it_went_out_is_taken_at_its_word(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url), skip_triggers=False)
    slow = claimed(job)
    before = Batch.objects.select_related("job__connection", "attempt").get()
    assert mark_on_wire(slow, body_sha256="")

    sweep.free_batch(before)

    assert job.batches.get().state == BatchState.UNKNOWN


@pytest.mark.postgres
def test_a_job_that_another_transaction_holds_keeps_no_sweep_waiting(
    anna: Any, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    held = sending(anna, account(platform(takes_all).url))
    free = sending(anna, account(platform(takes_all).url, name="Another"))
    Batch.objects.update(state=BatchState.CANCELLED)
    holding, enough = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            ImportJob.objects.select_for_update().get(pk=held.pk)
            holding.set()
            enough.wait(60)
        connection.close()

    with ThreadPoolExecutor(1) as beside:
        beside.submit(hold)
        assert holding.wait(60)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")  # a sweep that waits does so in vain, and says so
            actions.reconcile()
        states = fresh(held).state, fresh(free).state
        enough.set()

    assert states == (JobState.SENDING, JobState.DONE)
    assert "could not settle" not in caplog.text
    actions.reconcile()
    assert fresh(held).state == JobState.DONE
