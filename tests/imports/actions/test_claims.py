"""Who gets which batch, in which order, and what lets it out: order of the file, turns of jobs, leases, the clock."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from imports import actions
from imports.actions import claims, clock
from imports.actions.claims import Claim, Later, claim_batch, mark_on_wire
from imports.models import Attempt, Batch, HistoryEvent
from imports.states import BatchState, JobState
from tests.factories import fresh
from tests.faults.clock import HandClock
from tests.faulty_server import FaultyServer, answers
from tests.platforms import account, drained, sending, takes_all

Platform = Callable[..., FaultyServer]
pytestmark = pytest.mark.django_db(transaction=True)

TOO_LARGE = answers(413, "")


def claimed(number: int) -> Claim:
    claim = claim_batch(number)
    assert isinstance(claim, Claim)
    return claim


# --- in which order ---


def test_unsafe_batches_go_one_at_a_time_in_the_order_of_the_file(anna: Any, platform: Platform) -> None:
    server = platform(TOO_LARGE, takes_all)
    job = sending(anna, account(server.url, profiles_per_request=4, parallel=9), rows=12, skip_triggers=False)

    assert claimed(job.connection_id).batch.number == 1
    assert isinstance(claim_batch(job.connection_id), Later)
    Batch.objects.filter(job=job).update(state=BatchState.READY)
    drained(job)

    taken = Batch.objects.filter(job=job, state=BatchState.ANSWERED).order_by("attempts__on_wire_at")
    rows = list(taken.values_list("first_row", flat=True))
    assert rows == sorted(rows)
    assert len(rows) > 3  # what was cut took the place of what it was cut from


def test_an_unsafe_batch_that_waits_is_not_overtaken(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url, profiles_per_request=1), rows=3, skip_triggers=False)
    soon = clock.now() + timedelta(seconds=60)
    Batch.objects.filter(job=job, number=1).update(next_try_at=soon)

    step = claim_batch(job.connection_id)

    assert isinstance(step, Later)
    assert step.seconds == pytest.approx(60, abs=2)


def test_safe_batches_go_as_many_at_a_time_as_the_account_allows(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url, profiles_per_request=1, parallel=3), rows=9)

    found = [claim_batch(job.connection_id) for _ in range(5)]

    assert [isinstance(one, Claim) for one in found] == [True, True, True, False, False]


def test_many_workers_at_once_claim_each_batch_once_and_never_too_many(anna: Any, platform: Platform) -> None:
    job = sending(anna, account(platform(takes_all).url, profiles_per_request=1, parallel=5), rows=12)
    begin, found = threading.Barrier(8), []

    def work() -> None:
        begin.wait()
        found.append(claim_batch(job.connection_id))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = [one.batch.number for one in found if isinstance(one, Claim)]
    assert len(numbers) == len(set(numbers)) == 5
    assert Batch.objects.filter(state=BatchState.SENDING).count() == 5


# --- leases and the clock ---


@pytest.mark.parametrize("away", [timedelta(days=1), timedelta(days=-1)], ids=["ahead", "behind"])
@pytest.mark.postgres
def test_a_worker_whose_clock_is_a_day_off_neither_loses_nor_keeps_a_lease(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch, away: timedelta
) -> None:
    job = sending(anna, account(platform(takes_all).url))
    real: Callable[[], datetime] = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + away)

    claim = claimed(job.connection_id)
    actions.reconcile()
    assert mark_on_wire(claim, body_sha256="")
    actions.reconcile()

    attempt = Attempt.objects.get()
    assert attempt.state == "on_wire"
    assert attempt.on_wire_at is not None
    assert abs(attempt.on_wire_at - real()) < timedelta(seconds=30)
    Batch.objects.update(lease_until=real() - timedelta(seconds=1))
    actions.reconcile()
    assert job.batches.get().state == BatchState.READY


def test_the_mark_leaves_room_for_the_whole_call(anna: Any, platform: Platform, clock: HandClock) -> None:
    job = sending(anna, account(platform(takes_all).url))
    claim = claimed(job.connection_id)

    clock.sleep(claims.LEASE_MARGIN.total_seconds() + 1)

    assert not mark_on_wire(claim, body_sha256="")
    assert Attempt.objects.get().on_wire_at is None


def test_a_worker_asleep_between_the_mark_and_the_wire_sends_nothing(
    anna: Any, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "LONGEST_MARK", 0.0)
    server = platform(takes_all)
    job = sending(anna, account(server.url), skip_triggers=False)

    actions.send_next_batch(job.connection_id)

    assert server.requests == []
    assert job.batches.get().state == BatchState.READY
    assert not Attempt.objects.filter(possibly_applied=True).exists()


def test_a_batch_first_sent_too_long_ago_waits_for_a_person(anna: Any, platform: Platform, clock: HandClock) -> None:
    server = platform(takes_all)
    job = sending(anna, account(server.url))
    mark_on_wire(claimed(job.connection_id), body_sha256="")
    clock.sleep(21 * 3600)
    actions.reconcile()

    claim_batch(job.connection_id)
    actions.settle_job(job.pk)

    assert (job.batches.get().state, job.batches.get().held_for) == (BatchState.HELD, "too_long_ago")
    assert fresh(job).state == JobState.NEEDS_DECISION
    assert HistoryEvent.objects.filter(verb="batch_held", job_id=job.pk).exists()

    job = drained(actions.resume_job(job, by=anna))
    ids = set(Attempt.objects.values_list("request_id", flat=True))
    assert (job.state, len(ids)) == (JobState.DONE, 2)


@pytest.mark.postgres
def test_no_transaction_is_open_while_the_platform_is_asked(anna: Any, platform: Platform) -> None:
    seen: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (sender,) = cursor.fetchone()

    def looks(peer: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state FROM pg_stat_activity WHERE pid = %s", [sender])
            seen.append(cursor.fetchone()[0])
        connection.close()
        takes_all(peer)

    drained(sending(anna, account(platform(looks).url)))

    assert seen == ["idle"]
