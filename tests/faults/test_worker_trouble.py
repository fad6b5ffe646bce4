"""What goes wrong inside a worker: no memory, no end, a leak, a bug of ours. One batch suffers, the others go on."""

from collections import Counter

import pytest

from tests.faults.house import House, Stop
from tests.faults.judge import judged

S_AND_X = pytest.mark.parametrize("unsafe", [False, True], ids=["S", "X"])
ROWS = 3
PLENTY = 20  # as often as it is tried


@pytest.mark.fault(15)
@S_AND_X
def test_a_batch_that_kills_its_worker_is_held_after_three_deaths(house: House, unsafe: bool) -> None:
    poison = house.job(ROWS, unsafe=unsafe)
    stops = [Stop("texts", "kill", times=PLENTY, job=poison)]
    house.worker(pool="prefork", threads=2, stops=stops)
    house.came_to("texts", times=3)
    house.until_quiet(poison)
    other = house.job(ROWS, unsafe=unsafe)
    house.until_quiet(other)

    (batch,) = house.batches(poison)
    assert (house.state(poison), batch["state"], len(batch["attempts"])) == ("needs_decision", "held", 3)
    assert (house.state(other), house.totals(other)["accepted"]) == ("done", ROWS)
    assert judged(house) == []


@pytest.mark.fault(15)
@S_AND_X
def test_a_batch_too_big_for_the_memory_ends_held_and_others_go_on(house: House, unsafe: bool) -> None:
    big = house.job(ROWS, unsafe=unsafe)
    other = house.job(ROWS, unsafe=unsafe)
    house.worker(stops=[Stop("texts", "memory", times=PLENTY, job=big)])
    house.until_quiet(other)
    house.until(lambda: house.ask("let_leases_run_out") or house.state(big) != "sending", "it is given up")

    assert (house.state(other), house.totals(other)["accepted"]) == ("done", ROWS)
    assert (house.batches(big)[0]["state"], house.platform.people()) == ("held", _of(house, other))
    assert len(house.batches(big)[0]["attempts"]) <= 10
    assert judged(house) == []


def _of(house: House, job: int) -> dict[str, int]:
    return {address: times for address, times in house.platform.people().items() if f".of{job}@" in address}


@pytest.mark.fault(16)
@S_AND_X
@pytest.mark.parametrize("heeds", [True, False], ids=["soft", "hard"])
def test_a_call_without_end_is_ended_by_the_time_limit_and_not_run_for_ever(
    house: House, unsafe: bool, heeds: bool
) -> None:
    job = house.job(ROWS, unsafe=unsafe, send=False, limits={"deadline_seconds": 60})
    house.worker(pool="prefork", threads=2, stops=[Stop("body_sent", "spin" if heeds else "spin_on")])
    house.ask("send_within", job=job, soft=0.5, hard=1.5)
    house.came_to("body_sent", sweeping=False)
    house.until_quiet(job)

    (batch,) = house.batches(job)
    assert (batch["state"], len(batch["attempts"])) == (("unknown", 1) if unsafe else ("answered", 2))
    assert set(house.platform.people().values()) <= {1}
    assert judged(house) == []


@pytest.mark.fault(17)
def test_children_that_grow_are_replaced_between_tasks_and_no_batch_is_lost(house: House) -> None:
    job = house.job(2, unsafe=True, per_request=1)
    tiny = {"settings.CELERY_WORKER_MAX_MEMORY_PER_CHILD": 1, "imports.tasks.TURN_SECONDS": 0.01}
    worker = house.worker(pool="prefork", threads=1, patches=tiny)
    before = worker.children()
    house.until_quiet(job)
    house.until(lambda: worker.children() and not set(worker.children()) & set(before), "the child was replaced")

    assert (house.state(job), house.totals(job)["accepted"]) == ("done", 2)
    assert [len(batch["attempts"]) for batch in house.batches(job)] == [1] * 2
    assert judged(house) == []


@pytest.mark.fault(19)
@S_AND_X
def test_a_bug_in_reading_an_answer_keeps_the_answer(house: House, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    house.worker(stops=[Stop("reading_answer", "raise")])
    house.until_quiet(job)

    (batch,) = house.batches(job)
    first = batch["attempts"][0]
    assert (first["kind"], first["answer"]) == ("unreadable", True)
    assert (batch["state"], len(batch["attempts"])) == (("unknown", 1) if unsafe else ("answered", 2))
    assert Counter(house.platform.people().values()) == {1: ROWS}
    assert judged(house) == []


@pytest.mark.fault(19)
@S_AND_X
def test_a_bug_in_keeping_an_answer_ends_by_the_lease(house: House, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    house.worker(threads=1, stops=[Stop("after_answer", "raise")])
    house.came_to("after_answer")
    house.ask("let_leases_run_out")
    house.until_quiet(job)

    (batch,) = house.batches(job)
    assert (batch["state"], len(batch["attempts"])) == (("unknown", 1) if unsafe else ("answered", 2))
    assert Counter(house.platform.people().values()) == {1: ROWS}
    assert judged(house) == []
