"""Pausing at every step of a batch: nothing new goes out, what runs ends by its answer, and the sum stays true."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from imports import actions
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.actions.sending import send_claimed
from imports.models import Attempt, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import AttemptState, BatchState, JobState
from tests.factories import fresh
from tests.faulty_server import FaultyServer, drops
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]


def claimed(job: ImportJob) -> Claim:
    claim = claim_batch(job.connection_id or 0)
    assert isinstance(claim, Claim)
    return claim


@pytest.fixture
def server(platform: Platform) -> FaultyServer:
    return platform(takes_all)


@pytest.fixture
def job(anna: Any, server: FaultyServer) -> ImportJob:
    """Three batches of two, triggers on: a double would be a second message."""
    return sending(anna, account(server.url, profiles_per_request=2, parallel=1), rows=6, skip_triggers=False)


def test_a_claimed_batch_that_was_not_marked_goes_back_unsent(anna: Any, job: ImportJob, server: FaultyServer) -> None:
    claim = claimed(job)

    actions.pause_job(job, by=anna)
    send_claimed(claim)

    assert server.requests == []
    assert job.batches.get(number=claim.batch.number).state == BatchState.READY
    assert not Attempt.objects.filter(possibly_applied=True).exists()
    assert totals(fresh(job)).pending == 6


def test_a_batch_on_the_wire_ends_by_its_answer(anna: Any, job: ImportJob, server: FaultyServer) -> None:
    server.play(partial(takes_all, meanwhile=lambda: actions.pause_job(job, by=anna)), takes_all)
    send_claimed(claimed(job))

    assert fresh(job).state == JobState.PAUSED
    assert totals(fresh(job)).accepted == 2
    assert isinstance(actions.send_next_batch(job.connection_id or 0), actions.Later)
    assert len(server.requests) == 1


def test_between_batches_nothing_more_is_claimed_until_it_goes_on(
    anna: Any, boris: Any, job: ImportJob, server: FaultyServer
) -> None:
    actions.send_next_batch(job.connection_id or 0)
    paused = actions.pause_job(job, by=anna)
    assert paused.hold == {"code": "paused", "params": {"who": "anna"}}
    assert drained(job).state == JobState.PAUSED
    assert len(server.requests) == 1

    actions.resume_job(job, by=boris)
    job = drained(job)

    assert (job.state, job.hold) == (JobState.DONE, None)
    assert totals(job).accepted == 6
    assert len(server.requests) == 3
    told = HistoryEvent.objects.of_job(job.pk).filter(verb__in=["job_paused", "job_resumed"])
    assert [(event.verb, event.actor_name) for event in told] == [("job_paused", "anna"), ("job_resumed", "boris")]


def test_a_mark_that_was_made_before_the_pause_stands(anna: Any, job: ImportJob) -> None:
    first = claimed(job)
    assert mark_on_wire(first, body_sha256="")

    actions.pause_job(job, by=anna)

    assert Attempt.objects.get(pk=first.attempt.pk).state == AttemptState.ON_WIRE
    assert not mark_on_wire(first, body_sha256="")


def test_a_paused_import_keeps_waiting_times_the_platform_asked_for(anna: Any, job: ImportJob) -> None:
    from django.utils import timezone

    later = timezone.now() + timezone.timedelta(minutes=5)
    type(job.connection).objects.filter(pk=job.connection_id).update(blocked_until=later)  # type: ignore[union-attr]
    actions.pause_job(job, by=anna)
    actions.resume_job(job, by=anna)
    assert fresh(job).connection.blocked_until == later  # type: ignore[union-attr]


def test_a_paused_import_can_be_stopped_and_its_sum_closes(anna: Any, job: ImportJob) -> None:
    actions.send_next_batch(job.connection_id or 0)
    actions.pause_job(job, by=anna)

    job = actions.cancel_job(job, by=anna)

    sums = totals(job)
    assert job.state == JobState.CANCELLED
    assert (sums.accepted, sums.not_sent, sums.closes) == (2, 4, True)


def test_a_paused_import_with_nothing_left_to_send_ends_by_itself(anna: Any, server: FaultyServer) -> None:
    job = sending(anna, account(server.url), skip_triggers=False)
    server.play(partial(takes_all, meanwhile=lambda: actions.pause_job(job, by=anna)))
    send_claimed(claimed(job))
    assert fresh(job).state == JobState.PAUSED

    actions.reconcile()

    assert fresh(job).state == JobState.DONE


def test_an_unknown_batch_of_a_paused_import_can_be_decided_and_waits_for_the_end_of_the_pause(
    anna: Any, job: ImportJob, server: FaultyServer
) -> None:
    server.play(drops, takes_all)
    actions.send_next_batch(job.connection_id or 0)
    actions.pause_job(job, by=anna)

    actions.decide(job.batches.get(state=BatchState.UNKNOWN), "repeat", by=anna)

    assert fresh(job).state == JobState.PAUSED
    assert job.batches.filter(state=BatchState.READY).count() == 3
    assert len(server.requests) == 1


def test_only_an_import_that_is_being_sent_can_be_paused(anna: Any, job: ImportJob) -> None:
    actions.pause_job(job, by=anna)
    with pytest.raises(actions.Refused, match="not_pausable_now"):
        actions.pause_job(job, by=anna)
    with pytest.raises(actions.Refused, match="not_pausable_now"):
        actions.pause_job(drained(actions.resume_job(job, by=anna)), by=anna)
