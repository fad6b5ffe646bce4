"""Workers that are asked to end, as at every deploy: what they are doing is finished, what they are not is left."""

import signal
from collections import Counter

import pytest

from tests.faults.house import House, Stop
from tests.faults.judge import judged

S_AND_X = pytest.mark.parametrize("unsafe", [False, True], ids=["S", "X"])
ROWS = 3


@pytest.mark.fault(11)
@pytest.mark.parametrize("pool", ["threads", "prefork"])
def test_a_worker_asked_to_end_finishes_its_call(house: House, pool: str) -> None:
    job = house.job(ROWS, unsafe=True)
    worker = house.worker(pool=pool, threads=1, stops=[Stop("body_sent", "wait")])
    house.came_to("body_sent")
    worker.stop()
    house.until(lambda: "shutdown" in worker.log.lower(), "it has heard")
    assert worker.alive
    house.let_go("body_sent")

    assert worker.wait() == 0
    house.until_quiet(job)
    assert (house.state(job), house.totals(job)["accepted"]) == ("done", ROWS)
    assert len(house.batches(job)[0]["attempts"]) == 1
    assert judged(house) == []


@pytest.mark.fault(12)
@S_AND_X
def test_a_worker_killed_because_it_did_not_end_in_time(house: House, unsafe: bool) -> None:
    job = house.job(ROWS, unsafe=unsafe)
    worker = house.worker(threads=1, stops=[Stop("body_sent", "wait")])
    house.came_to("body_sent")
    house.until(house.platform.deliveries, "the platform has applied it")
    worker.stop()
    house.until(lambda: "shutdown" in worker.log.lower(), "it has heard")
    worker.kill()
    house.worker()
    house.until_quiet(job)

    assert worker.status == -signal.SIGKILL
    assert house.state(job) == ("needs_decision" if unsafe else "done")
    assert Counter(house.platform.people().values()) == {1: ROWS}
    assert judged(house) == []


@pytest.mark.fault(18)
@S_AND_X
def test_a_deploy_while_five_batches_run_loses_and_doubles_nobody(house: House, unsafe: bool) -> None:
    running = 1 if unsafe else 5  # what must not be repeated goes out one by one, in the order of the file
    job = house.job(10, unsafe=unsafe, per_request=1, limits={"parallel": 5, "deadline_seconds": 30})
    old = house.worker(threads=10, stops=[Stop("body_sent", "wait", times=running)])
    house.came_to("body_sent", times=running)
    old.stop()
    house.until(lambda: "shutdown" in old.log.lower(), "it has heard")
    house.worker(patches={"imports.tasks.TURN_SECONDS": 0.1})  # the new version is not quite the same
    house.let_go("body_sent")

    assert old.wait() == 0
    house.until_quiet(job)
    assert (house.state(job), house.totals(job)["accepted"]) == ("done", 10)
    assert [len(batch["attempts"]) for batch in house.batches(job)] == [1] * 10
    assert Counter(house.platform.people().values()) == {1: 10}
    assert judged(house) == []
