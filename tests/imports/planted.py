"""Twenty invented people put through everything an import can do, and a look for them wherever they may have stayed."""

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from imports import actions
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob
from imports.states import BatchState
from imports.writing import workbook_pieces
from tests.factories import FIELDS, first_database, fresh, make_checked_job, make_done_job
from tests.faulty_server import Peer, http_answer

HEAD = ["E-mail", "First name", "Phone"]


@dataclass(frozen=True)
class Planted:
    """One of them; no part of any of it occurs anywhere else."""

    number: int

    @property
    def email(self) -> str:
        return f"zvorykin.{self.number:02d}@planted-people.example.com"

    @property
    def name(self) -> str:
        return f"Zvoryqina{self.number:02d}x"

    @property
    def phone(self) -> str:
        return f"+79007771{self.number:03d}"

    @property
    def cells(self) -> list[str]:
        return [self.email, self.name, self.phone]

    @property
    def needles(self) -> list[bytes]:
        return [self.email.encode(), self.name.encode(), self.phone[2:].encode()]


PEOPLE = [Planted(number) for number in range(20)]


def csv_of(people: Iterable[Planted]) -> str:
    return "\n".join(",".join(cells) for cells in [HEAD, *(one.cells for one in people)]) + "\n"


def echoes(peer: Peer) -> None:
    """Refuse every second person in words that repeat name, address and phone, and each of them differently."""
    request = peer.read_request()
    rows = []
    for place, profile in enumerate(json.loads(request.body)["data"]):
        told = f"Profile {profile.get('_fname')} ({profile.get('email')}, {profile.get('phones')}) is refused"
        rows.append({"error": 1011, "error_text": told} if place % 2 else {"error": 0, "profile_id": f"{place:024x}"})
    peer.send(http_answer(200, {"error": 0, "error_text": "", "result": rows}))


def put_through(by: Any, browser: Client, account: Connection, echoing: Connection, sandbox: Any) -> list[ImportJob]:
    """CSV, workbook, form, correction, echo, download, link, follow-up, a lost answer with evidence, a draft."""
    echoed = make_done_job(by, echoing, csv_of(PEOPLE[:6]), database_id=1)
    actions.make_link(echoed, by=by)
    actions.ask_for_file(echoed, only="problems", form="xlsx", by=by)
    actions.prepare_files(echoed.pk)
    followed = actions.follow_up(echoed, _rejected(), by=by)
    actions.read_job(followed.pk)
    return [echoed, fresh(followed), _workbook(by, account), _typed(by, account), _lost(by, account, sandbox),
            _corrected(by, account), _drafted(by, account, browser)]  # fmt: skip


def _rejected() -> Any:
    from imports.results import RowFilter

    return RowFilter("rejected")


def _workbook(by: Any, account: Connection) -> ImportJob:
    pieces = workbook_pieces(HEAD, [one.cells for one in PEOPLE[6:10]])
    job = actions.create_job(chunks=pieces, name="people.xlsx", by=by)
    actions.read_job(job.pk)
    job = fresh(job)
    mapping = ColumnMapping(tuple(ColumnTarget(n, name, FIELDS[name]) for n, name in enumerate(job.headers)))
    where = Destination(first_database(account), phone_region="RU")
    actions.map_columns(job, connection=account, destination=where, mapping=mapping, by=by)
    actions.begin_check(fresh(job), by=by)
    actions.drain(job.pk)
    actions.start_job(fresh(job), by=by)
    actions.drain(job.pk)
    return fresh(job)


def _typed(by: Any, account: Connection) -> ImportJob:
    """A form with a file for the messages of a scenario, which holds somebody too."""
    mapping = ColumnMapping(tuple(ColumnTarget(n, name, FIELDS[name]) for n, name in enumerate(HEAD)))
    note = f"To {PEOPLE[10].name}, {PEOPLE[10].email}".encode()
    kept = actions.shelve([note], name="letter.txt", mimetype="text/plain", connection=account, by=by)
    where = Destination(first_database(account), operation="scenario", scenario_id=1, attach=(kept,))
    job = actions.create_typed_job(
        headers=HEAD, rows=[one.cells for one in PEOPLE[10:12]], title="Typed", connection=account,
        destination=where, mapping=mapping, entry=uuid4(), by=by,
    )  # fmt: skip
    actions.drain(job.pk)
    actions.start_job(fresh(job), by=by)
    actions.drain(job.pk)
    return fresh(job)


def _lost(by: Any, account: Connection, sandbox: Any) -> ImportJob:
    """No answer, profiles looked up, closed by a person."""
    sandbox.desk.change({"drop": "after", "times": 1})
    job = make_done_job(by, account, csv_of(PEOPLE[12:15]), skip_triggers=False)
    batch = job.batches.get(state=BatchState.UNKNOWN)
    actions.look_up(batch, by=by)
    actions.decide(batch, "close", by=by)
    return fresh(job)


def _corrected(by: Any, account: Connection) -> ImportJob:
    wrong = [[one.email.replace("@", " at "), one.name, one.phone] for one in PEOPLE[15:18]]
    text = "\n".join(",".join(cells) for cells in [HEAD, *wrong]) + "\n"
    job = make_checked_job(by, account, text)
    actions.correct_cells(job, {(2, 0): PEOPLE[15].email}, seen=job.check_version, by=by)
    actions.drain(job.pk)
    actions.start_job(fresh(job), by=by)
    actions.drain(job.pk)
    return fresh(job)


def _drafted(by: Any, account: Connection, browser: Client) -> ImportJob:
    """Checked, looked at, and never sent; a draft of its columns with a word of its cells."""
    job = make_checked_job(by, account, csv_of(PEOPLE[18:20]))
    for page in ("job_check", "job_columns", "job_file"):
        browser.get(reverse(page, args=[job.uuid]))
    actions.save_draft(job, {"word": [PEOPLE[18].name]}, tab="a", version=job.draft_version, by=by)
    return fresh(job)


# --- looking for them ---


def found(needles: Iterable[bytes]) -> list[str]:
    """Where any of these still is: tables, files of every kind, Redis."""
    wanted = [needle.lower() for needle in needles]
    return [place for place, content in _everything() if any(needle in content.lower() for needle in wanted)]


def _everything() -> Iterator[tuple[str, bytes]]:
    yield from _tables()
    folders = (Path(settings.DATA_DIR), Path(default_storage.location))
    for path in (Path(top, name) for folder in folders for top, _, names in os.walk(folder) for name in names):
        with suppress(FileNotFoundError):  # a process of an earlier test tidies up behind itself
            if path.is_file() and "sqlite3" not in path.name:
                yield str(path), path.read_bytes()
    yield from _database_file()
    yield from _redis()


def _tables() -> Iterator[tuple[str, bytes]]:
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {database.ops.quote_name(table)}")
            for row in cursor.fetchall():
                yield table, b"\n".join(_bytes(value) for value in row)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview):
        return bytes(value)
    return (json.dumps(value, default=str) if isinstance(value, dict | list) else str(value)).encode()


def _database_file() -> Iterator[tuple[str, bytes]]:
    """What a deleted row leaves in SQLite's own file."""
    if database.vendor == "sqlite" and not database.in_atomic_block:
        with database.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        name = Path(str(database.settings_dict["NAME"]))
        for path in name.parent.glob(f"{name.name}*"):
            yield str(path), path.read_bytes()


def _redis() -> Iterator[tuple[str, bytes]]:
    place = settings.CACHES["default"].get("LOCATION", "")
    if not str(place).startswith("redis"):
        return
    from redis import Redis

    with Redis.from_url(str(place)) as server:
        for key in server.scan_iter("*"):
            yield f"redis {key!r}", key + (server.dump(key) or b"")
