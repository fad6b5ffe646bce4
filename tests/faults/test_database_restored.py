"""An old backup comes back: what was sent since is not known here, so nothing goes out by itself."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.breakable import OnOwnServer
from tests.faults.databases import OnFile
from tests.faults.house import House
from tests.faults.judge import judged
from tests.faults.services import PrivatePostgres, postgres_tool

ROWS = 2


def waiting_jobs(house: House) -> list[int]:
    """A repeatable and an unrepeatable one; two batches each, none of them sent."""
    accounts = [house.account(name=name, deadline_seconds=30) for name in ("S", "X")]
    return [house.job(ROWS, unsafe=unsafe, account=accounts[unsafe], per_request=1) for unsafe in (False, True)]


def everything_is_sent(house: House, jobs: list[int]) -> None:
    worker = house.worker()
    house.until_quiet()
    worker.kill()
    assert [house.state(job) for job in jobs] == ["done", "done"]
    house.ask("let_go_of_the_database")


def nobody_is_reached_again(house: House, jobs: list[int]) -> None:
    before = house.platform.people()
    told = house.manage("after_restore")
    assert told.returncode == 0, told.stderr
    house.worker()
    house.until_quiet()

    assert [house.state(job) for job in jobs] == ["needs_decision", "needs_decision"]
    assert [[batch["state"] for batch in house.batches(job)] for job in jobs] == [["held"] * 2, ["unknown"] * 2]
    assert house.platform.people() == before
    assert judged(house) == []


@pytest.mark.postgres
@pytest.mark.fault(35)
def test_a_restored_backup_of_postgresql_sends_nobody_anything_twice(shaky_house: House, tmp_path: Path) -> None:
    assert isinstance(shaky_house.scratch, OnOwnServer)
    server, name, backup = shaky_house.scratch.server, shaky_house.scratch.name, tmp_path / "backup"
    jobs = waiting_jobs(shaky_house)
    run(server, "pg_dump", "--format=custom", f"--file={backup}", name)
    everything_is_sent(shaky_house, jobs)

    server.make_database(name)
    run(server, "pg_restore", f"--dbname={name}", str(backup))

    nobody_is_reached_again(shaky_house, jobs)


def run(server: PrivatePostgres, tool: str, *words: str) -> None:
    place = ["--host=127.0.0.1", f"--port={server.port}", "--username=postgres"]
    subprocess.run([postgres_tool(tool), *place, *words], check=True, capture_output=True)


@pytest.mark.fault(35)
def test_a_restored_backup_of_sqlite_sends_nobody_anything_twice(tmp_path: Path) -> None:
    path, backup = tmp_path / "db.sqlite3", tmp_path / "backup.sqlite3"
    with House(database=OnFile(path)) as house:
        jobs = waiting_jobs(house)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(backup)) as target:
            source.backup(target)
        everything_is_sent(house, jobs)

        for old in tmp_path.glob(f"{path.name}*"):
            old.unlink()
        shutil.copyfile(backup, path)

        nobody_is_reached_again(house, jobs)
