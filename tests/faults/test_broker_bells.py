"""Bells that are lost, doubled or come at the wrong time: every row still ends, and nobody is reached twice."""

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from celery.schedules import schedule

from tests.faults.house import House, Stop, Worker
from tests.faults.judge import judged
from tests.faults.programs import beat, running, visits
from tests.faults.services import PrivateRedis

pytestmark = pytest.mark.redis
ROUNDS = {"dashboard.celery.ROUND_SECONDS": 0.2, "imports.actions.sweep.EVERY": 1.0}
PATIENT = {"deadline_seconds": 30}  # a call may rest at a step without being late


def broker_of(house: House) -> PrivateRedis:
    assert house.broker is not None
    return house.broker


def all_arrived_once(house: House, *jobs: int) -> None:
    assert judged(house) == []
    assert {house.state(job) for job in jobs} == {"done"}
    for job in jobs:
        sums = house.totals(job)
        assert sums["accepted"] == sums["rows"]
    assert set(house.platform.people().values()) == {1}


@pytest.mark.fault(23)
def test_bells_lost_with_a_killed_redis_are_rung_again(house: House) -> None:
    jobs = [house.job(rows=3, unsafe=True, per_request=1) for _ in range(5)]
    assert broker_of(house).waiting("send") >= len(jobs)
    broker_of(house).restart()
    assert broker_of(house).waiting("send") == 0

    house.worker()
    house.until_quiet()

    all_arrived_once(house, *jobs)


@pytest.mark.fault(23)
def test_redis_dies_while_batches_are_on_the_wire(house: House) -> None:
    house.worker(stops=[Stop("after_mark", "wait")])
    job = house.job(rows=3, unsafe=True, per_request=1, limits=PATIENT)
    house.came_to("after_mark")
    broker_of(house).restart()
    house.let_go("after_mark")

    house.until_quiet()

    all_arrived_once(house, job)


@pytest.mark.fault(27)
def test_a_flushed_queue_is_filled_again(house: House) -> None:
    worker = house.worker(stops=[Stop("after_mark", "wait")])
    jobs = [house.job(rows=3, unsafe=True, per_request=1, limits=PATIENT) for _ in range(3)]
    house.came_to("after_mark")
    broker_of(house).flush()
    house.let_go("after_mark")

    house.until_quiet()

    all_arrived_once(house, *jobs)
    assert worker.alive


def until_quiet_and_kept_running(house: House, worker: Worker) -> Worker:
    """As under a supervisor: kombu falls over when Redis goes while it reconnects, then begins anew."""
    running = [worker]

    def rests() -> bool:
        if not running[-1].alive:
            running.append(house.worker())
        return not house.ask("moving", jobs=[])

    house.until(rests, "every job comes to rest")
    return running[-1]


@pytest.mark.fault(24)
def test_a_worker_comes_back_from_ten_restarts_of_redis(house: House) -> None:
    worker = house.worker()
    jobs = []
    for number in range(10):
        broker_of(house).restart()
        if number % 3 == 0:
            jobs.append(house.job(rows=2, unsafe=True, per_request=1))

    worker = until_quiet_and_kept_running(house, worker)

    all_arrived_once(house, *jobs)
    assert worker.alive


@pytest.mark.fault(25)
def test_every_bell_five_times_in_random_order_claims_each_batch_once(house: House) -> None:
    jobs = [house.job(rows=4, unsafe=True, per_request=1, limits={"parallel": 4}) for _ in range(3)]
    with broker_of(house).client() as client:
        bells = client.lrange("imports:send", 0, -1) * 5
        random.shuffle(bells)
        client.rpush("imports:send", *bells)
    for _ in range(3):
        house.worker()

    house.until_quiet(sweeping=False)

    all_arrived_once(house, *jobs)
    assert Counter(len(batch["attempts"]) for job in jobs for batch in house.batches(job)) == {1: 12}


@pytest.mark.fault(26)
def test_wrong_settings_of_celery_claim_no_batch_twice() -> None:
    """The bell comes again while the call runs: the second worker finds the batch taken, and says nothing."""
    with House(environ={"DJANGO_SETTINGS_MODULE": "tests.faults.wrong_settings"}) as house:
        for _ in range(2):
            house.worker(stops=[Stop("before_claim", times=0)])  # only counts who comes there
        house.platform.fault(latency=4)
        job = house.job(rows=1, unsafe=True, limits=PATIENT | {"parallel": 2})

        house.until_quiet(sweeping=False)

        all_arrived_once(house, job)
        assert len(house.batches(job)[0]["attempts"]) == 1
        assert visits(house, "before_claim") > 2, "the bell did not come again: nothing was shown"


@pytest.mark.fault(20, 28)
def test_a_worker_finds_by_itself_what_was_begun_while_redis_was_away(house: House) -> None:
    """No beat runs and no bell was rung: the worker looks round when nobody has for a while."""
    worker = house.worker(patches=ROUNDS)
    broker_of(house).kill()
    jobs = [house.job(rows=2, unsafe=True, per_request=1) for _ in range(2)]
    assert {house.state(job) for job in jobs} == {"sending"}
    broker_of(house).start()

    house.until_quiet(sweeping=False)

    all_arrived_once(house, *jobs)
    assert worker.alive


@pytest.mark.fault(20)
def test_drain_finishes_everything_without_redis(house: House) -> None:
    broker_of(house).kill()
    jobs = [house.job(rows=3, unsafe=True, per_request=2) for _ in range(2)]

    ended = house.manage("drain")

    broker_of(house).start()  # only to be looked into
    assert ended.returncode == 0, ended.stderr
    all_arrived_once(house, *jobs)


@pytest.mark.fault(28)
def test_two_beats_ring_for_what_has_no_bell() -> None:
    with House(environ={"DJANGO_SETTINGS_MODULE": "tests.faults.hasty_settings"}) as house:
        jobs = [house.job(rows=2, unsafe=True, per_request=1) for _ in range(3)]
        broker_of(house).flush()
        house.worker()
        with beat(house, "beat1"), beat(house, "beat2"):
            house.until_quiet(sweeping=False)

        all_arrived_once(house, *jobs)


@pytest.mark.fault(28)
def test_two_sweeps_at_the_same_moment_end_the_same_way(house: House) -> None:
    worker = house.worker(stops=[Stop("after_claim", "kill_group", times=2)])
    job = house.job(rows=2, unsafe=True, per_request=1)
    worker.wait()
    house.ask("let_leases_run_out")

    one, other = (running(house, f"sweep{number}", "manage.py", "reconcile") for number in range(2))
    with one as first, other as second:
        assert (first.wait(), second.wait()) == (0, 0)
    house.worker()
    house.until_quiet()

    all_arrived_once(house, job)
    lost = [line for line in house.ask("history", job=job) if line["details"].get("reason") == "worker_lost"]
    assert len(lost) == len({line["details"]["batch"] for line in lost})


@pytest.mark.fault(28)
@pytest.mark.parametrize("night", ["2026-03-29T00:59:50", "2026-10-25T00:59:50"])
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Nuuk", "UTC"])
def test_no_sweep_is_skipped_or_delayed_in_the_night_of_a_clock_change(
    monkeypatch: pytest.MonkeyPatch, night: str, zone: str
) -> None:
    """Beat reckons in UTC, whatever zone the machine is in and people see."""
    from dashboard.celery import app

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    last = datetime.fromisoformat(night).replace(tzinfo=UTC)
    every = app.conf.beat_schedule["sweep"]["schedule"]
    due = []
    for seconds in range(60):
        now = last + timedelta(seconds=seconds)
        entry = schedule(run_every=every, nowfun=lambda now=now: now, app=app)
        due.append(entry.is_due(last).is_due)
    monkeypatch.undo()
    time.tzset()

    assert due == [False] * 15 + [True] * 45
    assert app.now().utcoffset() == timedelta(0)
