"""Two people, two tabs, a double click: the same verb at the same moment makes one change and one clear refusal."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from imports import actions
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.actions.sending import send_claimed
from imports.models import Batch, Decision, HistoryEvent, ImportJob, Proposal, SendingStop
from imports.results import totals
from imports.states import BatchState, JobState
from tests.factories import fresh, make_checked_job
from tests.faulty_server import FaultyServer, drops
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
Work = Callable[[], object]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("impatient")]


def at_once(*works: Work) -> list[str]:
    """Do these in threads that begin together; each answers "done", or the code of its refusal."""
    ready, said = threading.Barrier(len(works)), [""] * len(works)

    def act(place: int, work: Work) -> None:
        try:
            ready.wait()
            work()
            said[place] = "done"
        except actions.Refused as refused:
            said[place] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def told(job: ImportJob, *verbs: str) -> int:
    return HistoryEvent.objects.of_job(job.pk).filter(verb__in=verbs).count()


@pytest.fixture
def server(platform: Platform) -> FaultyServer:
    return platform(drops)


@pytest.fixture
def job(anna: Any, server: FaultyServer) -> ImportJob:
    """One unknown batch of three people."""
    return drained(sending(anna, account(server.url), skip_triggers=False))


@pytest.fixture
def clara(db: None) -> User:
    """One more administrator."""
    return User.objects.create(username="clara")


def test_two_starts_are_one(anna: Any, boris: Any, server: FaultyServer) -> None:
    job = make_checked_job(anna, account(server.url), database_id=1)
    said = at_once(*(lambda by=by: actions.start_job(job, by=by) for by in (anna, boris, anna)))
    assert said == ["done", "not_startable_now", "not_startable_now"]
    assert told(job, "sending_started") == 1


def test_two_pauses_are_one(anna: Any, boris: Any, server: FaultyServer) -> None:
    job = sending(anna, account(server.url))
    assert at_once(*(lambda by=by: actions.pause_job(job, by=by) for by in (anna, boris))) == [
        "done",
        "not_pausable_now",
    ]
    assert told(job, "job_paused") == 1


def test_different_decisions_at_once_keep_one(anna: Any, boris: Any, job: ImportJob) -> None:
    batch = job.batches.get()
    said = at_once(
        lambda: actions.decide(batch, "arrived", by=anna),
        lambda: actions.decide(batch, "not_arrived", by=boris),
        lambda: actions.decide(batch, "repeat", by=anna),
    )
    assert said == ["decided_already", "decided_already", "done"]
    kept = Decision.objects.get()
    batch.refresh_from_db()
    assert batch.state == (BatchState.READY if kept.choice == "repeat" else BatchState.RESOLVED)
    assert told(job, "batch_decided") == 1
    assert totals(fresh(job)).closes


def test_two_proposals_are_one(anna: Any, boris: Any, job: ImportJob) -> None:
    about = actions.seen(job.batches.all())
    said = at_once(
        *(lambda by=by: actions.propose_again(job, about=about, by=by, reason="lost") for by in (anna, boris))
    )
    assert said == ["done", "proposed_already"]
    assert Proposal.objects.count() == 1


def test_two_confirmations_send_once(anna: Any, boris: Any, clara: User, job: ImportJob, server: FaultyServer) -> None:
    bundle = actions.propose_again(job, about=actions.seen(job.batches.all()), by=anna, reason="lost")

    said = at_once(*(lambda by=by: actions.confirm_again(job, bundle, by=by) for by in (boris, clara, boris)))

    assert said == ["done", "proposal_over", "proposal_over"]
    server.play(takes_all)
    assert totals(drained(job)).accepted == 3
    assert len(server.requests) == 2
    assert Decision.objects.count() == 1


def test_a_confirmation_and_another_decision_at_once_keep_one(
    anna: Any, boris: Any, job: ImportJob, server: FaultyServer
) -> None:
    batch = job.batches.get()
    bundle = actions.propose_again(job, about=actions.seen([batch]), by=anna, reason="lost")
    said = at_once(
        lambda: actions.confirm_again(job, bundle, by=boris), lambda: actions.decide(batch, "arrived", by=anna)
    )
    assert said in (["decided_already", "done"], ["done", "proposal_over"])
    assert Decision.objects.count() == 1


def test_a_confirmation_and_a_withdrawal_at_once_keep_one(anna: Any, boris: Any, job: ImportJob) -> None:
    bundle = actions.propose_again(job, about=actions.seen(job.batches.all()), by=anna, reason="lost")
    said = at_once(
        lambda: actions.confirm_again(job, bundle, by=boris), lambda: actions.withdraw_again(job, bundle, by=anna)
    )
    assert said == ["done", "proposal_over"]


def test_a_late_answer_and_a_decision_at_once_keep_one(anna: Any, server: FaultyServer) -> None:
    job = sending(anna, account(server.url), skip_triggers=False)
    claim = claim_batch(job.connection_id or 0)
    assert isinstance(claim, Claim)
    arrived, go_on = threading.Event(), threading.Event()

    def waits() -> None:
        arrived.set()
        go_on.wait(120)

    server.play(lambda peer: takes_all(peer, meanwhile=waits))

    def answers() -> None:
        go_on.set()
        sender.join()

    def sends() -> None:
        send_claimed(claim)
        connection.close()

    sender = threading.Thread(target=sends)
    sender.start()
    assert arrived.wait(120)
    Batch.objects.filter(pk=claim.batch.pk).update(state=BatchState.UNKNOWN)  # as the sweep leaves it
    batch = Batch.objects.get(pk=claim.batch.pk)

    said = at_once(answers, lambda: actions.decide(batch, "close", by=anna))

    batch.refresh_from_db()
    if said == ["done", "done"]:
        assert (batch.state, Decision.objects.count()) == (BatchState.RESOLVED, 1)
    else:
        assert said == ["decided_already", "done"]
        assert (batch.state, Decision.objects.count()) == (BatchState.ANSWERED, 0)
    assert totals(fresh(job)).closes


def test_stopping_all_sending_twice_stops_it_once(anna: Any, boris: Any) -> None:
    said = at_once(*(lambda by=by: actions.stop_sending(by=by, reason="price") for by in (anna, boris)))
    assert said == ["done", "sending_stopped_already"]
    assert SendingStop.objects.count() == 1


def test_a_stop_and_a_mark_at_once_leave_nothing_marked_afterwards(anna: Any, boris: Any, server: FaultyServer) -> None:
    job = sending(anna, account(server.url, profiles_per_request=1, parallel=4), rows=4)
    claims = [claim_batch(job.connection_id or 0) for _ in range(4)]
    held = [claim for claim in claims if isinstance(claim, Claim)]
    assert len(held) == 4

    at_once(
        lambda: actions.stop_sending(by=boris, reason="price"),
        *(lambda claim=claim: mark_on_wire(claim, body_sha256="") for claim in held[:2]),
    )

    assert not any(mark_on_wire(claim, body_sha256="") for claim in held[2:])
    assert fresh(job).state == JobState.SENDING


def test_stopping_and_deciding_at_once_end_in_one_state(anna: Any, boris: Any, job: ImportJob) -> None:
    batch = job.batches.get()
    at_once(lambda: actions.cancel_job(job, by=boris), lambda: actions.decide(batch, "repeat", by=anna))
    job = fresh(job)
    batch.refresh_from_db()
    assert totals(job).closes
    if batch.state == BatchState.UNKNOWN:
        assert job.state == JobState.CANCELLING
    else:
        assert (batch.state, job.state) == (BatchState.RESOLVED, JobState.CANCELLED)
