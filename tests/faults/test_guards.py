"""Each guard alone: everything is as it should be but for one fact, and that one is enough. See mutants.py."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from imports import actions
from imports.actions.answers import keep_answer
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.actions.sweep import free_batch
from imports.actions.verdicts import Past, verdict
from imports.altcraft import Answer, AnswerClass
from imports.models import Attempt, Batch, Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import AttemptState, BatchState, JobState
from tests.factories import fresh
from tests.faults.trials import S_AND_X, begun, begun_on, people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("guarded_states")]

NOWHERE = "http://127.0.0.1:9"
ROWS = tuple((0, "", f"{place:024x}") for place in range(4))
ACCEPTED = Answer(kind=AnswerClass.ANSWERED, http_status=200, error=0, rows=ROWS)


def claimed(by: Any, *, safe: bool = False, **limits: Any) -> Claim:
    claim = claim_batch(begun(by, NOWHERE, safe=safe, **limits).connection_id)
    assert isinstance(claim, Claim)
    return claim


def batch_of(claim: Claim) -> Batch:
    return Batch.objects.get(pk=claim.batch.pk)


def attempt_of(claim: Claim) -> Attempt:
    return Attempt.objects.get(pk=claim.attempt.pk)


# --- the mark ---

Change = Callable[[Claim], object]
BREAKS: dict[str, Change] = {
    "marked already": lambda claim: change(claim.attempt, state=AttemptState.ON_WIRE),
    "abandoned": lambda claim: change(claim.attempt, state=AttemptState.ABANDONED),
    "lease over": lambda claim: change(claim.attempt, lease_until=timezone.now()),
    "lease too short for a call": lambda claim: change(
        claim.attempt, lease_until=timezone.now() + timedelta(seconds=60)
    ),
    "another attempt": lambda claim: change(claim.batch, attempt=None),
    "another lease": lambda claim: change(claim.batch, lease_token=uuid.uuid4()),
    "batch not sending": lambda claim: change(claim.batch, state=BatchState.HELD),
    "job not sending": lambda claim: change(claim.job, state=JobState.PAUSED),
    "account switched off": lambda claim: change(claim.job.connection, disabled_at=timezone.now()),
    "all sending stopped": lambda claim: actions.stop_sending(by=claim.job.created_by, reason="to see it hold"),
}


def change(row: Any, **values: Any) -> None:
    """Behind everybody's back, as if somebody else had done it."""
    manager = type(row).objects
    if "state" in values:
        manager = manager.exclude(state="")
    manager.filter(pk=row.pk).update(**values)


def test_with_nothing_broken_the_mark_is_given_and_kept(anna: Any) -> None:
    claim = claimed(anna)

    assert mark_on_wire(claim, body_sha256="abc")
    attempt = attempt_of(claim)
    assert (attempt.state, attempt.possibly_applied, attempt.body_sha256) == (AttemptState.ON_WIRE, True, "abc")
    assert attempt.on_wire_at is not None


@pytest.mark.parametrize("broken", BREAKS.values(), ids=list(BREAKS))
def test_with_one_fact_broken_the_mark_is_not_given(anna: Any, broken: Change) -> None:
    claim = claimed(anna)

    broken(claim)

    assert not mark_on_wire(claim, body_sha256="")


# --- the claim ---


@pytest.mark.parametrize(
    "broken",
    [
        lambda job: change(job, state=JobState.PAUSED),
        lambda job: change(job.connection, disabled_at=timezone.now()),
        lambda job: change(job.connection, blocked_until=timezone.now() + timedelta(hours=1)),
        lambda job: change(job.batches.get(), next_try_at=timezone.now() + timedelta(hours=1)),
        lambda job: change(job.batches.get(), state=BatchState.HELD),
        lambda job: actions.stop_sending(by=job.created_by, reason="to see it hold"),
    ],
    ids=["job paused", "account off", "account resting", "its time has not come", "batch held", "all stopped"],
)
def test_what_may_not_go_now_is_not_claimed(anna: Any, broken: Callable[[ImportJob], object]) -> None:
    job = begun(anna, NOWHERE)

    broken(job)

    assert isinstance(claim_batch(job.connection_id), actions.Later)


def test_a_batch_that_may_not_go_does_not_keep_the_next_one_back(anna: Any) -> None:
    job = begun(anna, NOWHERE, rows=4, profiles_per_request=2)
    change(job.batches.get(number=1), state=BatchState.HELD)

    claim = claim_batch(job.connection_id)

    assert isinstance(claim, Claim)
    assert claim.batch.number == 2


def test_no_more_is_claimed_than_may_run_at_once(anna: Any) -> None:
    job = begun(anna, NOWHERE, rows=6, profiles_per_request=1, parallel=3)

    found = [isinstance(claim_batch(job.connection_id), Claim) for _ in range(5)]

    assert found == [True, True, True, False, False]


def test_unrepeatable_batches_go_one_at_a_time(anna: Any) -> None:
    claim = claimed(anna, rows=6, profiles_per_request=1, parallel=3)

    assert claim.batch.number == 1
    assert isinstance(claim_batch(claim.job.connection_id), actions.Later)


def test_an_open_breaker_lets_a_repeatable_batch_try_and_no_other(anna: Any) -> None:
    unsafe = begun(anna, NOWHERE, safe=False)
    Connection.objects.update(opened_at=timezone.now(), failures_in_row=5)
    assert not isinstance(claim_batch(unsafe.connection_id), Claim)

    Connection.objects.update(blocked_until=None)
    safe = begun_on(anna, unsafe.connection, people(2, start=50), safe=True)
    claim = claim_batch(unsafe.connection_id)
    assert isinstance(claim, Claim)
    assert claim.job.pk == safe.pk


# --- the answer ---


@pytest.mark.parametrize(
    "broken",
    [
        lambda claim: change(claim.batch, lease_token=uuid.uuid4()),
        lambda claim: change(claim.batch, attempt=None),
        lambda claim: change(claim.batch, state=BatchState.READY),
    ],
    ids=["another lease", "another attempt", "batch not sending"],
)
def test_an_answer_of_somebody_else_s_attempt_does_not_move_the_batch(anna: Any, broken: Change) -> None:
    claim = claimed(anna)
    assert mark_on_wire(claim, body_sha256="")
    broken(claim)
    before = batch_of(claim).state

    keep_answer(claim, ACCEPTED)

    assert batch_of(claim).state == before
    assert attempt_of(claim).state == AttemptState.ENDED


@pytest.mark.parametrize("kind", [AnswerClass.REFUSED_REQUEST, AnswerClass.REFUSED_SIZE])
@pytest.mark.parametrize(**S_AND_X)
def test_a_refusal_rejects_only_what_no_earlier_try_may_have_brought(kind: AnswerClass, safe: bool) -> None:
    first, later = (verdict(Answer(kind=kind), repeatable=safe, past=Past(lost=lost)) for lost in (False, True))

    assert (first.state, later.state) == (BatchState.REFUSED, BatchState.UNKNOWN)


def test_an_answer_counts_once(anna: Any) -> None:
    claim = claimed(anna)
    assert mark_on_wire(claim, body_sha256="")
    keep_answer(claim, ACCEPTED)

    keep_answer(claim, Answer(kind=AnswerClass.NO_ANSWER, reason="connection_lost"))

    assert attempt_of(claim).kind == AnswerClass.ANSWERED
    assert totals(fresh(claim.job)).accepted == 4


@pytest.mark.parametrize(("kind", "applied"), [("answered", True), ("no_answer", True), ("refused_rate", False)])
def test_an_ended_attempt_says_whether_it_may_have_been_applied(anna: Any, kind: str, applied: bool) -> None:
    claim = claimed(anna)
    assert mark_on_wire(claim, body_sha256="")

    keep_answer(claim, Answer(kind=AnswerClass(kind), rows=ROWS if kind == "answered" else None))

    assert attempt_of(claim).possibly_applied is applied


def test_the_database_refuses_a_second_possibly_applied_attempt_without_a_decision(anna: Any) -> None:
    claim = claimed(anna)
    assert mark_on_wire(claim, body_sha256="")
    twin = {"batch": claim.batch, "unsafe": True, "request_id": uuid.uuid4(), "lease_token": uuid.uuid4()}

    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(number=2, prepared_at=timezone.now(), possibly_applied=True, **twin)
    Attempt.objects.create(number=2, prepared_at=timezone.now(), possibly_applied=True, decision_number=1, **twin)


# --- the death ---


@pytest.mark.parametrize(**S_AND_X)
@pytest.mark.parametrize("marked", [False, True], ids=["before the mark", "after it"])
def test_a_dead_worker_s_batch_goes_where_its_mark_says(anna: Any, safe: bool, marked: bool) -> None:
    claim = claimed(anna, safe=safe)
    if marked:
        assert mark_on_wire(claim, body_sha256="")

    free_batch(batch_of(claim))

    unknown = marked and not safe
    assert batch_of(claim).state == (BatchState.UNKNOWN if unknown else BatchState.READY)
    assert attempt_of(claim).state == (AttemptState.ENDED if marked else AttemptState.ABANDONED)
    assert attempt_of(claim).possibly_applied is marked


def test_a_batch_that_another_worker_has_meanwhile_is_not_freed(anna: Any) -> None:
    claim = claimed(anna)
    seen = batch_of(claim)
    change(claim.batch, lease_token=uuid.uuid4())

    free_batch(seen)

    assert batch_of(claim).state == BatchState.SENDING
    assert attempt_of(claim).state == AttemptState.PREPARED


def test_a_batch_that_kills_three_workers_is_held(anna: Any) -> None:
    job = begun(anna, NOWHERE, safe=False)
    states = []
    for _ in range(3):
        claim = claim_batch(job.connection_id)
        assert isinstance(claim, Claim)
        free_batch(batch_of(claim))
        states.append(batch_of(claim).state)

    assert states == [BatchState.READY, BatchState.READY, BatchState.HELD]


# --- settling ---


@pytest.mark.parametrize(
    ("state", "settled"),
    [
        (BatchState.READY, None),
        (BatchState.SENDING, None),
        (BatchState.HELD, JobState.NEEDS_DECISION),
        (BatchState.UNKNOWN, JobState.NEEDS_DECISION),
        (BatchState.CANCELLED, JobState.DONE),
    ],
)
def test_a_job_is_settled_by_what_its_batches_wait_for(anna: Any, state: str, settled: str | None) -> None:
    job = begun(anna, NOWHERE)
    change(job.batches.get(), state=state)

    assert actions.settle_job(job.pk) == settled


def test_a_job_whose_sum_does_not_close_is_not_called_finished(anna: Any) -> None:
    job = begun(anna, NOWHERE)
    change(job.batches.get(), state=BatchState.CANCELLED, rows=3)

    assert actions.settle_job(job.pk) is None
    assert fresh(job).state == JobState.SENDING
    assert HistoryEvent.objects.get(job_id=job.pk, verb="sum_does_not_close").details["rows"] == 4
