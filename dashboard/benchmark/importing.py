"""One import through a running stack. The verbs and the bells are those the pages use, so the stack's workers do all of
the work; here is only the person who clicks at once."""

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from dashboard.benchmark.stack import BenchFailed
from dashboard.celery import app
from imports import actions, tasks
from imports.actions.demo import SANDBOX
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import MOVES_BY_ITSELF, JobState

DATABASE = 1
FIELDS = (
    "email", "phones", "_fname", "_lname", "_bdate", "_city", "_sex", "card_number", "level", "points",
    "last_purchase", "spent", "source", "consent", "notes",
)  # fmt: skip
WORKERS = 2
MOMENTS = ("job_created", "file_read", "check_begun", "check_finished", "sending_started", "job_done")
START_SECONDS = 60.0  # until both workers answer
STAGE_SECONDS = 1_800.0
LOOK = 0.1


def drive(path: Path, profiles: int | None) -> None:
    """Import the file, every column of it, with `profiles` a request (None: the connection's default).

    Print {"uuid": ...} once the import exists, then what became of it: the times in its history, and its sum.
    Raises BenchFailed when it stops anywhere else.
    """
    _wait_for_workers()
    connection = _connection(profiles)
    job = actions.create_job(chunks=_chunks(path), name=path.name, by=None)
    print(json.dumps({"uuid": str(job.uuid)}), flush=True)
    tasks.read_soon(job)
    _wait(job, JobState.READ)
    targets = (ColumnTarget(column, job.headers[column], field) for column, field in enumerate(FIELDS))
    where = Destination(
        database_id=DATABASE, matching="email", phone_region="RU", subscriptions=(SubscriptionRule("email", 1),)
    )
    mapping = ColumnMapping(tuple(targets))
    actions.map_columns(job, connection=connection, destination=where, mapping=mapping, by=None)
    job = actions.begin_check(job, by=None)
    tasks.ring_check(job.pk)
    _wait(job, JobState.CHECKED)
    job = actions.start_job(job, by=None)
    tasks.ring_send(job)
    _wait(job, JobState.DONE)
    print(json.dumps(_told(job)))


def _wait_for_workers() -> None:
    end = time.monotonic() + START_SECONDS
    while len(app.control.ping(timeout=0.5)) < WORKERS:
        if time.monotonic() > end:
            raise BenchFailed("the workers do not answer")


def _connection(profiles: int | None) -> Connection:
    connection = Connection.objects.get(name=SANDBOX)
    if failed := actions.refresh_catalogue(connection, "databases", f"fields/{DATABASE}"):
        raise BenchFailed(f"the sandbox did not tell its {failed[0][0]}: {failed[0][1]}")
    if profiles:
        actions.change_connection(connection, by=None, profiles_per_request=profiles)
    return connection


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from iter(lambda: source.read(1 << 20), b"")


def _wait(job: ImportJob, wanted: JobState) -> None:
    """Wait until workers have brought the job there."""
    end = time.monotonic() + STAGE_SECONDS
    while job.state != wanted:
        if job.state not in MOVES_BY_ITSELF or time.monotonic() > end:
            raise BenchFailed(f"the import is {job.state}, not {wanted}: {job.fault or job.hold}")
        time.sleep(LOOK)
        job.refresh_from_db()


def _told(job: ImportJob) -> dict[str, Any]:
    events = HistoryEvent.objects.of_job(job.pk).order_by("pk").values_list("verb", "at")
    at: dict[str, datetime] = dict(events)
    return {"at": {verb: at[verb].timestamp() for verb in MOMENTS}, "totals": totals(job).to_plain()}
