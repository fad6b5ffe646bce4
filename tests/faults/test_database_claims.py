"""Who may send a batch: one of many, and another one when that one has died."""

from pathlib import Path

import pytest

from tests.faults.databases import OnFile
from tests.faults.house import House, Stop
from tests.faults.judge import judged


def claimed(house: House, processes: int, batches: int) -> dict[str, int]:
    account = house.account()
    house.job(batches, account=account, per_request=1)
    found: dict[str, int] = house.ask(
        "tests.faults.contention:claim_all", account=account, processes=processes, folder=str(house.steps)
    )
    return found


@pytest.mark.postgres
def test_eight_processes_claim_a_thousand_batches_once_each(house: House) -> None:
    found = claimed(house, processes=8, batches=1000)

    assert found == {"ended": 8, "claims": 1000, "batches": 1000, "attempts": 1000, "sending": 1000}


def test_processes_claim_each_batch_once_in_sqlite(tmp_path: Path) -> None:
    """Its one writer makes them wait for one another."""
    with House(database=OnFile(tmp_path / "db.sqlite3")) as house:
        found = claimed(house, processes=4, batches=60)

    assert found == {"ended": 4, "claims": 60, "batches": 60, "attempts": 60, "sending": 60}


@pytest.mark.postgres
@pytest.mark.fault(9)
@pytest.mark.parametrize("unsafe", [False, True], ids=["S", "X"])
def test_a_dead_worker_of_another_host_is_known_by_its_lock(unsafe: bool) -> None:
    """One sweep after its death its batch is free: no lease, and no process number of this host, is waited for."""
    with House(patches={"imports.actions.liveness.SETTLING_SECONDS": 0.0}) as house:
        job = house.job(1, unsafe=unsafe, limits={"deadline_seconds": 120})
        worker = house.worker(stops=[Stop("after_mark", "wait")])
        house.came_to("after_mark", sweeping=False)
        house.sql("UPDATE imports_attempt SET worker = 'elsewhere' || substr(worker, strpos(worker, ':'))")

        house.sweep()
        assert house.batches(job)[0]["state"] == "sending", "it lives"
        worker.kill()
        house.until(lambda: house.batches(job)[0]["state"] != "sending", "the sweep finds that its lock is free")

        assert house.batches(job)[0]["state"] == ("unknown" if unsafe else "ready")
        assert judged(house) == []
