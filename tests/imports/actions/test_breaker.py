"""A silent platform is asked now and then, by a probe; an unsafe batch is never the probe."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from imports import actions
from imports.actions import breaker
from imports.actions.claims import Claim, Later, Probe, claim_batch
from imports.models import Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import JobState
from tests.factories import fresh
from tests.faults.clock import HandClock
from tests.faulty_server import FaultyServer, Peer, answers, drops, http_answer
from tests.platforms import account, drained, sending

Platform = Callable[..., FaultyServer]
pytestmark = [pytest.mark.django_db(transaction=True)]

LISTS = answers(200, {"error": 0, "error_text": "", "data": []})


class Outage:
    """A platform that drops every request until `clock` has moved on by so much."""

    def __init__(self, clock: HandClock, lasts: timedelta) -> None:
        self.clock, self.lasts, self.during = clock, lasts, 0

    def __call__(self, peer: Peer) -> None:
        request = peer.read_request()
        if self.clock.moved < self.lasts:
            self.during += 1
            return
        data = json.loads(request.body).get("data")
        if data is None:
            peer.send(http_answer(200, {"error": 0, "error_text": "", "data": []}))
            return
        rows = [{"error": 0, "error_text": "", "profile_id": f"{n:024x}"} for n in range(len(data))]
        peer.send(http_answer(200, {"error": 0, "error_text": "", "result": rows}))


def ended(job: ImportJob, clock: HandClock) -> ImportJob:
    actions.drain(job.pk, sleep=clock.sleep)
    return fresh(job)


@pytest.mark.parametrize(("minutes", "most"), [(5, 10), (29, 40)])
@pytest.mark.parametrize("rows_each", [3, 30], ids=["many batches", "one batch"])
def test_an_outage_costs_few_attempts_and_then_all_goes(
    anna: Any, platform: Platform, clock: HandClock, minutes: int, most: int, rows_each: int
) -> None:
    outage = Outage(clock, timedelta(minutes=minutes))
    job = sending(anna, account(platform(outage).url, profiles_per_request=rows_each), rows=30)

    job = ended(job, clock)

    assert outage.during <= most
    assert (job.state, totals(job).accepted) == (JobState.DONE, 30)


def test_an_unsafe_batch_is_never_the_probe(anna: Any, platform: Platform, clock: HandClock) -> None:
    outage = Outage(clock, timedelta(minutes=20))
    server = platform(outage)
    job = sending(anna, account(server.url, profiles_per_request=1), rows=12, skip_triggers=False)

    job = ended(job, clock)

    during = server.requests[: outage.during]
    batches = [request for request in during if b'"data":[' in request.body]
    assert len(batches) == breaker.FAILURES_TO_OPEN  # until it opened; then it was asked for lists
    assert all("databases/list" in request.line for request in during[breaker.FAILURES_TO_OPEN :])
    assert len(during) > breaker.FAILURES_TO_OPEN
    assert (totals(job).unknown, totals(job).accepted) == (5, 7)


def test_half_open_lets_one_probe_through(anna: Any, platform: Platform, clock: HandClock) -> None:
    connection = account(platform(drops).url, profiles_per_request=1, parallel=5)
    sending(anna, connection, rows=9)
    for _ in range(breaker.FAILURES_TO_OPEN):
        actions.send_next_batch(connection.pk)
        clock.sleep(0.01)

    kept_back = claim_batch(connection.pk)
    assert isinstance(kept_back, Later)
    assert kept_back.seconds == pytest.approx(60, abs=1)

    clock.sleep(60.1)
    first, second = claim_batch(connection.pk), claim_batch(connection.pk)
    assert isinstance(first, Claim)
    assert first.probe
    assert isinstance(second, Later)


def test_only_unsafe_batches_waiting_ask_for_a_list(anna: Any, platform: Platform) -> None:
    connection = account(platform(LISTS).url, profiles_per_request=1)
    sending(anna, connection, rows=2, skip_triggers=False)
    Connection.objects.update(opened_at=connection.created_at, failures_in_row=5)

    assert isinstance(claim_batch(connection.pk), Probe)
    assert isinstance(claim_batch(connection.pk), Later)
    Connection.objects.update(blocked_until=None)
    actions.send_next_batch(connection.pk)

    assert Connection.objects.get().opened_at is None
    assert isinstance(claim_batch(connection.pk), Claim)


def test_a_list_is_no_proof_so_the_next_silence_opens_it_again(anna: Any, platform: Platform) -> None:
    connection = account(platform(LISTS, drops).url, profiles_per_request=1)
    sending(anna, connection, rows=3, skip_triggers=False)
    Connection.objects.update(opened_at=connection.created_at, failures_in_row=5)

    for _ in range(2):
        actions.send_next_batch(connection.pk)

    again = Connection.objects.get()
    assert again.opened_at is not None
    assert again.failures_in_row == 6


def test_half_of_twenty_calls_lost_open_it_too(anna: Any, platform: Platform, clock: HandClock) -> None:
    whole = [{"error": 0, "error_text": "", "profile_id": "a" * 24}]
    fine = answers(200, {"error": 0, "error_text": "", "result": whole})
    connection = account(platform(*[drops, fine] * 10, fine).url, profiles_per_request=1)
    sending(anna, connection, rows=30)

    for _ in range(19):
        actions.send_next_batch(connection.pk)
        clock.sleep(1)

    assert Connection.objects.get().opened_at is not None


def test_silence_of_half_an_hour_holds_the_job_with_words(anna: Any, platform: Platform, clock: HandClock) -> None:
    job = ended(sending(anna, account(platform(drops).url, profiles_per_request=1), rows=50), clock)

    assert (job.state, job.hold["code"]) == (JobState.HELD, "not_answering")
    assert timedelta(minutes=30) <= clock.moved < timedelta(minutes=50)
    assert totals(job).closes


def test_a_person_who_presses_continue_does_not_make_an_unsafe_batch_the_probe(
    anna: Any, platform: Platform, clock: HandClock
) -> None:
    server = platform(drops)
    job = ended(sending(anna, account(server.url, profiles_per_request=1), rows=50, skip_triggers=False), clock)
    before = len(server.requests)

    actions.resume_job(job, by=anna)
    actions.send_next_batch(job.connection_id)

    assert ["databases/list" in request.line for request in server.requests[before:]] == [True]


def test_the_history_tells_of_silence_and_return(anna: Any, platform: Platform, clock: HandClock) -> None:
    outage = Outage(clock, timedelta(minutes=3))
    ended(sending(anna, account(platform(outage).url, profiles_per_request=3), rows=30), clock)

    told = HistoryEvent.objects.filter(verb__startswith="calls_").order_by("pk")
    assert list(told.values_list("verb", flat=True)) == ["calls_kept_back", "calls_let_go"]


def test_an_answer_of_a_platform_that_is_well_does_not_touch_its_row(anna: Any, platform: Platform) -> None:
    from tests.platforms import takes_all

    job = drained(sending(anna, account(platform(takes_all).url)))

    row = Connection.objects.get()
    assert job.state == JobState.DONE
    assert (row.failures_in_row, row.recent_failures, row.opened_at, row.blocked_until) == (0, 0, None, None)
