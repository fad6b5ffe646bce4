"""PostgreSQL crashes, throws its sessions out or stays away: answers are kept, nobody is reached twice."""

from typing import Any

import pytest

from tests.faults.breakable import OnOwnServer
from tests.faults.house import House, Stop
from tests.faults.judge import judged
from tests.faults.services import PrivatePostgres, wait_until
from tests.faults.steps import STEPS

pytestmark = pytest.mark.postgres
PATIENT = {"deadline_seconds": 30}
ROWS = 2


def server_of(house: House) -> PrivatePostgres:
    return database_of(house).server


def database_of(house: House) -> OnOwnServer:
    assert isinstance(house.scratch, OnOwnServer)
    return house.scratch


def one_of_each(house: House) -> list[int]:
    """A job that may be repeated and one that may not, on accounts of their own, so that both are sent at once."""
    accounts = [house.account(name=name, **PATIENT) for name in ("S", "X")]
    return [house.job(ROWS, unsafe=unsafe, account=accounts[unsafe]) for unsafe in (False, True)]


def all_arrived_once(house: House, *jobs: int) -> None:
    assert [house.state(job) for job in jobs] == ["done"] * len(jobs)
    assert set(house.platform.people().values()) == {1}
    assert len(house.platform.people()) == ROWS * len(jobs)
    assert judged(house) == []


def kept_on_disk(house: House) -> list[Any]:
    return list((house.folder / "spool").glob("*.answer"))


@pytest.mark.fault(29)
@pytest.mark.parametrize("step", STEPS)
def test_a_crash_of_the_database_at_any_step_loses_and_doubles_nobody(shaky_house: House, step: str) -> None:
    jobs = one_of_each(shaky_house)
    worker = shaky_house.worker(stops=[Stop(step, "wait", times=2)])
    shaky_house.came_to(step, times=2)

    server_of(shaky_house).restart()
    shaky_house.let_go(step)

    shaky_house.until_quiet()
    all_arrived_once(shaky_house, *jobs)
    assert worker.alive
    assert kept_on_disk(shaky_house) == []


@pytest.mark.fault(30)
def test_a_session_killed_in_the_transaction_of_the_answer_is_written_again(shaky_house: House) -> None:
    jobs = one_of_each(shaky_house)
    shaky_house.worker(stops=[Stop("inside_result", "wait", times=2)])
    shaky_house.came_to("inside_result", times=2)

    assert server_of(shaky_house).throw_out(database_of(shaky_house).name) >= 2
    shaky_house.let_go("inside_result")

    shaky_house.until_quiet()
    all_arrived_once(shaky_house, *jobs)
    assert [len(batch["attempts"]) for job in jobs for batch in shaky_house.batches(job)] == [1, 1]


@pytest.mark.fault(31)
@pytest.mark.parametrize("dies", [False, True], ids=["the worker lives", "the worker dies"])
def test_an_answer_outlives_a_database_that_is_away(shaky_house: House, dies: bool) -> None:
    """It is kept in memory and on the disk; whoever is there when the database is back writes it, once."""
    jobs = one_of_each(shaky_house)
    worker = shaky_house.worker(stops=[Stop("after_answer", "wait", times=2)])
    shaky_house.came_to("after_answer", times=2)

    server_of(shaky_house).stop()
    shaky_house.let_go("after_answer")
    wait_until(lambda: len(kept_on_disk(shaky_house)) == 2, "both answers lie on the disk")
    if dies:
        worker.kill()
    server_of(shaky_house).start()

    shaky_house.until_quiet()
    all_arrived_once(shaky_house, *jobs)
    assert [len(batch["attempts"]) for job in jobs for batch in shaky_house.batches(job)] == [1, 1]
    assert kept_on_disk(shaky_house) == []


@pytest.mark.fault(31)
def test_a_kept_answer_is_imported_once_by_sweeps_at_the_same_moment(shaky_house: House) -> None:
    (job,) = [shaky_house.job(ROWS, unsafe=True, limits=PATIENT)]
    worker = shaky_house.worker(stops=[Stop("after_answer", "wait")])
    shaky_house.came_to("after_answer")
    server_of(shaky_house).stop()
    shaky_house.let_go("after_answer")
    (kept,) = wait_until(lambda: kept_on_disk(shaky_house), "the answer lies on the disk")
    worker.kill()
    server_of(shaky_house).start()
    text = kept.read_bytes()

    shaky_house.sweep()
    kept.write_bytes(text)  # as the other sweep had read it before this one removed it
    shaky_house.sweep()

    all_arrived_once(shaky_house, job)
    told = [line["verb"] for line in shaky_house.ask("history", job=job)]
    assert told.count("batch_answered") == 1


def test_no_transaction_is_open_while_the_platform_holds_its_answer(shaky_house: House) -> None:
    jobs = one_of_each(shaky_house)
    shaky_house.worker(stops=[Stop("body_sent", "wait", times=2)])
    shaky_house.came_to("body_sent", times=2)

    sessions = server_of(shaky_house).sessions(database_of(shaky_house).name)

    assert [query for _, state, query in sessions if (state or "").startswith("idle in transaction")] == []
    shaky_house.let_go("body_sent")
    shaky_house.until_quiet()
    all_arrived_once(shaky_house, *jobs)
