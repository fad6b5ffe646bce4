"""Deadlocks, failed serializations, no free connection, a locked SQLite: tried again a few times, told, never lost."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction

from imports.actions.trouble import MOST_RETRIES, retried
from imports.models import Connection
from tests.faults.breakable import OnOwnServer
from tests.faults.databases import OnFile
from tests.faults.house import House, Stop
from tests.faults.judge import judged
from tests.faults.services import wait_until

PATIENT = {"deadline_seconds": 30}


def all_arrived_once(house: House, *jobs: int) -> None:
    assert [house.state(job) for job in jobs] == ["done"] * len(jobs)
    assert set(house.platform.people().values()) == {1}
    assert judged(house) == []


# --- deadlock, serialization ---


@pytest.mark.postgres
@pytest.mark.fault(32)
@pytest.mark.django_db(transaction=True)
def test_of_two_that_block_one_another_both_come_through() -> None:
    for name in ("one", "other"):
        Connection.objects.create(name=name, base_url="https://example.com")
    both_hold_one = threading.Barrier(2)
    tries: list[str] = []

    @retried
    def lock(first: str, second: str) -> None:
        with transaction.atomic():
            Connection.objects.filter(name=first).update(failures_in_row=1)
            tries.append(first)
            if tries.count(first) == 1:
                both_hold_one.wait(120)
            Connection.objects.filter(name=second).update(failures_in_row=1)

    def other() -> None:
        try:
            lock("other", "one")
        finally:
            connections.close_all()

    beside = threading.Thread(target=other)
    beside.start()
    lock("one", "other")
    beside.join(120)

    assert len(tries) == 3  # one of them began anew


def unlucky(times: int) -> tuple[Callable[[], str], list[int]]:
    """Work that the database refuses so often, as it does when another transaction was quicker."""
    made: list[int] = []

    @retried
    def work() -> str:
        made.append(1)
        with transaction.atomic(), connection.cursor() as cursor:
            if len(made) <= times:
                cursor.execute("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
        return "written"

    return work, made


@pytest.mark.postgres
@pytest.mark.fault(32)
@pytest.mark.django_db(transaction=True)
def test_a_failed_serialization_is_tried_again_three_times_at_most() -> None:
    work, made = unlucky(times=MOST_RETRIES)
    assert work() == "written"
    assert len(made) == MOST_RETRIES + 1 == 4

    work, made = unlucky(times=99)
    with pytest.raises(OperationalError):
        work()
    assert len(made) == 4


@pytest.mark.postgres
@pytest.mark.fault(32)
@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_nothing_is_tried_again() -> None:
    """It is rolled back as a whole; only who began it can begin it anew."""
    work, made = unlucky(times=1)
    with pytest.raises(OperationalError), transaction.atomic():
        work()
    assert len(made) == 1


OFTEN_UNLUCKY = """
CREATE SEQUENCE luck;
CREATE FUNCTION be_unlucky() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF nextval('luck') <= {times} THEN RAISE EXCEPTION USING ERRCODE = '40001'; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER unlucky BEFORE UPDATE ON imports_batch FOR EACH ROW WHEN (NEW.state = 'answered')
    EXECUTE FUNCTION be_unlucky();
"""


@pytest.mark.postgres
@pytest.mark.fault(32)
@pytest.mark.parametrize("times", [2, 6], ids=["within the retries", "beyond them"])
def test_an_answer_is_written_however_unlucky_its_transaction_is(house: House, times: int) -> None:
    job = house.job(2, unsafe=True, limits=PATIENT)
    house.sql(OFTEN_UNLUCKY.format(times=times))
    house.worker()

    house.until_quiet()

    all_arrived_once(house, job)
    assert house.sql("SELECT last_value FROM luck") == [[times + 1]]
    assert [len(batch["attempts"]) for batch in house.batches(job)] == [1]


# --- no connection is free ---


@pytest.mark.postgres
@pytest.mark.fault(33)
def test_bells_fail_softly_while_every_connection_is_taken(shaky_house: House) -> None:
    assert isinstance(shaky_house.scratch, OnOwnServer)
    job = shaky_house.job(2, unsafe=True, limits=PATIENT)
    with ExitStack() as taken:
        take_all(taken, shaky_house.scratch.server.url)
        worker = shaky_house.worker()
        wait_until(lambda: "too many clients" in worker.log, "the bell finds no connection")
        assert shaky_house.platform.deliveries() == []
    assert worker.alive

    shaky_house.until_quiet()

    all_arrived_once(shaky_house, job)


@pytest.mark.postgres
@pytest.mark.fault(33)
def test_an_answer_waits_for_a_free_connection(shaky_house: House) -> None:
    """The worker's own was lost while it called, and another has taken its place."""
    assert isinstance(shaky_house.scratch, OnOwnServer)
    server, name = shaky_house.scratch.server, shaky_house.scratch.name
    job = shaky_house.job(2, unsafe=True, limits=PATIENT)
    worker = shaky_house.worker(stops=[Stop("after_answer", "wait")])
    shaky_house.came_to("after_answer")
    with ExitStack() as taken:
        server.throw_out(name)
        take_all(taken, server.url)
        shaky_house.let_go("after_answer")
        wait_until(lambda: list((shaky_house.folder / "spool").glob("*.answer")), "the answer lies on the disk")
    assert worker.alive

    shaky_house.until_quiet()

    all_arrived_once(shaky_house, job)
    assert [len(batch["attempts"]) for batch in shaky_house.batches(job)] == [1]


def take_all(taken: ExitStack, url: str) -> None:
    try:
        while True:
            taken.enter_context(closing(psycopg.connect(url)))
    except psycopg.OperationalError as fault:
        assert "too many clients" in str(fault)  # noqa: PT017 - the loop has no other end


# --- SQLite ---


@pytest.mark.fault(31)
def test_an_answer_waits_until_sqlite_is_free(tmp_path: Path) -> None:
    """Somebody holds the file for longer than we wait: the counterpart of a database that is away."""
    path = tmp_path / "db.sqlite3"
    with House(database=OnFile(path), environ={"DJANGO_SETTINGS_MODULE": "tests.faults.hasty_settings"}) as house:
        job = house.job(2, unsafe=True, limits=PATIENT)
        worker = house.worker(stops=[Stop("after_answer", "wait")])
        house.came_to("after_answer")
        with closing(sqlite3.connect(path)) as somebody:
            somebody.execute("BEGIN EXCLUSIVE")
            house.let_go("after_answer")
            wait_until(lambda: list((house.folder / "spool").glob("*.answer")), "the answer lies on the disk")
        assert worker.alive

        house.until_quiet()

        all_arrived_once(house, job)
        assert [len(batch["attempts"]) for batch in house.batches(job)] == [1]
