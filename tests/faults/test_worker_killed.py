"""Workers killed at every step of a call: what was not on the wire is sent again, what was is repeated or asked."""

import os
import signal
from collections import Counter

import pytest

from tests.faults.house import House, Stop
from tests.faults.judge import judged

S_AND_X = pytest.mark.parametrize("unsafe", [False, True], ids=["S", "X"])
BEFORE_THE_WIRE = ("before_claim", "after_claim")
ON_THE_WIRE = ("after_mark", "half_body", "after_answer", "inside_result")
STEPS = pytest.mark.parametrize("step", [*BEFORE_THE_WIRE, *ON_THE_WIRE, "after_commit"])
ARRIVED = ("after_answer", "inside_result")
ROWS = 3


def ends_right(house: House, job: int, step: str, *, unsafe: bool) -> None:
    """Every row accepted and applied once; or, for an unsafe batch that may have arrived, unknown and not repeated."""
    house.until_quiet(job)
    on_wire = step not in (*BEFORE_THE_WIRE, "after_commit")
    parked = on_wire and unsafe
    (batch,) = house.batches(job)
    attempts = {"before_claim": 1, "after_commit": 1}.get(step, 1 if parked else 2)
    assert (batch["state"], house.state(job)) == (("unknown", "needs_decision") if parked else ("answered", "done"))
    assert len(batch["attempts"]) == attempts
    assert len({one["request_id"] for one in batch["attempts"]}) == 1
    if step == "after_claim":
        assert batch["attempts"][0]["state"] == "abandoned"
    applied = Counter(house.platform.people().values())
    assert applied == ({1: ROWS} if not parked or step in (*ARRIVED, "body_sent") else {})
    assert judged(house) == []


@pytest.mark.fault(1, 2, 3, 4, 6, 7, 8)
@STEPS
@S_AND_X
def test_a_child_killed_at_any_step_loses_and_doubles_nobody(house: House, step: str, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    house.worker(pool="prefork", stops=[Stop(step)])
    house.came_to(step)

    ends_right(house, job, step, unsafe=unsafe)


@pytest.mark.fault(9)
@STEPS
@S_AND_X
def test_a_whole_worker_killed_at_any_step_loses_and_doubles_nobody(house: House, step: str, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    dying = house.worker(stops=[Stop(step, "kill_group")])
    assert dying.wait() == -signal.SIGKILL
    house.worker()

    ends_right(house, job, step, unsafe=unsafe)


@pytest.mark.fault(5)
@S_AND_X
@pytest.mark.parametrize("pool", ["prefork", "threads"])
def test_killed_after_the_platform_applied_and_before_its_answer(house: House, unsafe: bool, pool: str) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    worker = house.worker(pool=pool, stops=[Stop("body_sent", "freeze")])
    sender = house.came_to("body_sent")
    house.until(house.platform.deliveries, "the platform has applied it")
    os.kill(sender, signal.SIGKILL)
    if pool == "threads":
        worker.wait()
        house.worker()

    ends_right(house, job, "body_sent", unsafe=unsafe)
    assert len({each["request_id"] for each in house.platform.deliveries()}) == 1


@pytest.mark.fault(10)
@S_AND_X
def test_children_do_not_outlive_a_killed_main_process(house: House, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    worker = house.worker(pool="prefork", stops=[Stop("body_sent", "freeze")])
    sender = house.came_to("body_sent")
    house.until(house.platform.deliveries, "the platform has applied it")
    worker.signal(signal.SIGKILL, whole=False)
    worker.wait()
    house.until(lambda: not alive(sender), "its child dies with it")
    house.worker()

    ends_right(house, job, "body_sent", unsafe=unsafe)


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
