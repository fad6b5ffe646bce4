"""One import through a running stack. The verbs and the bells are those the pages use, so the stack's workers do all of
the work; here is only the person who clicks at once."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection as database
from django.db.models import Min

from dashboard.benchmark import chosen
from dashboard.benchmark.programs import BenchFailed
from dashboard.celery import app
from imports import actions, tasks
from imports.actions.demo import SANDBOX
from imports.destination import Destination
from imports.models import Attempt, Connection, HistoryEvent, ImportJob
from imports.results import totals
from imports.states import MOVES_BY_ITSELF, JobState

QUEUES = {"check", "send"}
MOMENTS = ("job_created", "file_read", "check_begun", "check_finished", "sending_started", "job_done")
START_SECONDS = 60.0  # until workers listen to both queues
STAGE_SECONDS = 1_800.0
LOOK = 0.1
CLICK = 0.5  # seconds a page is looked at, at least; what workers still do for it then is no part of what is clicked


@dataclass(frozen=True, slots=True)
class Account:
    """Where an import goes: the platform's address ("" for the stack's sandbox), and limits (0: the account's own)."""

    platform: str = ""
    profiles: int = 0
    parallel: int = 0


def drive(path: Path, account: Account) -> None:
    """Import the file, every column of it.

    Print {"uuid": ...} once the import exists, then what became of it: the times in its history, the seconds from Send
    to the first byte on the wire, what the database grew by, and its sum. Raises BenchFailed when it stops elsewhere.
    """
    _wait_for_workers()
    connection = _connection(account)
    before = stored_bytes()
    job = actions.create_job(chunks=_chunks(path), name=path.name, by=None)
    print(json.dumps({"uuid": str(job.uuid)}), flush=True)
    tasks.read_soon(job)
    _wait(job, JobState.READ)
    where = Destination(
        database_id=chosen.DATABASE, matching=chosen.MATCHING, phone_region=chosen.REGION, subscriptions=chosen.RULES
    )
    mapping = chosen.mapping(job.headers)
    actions.map_columns(job, connection=connection, destination=where, mapping=mapping, by=None)
    job = actions.begin_check(job, by=None)
    tasks.ring_check(job.pk)
    _wait(job, JobState.CHECKED)
    job = actions.start_job(job, by=None)
    tasks.ring_send(job)
    _wait(job, JobState.DONE)
    print(json.dumps(_told(job) | {"stored": stored_bytes() - before}))


def stored_bytes() -> int:
    """What the database's tables and indexes take, in bytes: not the free pages of its file, nor its log."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'")
        else:
            cursor.execute(
                "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
                " - (SELECT freelist_count FROM pragma_freelist_count) * (SELECT page_size FROM pragma_page_size)"
            )
        return int(cursor.fetchone()[0])


def _wait_for_workers() -> None:
    end = time.monotonic() + START_SECONDS
    while not _listened_to() >= QUEUES:
        if time.monotonic() > end:
            raise BenchFailed("the workers do not answer")


def _listened_to() -> set[str]:
    """The queues some worker takes work from."""
    told = app.control.inspect(timeout=0.5).active_queues() or {}
    return {queue["name"] for queues in told.values() for queue in queues}


def _connection(account: Account) -> Connection:
    """The sandbox's account, or one at another platform, which is told to have what the sandbox has."""
    sandbox = Connection.objects.get(name=SANDBOX)
    if failed := actions.refresh_catalogue(sandbox, "databases", "resources", f"fields/{chosen.DATABASE}"):
        raise BenchFailed(f"the sandbox did not tell its {failed[0][0]}: {failed[0][1]}")
    asked = {"profiles_per_request": account.profiles, "parallel": account.parallel}
    limits: dict[str, Any] = {name: value for name, value in asked.items() if value}
    connection = _at(account.platform, sandbox) if account.platform else sandbox
    actions.change_connection(connection, by=None, **limits)
    return connection


def _at(platform: str, sandbox: Connection) -> Connection:
    found = Connection.objects.filter(name=platform).first()
    if found is None:
        found = actions.add_connection(name=platform, base_url=platform, token=chosen.TOKEN, by=None)
    found.catalogue, found.catalogue_at = sandbox.catalogue, sandbox.catalogue_at
    found.save(update_fields=["catalogue", "catalogue_at"])
    return found


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
    time.sleep(CLICK)


def _told(job: ImportJob) -> dict[str, Any]:
    events = HistoryEvent.objects.of_job(job.pk).order_by("pk").values_list("verb", "at")
    at: dict[str, datetime] = dict(events)
    first = Attempt.objects.filter(batch__job=job).aggregate(first=Min("on_wire_at"))["first"]
    wire = (first - at["sending_started"]).total_seconds() if first else None
    return {"at": {verb: at[verb].timestamp() for verb in MOMENTS}, "wire": wire, "totals": totals(job).to_plain()}
