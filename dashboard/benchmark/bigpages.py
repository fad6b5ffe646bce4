"""Pages of a large import that has ended: how long each takes through HTTP, and what its rows take in the database.

`python -m dashboard.benchmark.bigpages [--rows N] [--kind KIND]` makes the import in the installation DATA_DIR (and
DATABASE_URL) names, through the same reading, checking and keeping of answers as any other, only without the calls,
and prints p50 and p95 of each page. `made(...)` and `measured(...)` are for others who measure.
"""

import argparse
import csv
import json
import os
import random
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashboard.settings")
    django.setup()

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection as database
from django.test import Client
from django.urls import reverse

from dashboard.benchmark.figures import percentile
from dashboard.benchmark.programs import BenchFailed
from imports import actions
from imports.actions.answers import keep_answer
from imports.actions.claims import Claim, claim_batch, mark_on_wire
from imports.altcraft import Answer, AnswerClass
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Connection, ImportJob, Person, home_team
from imports.results import RowFilter, row_page
from imports.samples import HEADER, people
from imports.states import JobState, Outcome

FIELDS = {"email": "email", "phone": "phones", "first_name": "_fname", "last_name": "_lname", "city": "_city"}
SEED = 42
TRIES = 15


@dataclass(frozen=True, slots=True)
class Kind:
    """What the rows of an import are like: the share of bad e-mails, whether all rows have one key, the share Altcraft
    rejects and in how many different texts."""

    bad: float = 0.015
    one_key: bool = False
    rejected: float = 0.01
    texts: int = 5


KINDS = {
    "usual": Kind(),
    "clean": Kind(bad=0.0, rejected=0.0),
    "all_invalid": Kind(bad=1.0),
    "all_rejected": Kind(bad=0.0, rejected=1.0),
    "texts": Kind(bad=0.0, rejected=1.0, texts=10_000),
    "rare": Kind(bad=0.0001, rejected=0.0001),
    "one_key": Kind(bad=0.0, one_key=True),
}


@dataclass(frozen=True, slots=True)
class Page:
    """Milliseconds of one page, on the clock and of this process's processor, and the database statements it took."""

    name: str
    p50: float
    p95: float
    cpu_p50: float
    cpu_p95: float
    statements: int


def made(connection: Connection, kind: Kind, rows: int, *, title: str) -> ImportJob:
    """An import of so many rows to its end; only the calls are left out. `connection` knows its fields."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{title}.csv"
        _write(path, kind, rows)
        job = actions.create_job(chunks=_chunks(path), name=path.name, by=None)
    actions.read_job(job.pk)
    job.refresh_from_db()
    targets = (ColumnTarget(place, name, FIELDS[name]) for place, name in enumerate(job.headers) if name in FIELDS)
    where = Destination(database_id=1, matching="email", phone_region="RU")
    job = actions.map_columns(
        job, connection=connection, destination=where, mapping=ColumnMapping(tuple(targets)), by=None
    )
    actions.begin_check(job, by=None)
    actions.settle_dates(job.pk)
    while actions.check_next_slices(job.pk, seconds=3_600):
        pass
    actions.close_check(job.pk)
    job.refresh_from_db()
    if job.rows and actions.start_job(job, by=None):
        _answer_all(connection, job, kind)
    actions.settle_job(job.pk)
    return ImportJob.objects.get(pk=job.pk)


def measured(get: Callable[[str], object], job: ImportJob, *, tries: int = TRIES) -> list[Page]:
    """Each page of the import asked for `tries` times by `get(path)`, at places spread over the file; the first time
    of each is not counted."""
    return [_timed(name, get, list(paths), tries) for name, paths in pages_of(job).items()]


def pages_of(job: ImportJob) -> dict[str, Iterable[str]]:
    """Addresses by the name of what is asked: every filter at its first page and deep, searches, other pages."""
    results = reverse("job_results", args=[job.uuid])
    dice = random.Random(SEED)
    found: dict[str, Iterable[str]] = {"rows, first page": [results]}
    deep = [dice.randrange(2, job.rows) for _ in range(10)]
    found["rows, deep"] = [f"{results}?after={after}" for after in deep]
    found["rows, deep, backward"] = [f"{results}?before={before}" for before in deep]
    for outcome in (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.INVALID, Outcome.SET_ASIDE, Outcome.PENDING):
        asked = f"{results}?outcome={outcome}"
        found[f"{outcome}, first page"] = [asked]
        found[f"{outcome}, deep"] = [f"{asked}&after={after}" for after in deep]
        found[f"{outcome}, deep, backward"] = [f"{asked}&before={before}" for before in deep]
    found["rejected for one reason, deep"] = [f"{results}?outcome=rejected&code=1011:Reason+2&after={a}" for a in deep]
    found["invalid for one reason, deep"] = [f"{results}?outcome=invalid&code=email_invalid@0&after={a}" for a in deep]
    found["row by number"] = [f"{results}?q={number}" for number in deep]
    found["row page"] = [reverse("job_row", args=[job.uuid, number]) for number in deep]
    contacts = [row.cells for number in deep for row in row_page(job, RowFilter(), after=number, size=1)[0]]
    found["search by e-mail"] = [f"{results}?q={cells[0]}" for cells in contacts]
    found["search by phone"] = [f"{results}?q={cells[1].replace('+', '%2B')}" for cells in contacts if cells[1]]
    found["search, no such e-mail"] = [f"{results}?q=nobody{number}@example.com" for number in deep]
    found["search, other text"] = [f"{results}?q=Несуществующий{number}" for number in deep[:3]]
    found["check page"] = [reverse("job_check", args=[job.uuid])]
    found["exact JSON"] = [f"{reverse('job_json', args=[job.uuid])}?row={number}" for number in deep]
    found["history of the import"] = [reverse("job_history", args=[job.uuid])]
    found["unknown page"] = [reverse("job_unknown", args=[job.uuid])]
    found["list of imports"] = [reverse("job_list")]
    found["start page"] = [reverse("home")]
    return found


def _timed(name: str, get: Callable[[str], object], paths: list[str], tries: int) -> Page:
    taken: list[float] = []
    worked: list[float] = []
    asked: list[str] = []

    def noted(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    with database.execute_wrapper(noted):
        for path in paths:
            get(path)
    for number in range(tries):
        begun, cpu = time.perf_counter(), time.process_time()
        get(paths[number % len(paths)])
        taken.append((time.perf_counter() - begun) * 1_000)
        worked.append((time.process_time() - cpu) * 1_000)
    return Page(
        name,
        percentile(taken, 50),
        percentile(taken, 95),
        percentile(worked, 50),
        percentile(worked, 95),
        round(len(asked) / len(paths)),
    )


def _write(path: Path, kind: Kind, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(HEADER)
        for cells in people(rows, seed=SEED, bad_share=kind.bad):
            writer.writerow(["the.same@example.com", *cells[1:]] if kind.one_key else cells)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        yield from iter(lambda: source.read(1 << 20), b"")


def _answer_all(connection: Connection, job: ImportJob, kind: Kind) -> None:
    """Every batch claimed, marked and answered as a sender does it; what the platform would say is made up here."""
    dice = random.Random(SEED)
    while isinstance(claim := claim_batch(connection.pk, job_id=job.pk), Claim):
        mark_on_wire(claim, body_sha256="")
        rows = tuple(_answered(dice, kind) for _ in range(claim.batch.rows))
        said = {"error": 0, "result": [{"error": e, "error_text": t, "profile_id": i} for e, t, i in rows]}
        raw = json.dumps(said, ensure_ascii=False).encode()[: 64 * 1024]
        keep_answer(claim, Answer(AnswerClass.ANSWERED, 200, 0, rows=rows, raw=raw, seconds=0.1))


def _answered(dice: random.Random, kind: Kind) -> tuple[int, str, str]:
    if dice.random() < kind.rejected:
        return 1011, f"Reason {dice.randrange(kind.texts)}", ""
    return 0, "", secrets.token_hex(12)


def looker() -> Callable[[str], None]:
    """What asks for a page as a marketer of the first team, made where missing. It raises BenchFailed where the page
    is not there: its absence is quickly told, and no measurement."""
    user, _ = get_user_model().objects.get_or_create(username="pages-of-the-bench")
    user.groups.add(Group.objects.get_or_create(name="marketer")[0])
    Person.objects.get_or_create(user=user, defaults={"team": home_team(None)})
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(user)

    def look(path: str) -> None:
        answer = client.get(path)
        if answer.status_code not in (HTTPStatus.OK, HTTPStatus.FOUND):
            raise BenchFailed(f"{path} answered {answer.status_code}")

    return look


def stored_bytes() -> int:
    """What the database holds in all, in bytes."""
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute(
                "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)"
            )
        return int(cursor.fetchone()[0])


def unreachable_account() -> Connection:
    """An account nobody calls, with the catalogue an import needs."""
    found = Connection.objects.filter(name="Nobody").first()
    if found is None:
        found = actions.add_connection(name="Nobody", base_url="http://127.0.0.1:9", token="none", by=None)  # noqa: S106
        fields = [{"field_id": name, "name": name, "type": "string"} for name in FIELDS.values()]
        found.catalogue = {"databases": [{"id": 1, "name": "People"}], "fields/1": fields}
    found.brake_percent, found.canary_rows = 0, 0  # also what is rejected as a whole goes to its end
    found.save()
    return found


def _line(page: Page) -> str:
    clock, cpu = f"{page.p50:6.1f} / {page.p95:6.1f} ms", f"{page.cpu_p50:6.1f} / {page.cpu_p95:6.1f} ms"
    return f"{page.name:32} {clock}   processor {cpu}   {page.statements:3} statements"


def main(arguments: list[str]) -> None:
    """Make the import unless there is one of that title already, then print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--kind", choices=KINDS, default="usual")
    parser.add_argument("--tries", type=int, default=TRIES)
    parser.add_argument("--only", default="", help="pages whose name holds this")
    given = parser.parse_args(arguments)
    title = f"{given.kind}-{given.rows}"
    call_command("collectstatic", interactive=False, verbosity=0)
    job = ImportJob.objects.filter(title=f"{title}.csv", state=JobState.DONE).first()
    if job is None:
        before, begun = stored_bytes(), time.perf_counter()
        job = made(unreachable_account(), KINDS[given.kind], given.rows, title=title)
        grown = (stored_bytes() - before) / given.rows
        print(f"{title}: {job.state}, made in {time.perf_counter() - begun:.0f} s, {grown:.1f} bytes a row stored")
    look = looker()
    for name, paths in pages_of(job).items():
        if given.only in name:
            page = _timed(name, look, list(paths), given.tries)
            print(_line(page), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
