"""manage.py import_file FILE: everything the pages do with a file, for scripts."""

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from imports import actions, tasks
from imports.destination import DUPLICATE_RULES, Destination
from imports.management.base import DomainCommand
from imports.management.commands.connection import find_connection
from imports.mapping import ColumnMapping, ColumnTarget, SubscriptionRule
from imports.models import Connection, ImportJob
from imports.results import reasons, totals
from imports.states import FINISHED, MOVES_BY_ITSELF, JobState
from imports.wording import fault_text

ALL_ACCEPTED, REFUSED, WAITS, SOME_NOT_ACCEPTED = 0, 1, 3, 4
CHUNK = 1 << 20


class Command(DomainCommand):
    help = "Import a file into Altcraft: read, map, check and, with --yes, send."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--connection", required=True)
        parser.add_argument("--database", type=int, default=0, help="number of the profile database (db_id)")
        parser.add_argument("--operation", choices=["import", "update", "add", "scenario"], default="import")
        parser.add_argument("--scenario", type=int, help="number of the scenario (workflow_id)")
        parser.add_argument("--matching", default="email")
        parser.add_argument("--match-field", default="", help="field name for --matching custom")
        parser.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="may be repeated")
        parser.add_argument("--auto-map", action="store_true", help="guess the columns that --map leaves open")
        parser.add_argument("--subscribe", action="append", default=[], metavar="CHANNEL=RESOURCE")
        parser.add_argument("--duplicates", choices=DUPLICATE_RULES, default="last")
        parser.add_argument("--phone-region", default="RU", help="country of phones without a code; '' for none")
        parser.add_argument("--skip-invalid-subscriptions", action="store_true")
        parser.add_argument("--detect-geo", action="store_true", default=None)
        triggers = parser.add_mutually_exclusive_group()
        triggers.add_argument("--skip-triggers", dest="skip_triggers", action="store_true", default=True)
        triggers.add_argument("--run-triggers", dest="skip_triggers", action="store_false")
        parser.add_argument("--yes", action="store_true", help='send what passed the check: a person\'s "Send"')
        waiting = parser.add_mutually_exclusive_group()
        waiting.add_argument("--wait", action="store_true", help="wait until workers have done it")
        waiting.add_argument("--drain", action="store_true", help="do the work here, without Redis or a worker")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object, last line")

    def handle(self, *args: Any, **options: Any) -> None:
        job = self._run(options)
        self._tell(job, as_json=options["json"])
        sys.exit(exit_status(job))

    def _run(self, options: dict[str, Any]) -> ImportJob:
        connection = find_connection(options["connection"])
        job = actions.create_job(chunks=_chunks(options["file"]), name=options["file"].name, by=None)
        actions.read_job(job.pk)
        job.refresh_from_db()
        if job.state != JobState.READ:
            return job
        actions.refresh_catalogue(connection, "databases", f"fields/{options['database']}")
        destination = _destination(options)
        mapping = _mapping(job, connection, destination, options)
        actions.map_columns(job, connection=connection, destination=destination, mapping=mapping, by=None)
        actions.begin_check(job, by=None)
        job = actions.drain(job.pk)
        if not options["yes"] or job.state != JobState.CHECKED:
            return job
        job = actions.start_job(job, by=None)
        if options["drain"]:
            return actions.drain(job.pk)
        tasks.ring_send(job)
        return _wait(job) if options["wait"] else job

    def _tell(self, job: ImportJob, *, as_json: bool) -> None:
        for code, params in _faults(job):
            self.stderr.write(fault_text(code, params))
        found = summary(job)
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        counts = ", ".join(f"{found[name]} {name}" for name in totals(job).terms())
        self.stdout.write(f"Job {job.pk} is {job.state}: {found['rows']} rows = {counts}.")
        for error in found["errors"]:
            self.stdout.write(f"  {error['count']} x {error['code']} {error['text']}")


def summary(job: ImportJob) -> dict[str, Any]:
    """The job as the plain object that `--json` prints."""
    sums = totals(job)
    return {
        "id": job.pk,
        "state": str(job.state),
        **sums.to_plain(),
        "batches": job.batches.leaves().count(),
        "attempts": sum(batch.attempts.count() for batch in job.batches.all()),
        "errors": [
            {"code": _code(r.code), "text": r.text or fault_text(r.code, {}, short=True), "count": r.count}
            for r in reasons(job)
        ],
    }


def exit_status(job: ImportJob) -> int:
    """0: all rows accepted; 4: finished, some not accepted; 3: waits for a person; 1: refused or failed."""
    if job.state in FINISHED:
        sums = totals(job)
        return ALL_ACCEPTED if sums.accepted == sums.rows else SOME_NOT_ACCEPTED
    return REFUSED if job.state == JobState.UNREADABLE else WAITS


def _faults(job: ImportJob) -> list[tuple[str, dict[str, str]]]:
    return [(told["code"], told["params"]) for told in (job.fault, job.hold) if told]


def _code(code: str) -> int | str:
    return int(code) if code.lstrip("-").isdigit() else code


def _chunks(path: Path) -> Any:
    try:
        stream = path.open("rb")
    except OSError as fault:
        raise CommandError(f"{path} cannot be opened: {fault.strerror}.", returncode=REFUSED) from None
    with stream:
        yield from iter(lambda: stream.read(CHUNK), b"")


def _destination(options: dict[str, Any]) -> Destination:
    rules = []
    for text in options["subscribe"]:
        channel, _, resource = text.partition("=")
        if not resource.isdigit():
            raise CommandError(f"--subscribe {text}: write CHANNEL=RESOURCE, e.g. email=28.", returncode=REFUSED)
        rules.append(SubscriptionRule(channel, int(resource)))
    return Destination(
        database_id=options["database"],
        operation=options["operation"],
        matching=options["matching"],
        match_field=options["match_field"],
        scenario_id=options["scenario"],
        skip_triggers=options["skip_triggers"],
        skip_invalid_subscriptions=options["skip_invalid_subscriptions"],
        detect_geo=options["detect_geo"],
        phone_region=options["phone_region"].upper(),
        duplicates=options["duplicates"],
        subscriptions=tuple(rules),
    )


def _mapping(job: ImportJob, connection: Connection, where: Destination, options: dict[str, Any]) -> ColumnMapping:
    fields = actions.target_fields(connection, where.database_id)
    chosen: dict[int, ColumnTarget] = {}
    for text in options["map"]:
        header, found, field = text.rpartition("=")
        if not found or not field:
            raise CommandError(f"--map {text}: write COLUMN=FIELD.", returncode=REFUSED)
        column = _column(job, header)
        chosen[column] = ColumnTarget(column, header, field)
    if options["auto_map"]:
        taken = {target.field for target in chosen.values()}
        for guess in actions.suggest_mapping(job, fields):
            if guess.field and guess.column not in chosen and guess.field not in taken:
                chosen[guess.column] = ColumnTarget(guess.column, job.headers[guess.column], guess.field)
    return ColumnMapping(tuple(chosen[column] for column in sorted(chosen)))


def _column(job: ImportJob, header: str) -> int:
    names = [name.strip().casefold() for name in job.headers]
    if header.strip().casefold() in names:
        return names.index(header.strip().casefold())
    known = ", ".join(name for name in job.headers if name) or "no names; the file has no header row"
    raise CommandError(f"The file has no column {header!r}. Its columns: {known}.", returncode=REFUSED)


def _wait(job: ImportJob) -> ImportJob:
    while job.state in MOVES_BY_ITSELF:
        time.sleep(0.5)
        job.refresh_from_db()
    return job
