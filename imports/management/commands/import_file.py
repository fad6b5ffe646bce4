"""manage.py import_file FILE: everything the pages do with a file, for scripts."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from imports import actions, tasks
from imports.destination import Destination
from imports.management.base import REFUSED, DomainCommand, cancelled_when_refused
from imports.management.columns import add_column_arguments, left_out, mapping_from, refuse_unreadable_columns
from imports.management.commands.connection import find_connection
from imports.management.destination import (
    add_destination_arguments,
    catalogue_parts,
    destination_from,
    opened,
    refuse_unreadable_destination,
)
from imports.management.preset import add_preset_arguments, preset_named, put_on
from imports.management.teams import team_named
from imports.mapping import ColumnTarget
from imports.models import Connection, ImportJob, Preset
from imports.results import reasons, totals
from imports.states import FINISHED, MOVES_BY_ITSELF, PARKED_BATCHES, JobState
from imports.wording import fault_text

ALL_ACCEPTED, WAITS, SOME_NOT_ACCEPTED = 0, 3, 4
CHUNK = 1 << 20


class Command(DomainCommand):
    help = "Import a file into Altcraft: read, map, check and, with --yes, send."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--connection", default="", help="needed without --preset")
        parser.add_argument(
            "--team", default="", help="whose import it is; without it: the connection's or oldest team"
        )
        add_preset_arguments(parser)
        add_destination_arguments(parser)
        add_column_arguments(parser)
        parser.add_argument("--yes", action="store_true", help='send what passed the check: a person\'s "Send"')
        parser.add_argument(
            "--canary", type=int, default=0, metavar="N", help="send the first N rows alone, then wait: job go-on"
        )
        waiting = parser.add_mutually_exclusive_group()
        waiting.add_argument("--wait", action="store_true", help="wait until workers have done it")
        waiting.add_argument("--drain", action="store_true", help="do the work here, without Redis or a worker")
        parser.add_argument("--json", action="store_true", help="print the result as one JSON object, last line")

    def handle(self, *args: Any, **options: Any) -> None:
        job = self._run(options)
        self._tell(job, as_json=options["json"])
        sys.exit(exit_status(job))

    def _run(self, options: dict[str, Any]) -> ImportJob:
        preset = preset_named(options["preset"]) if options["preset"] else None
        connection = preset.connection if preset else find_connection(options["connection"])
        team = team_named(options["team"]) or (preset.team if preset else connection.team) or actions.team_for(None)
        actions.refuse_foreign(connection, team.pk)
        _refuse_early(connection, preset, options)
        job = actions.create_job(chunks=_chunks(options["file"]), name=options["file"].name, by=None, team=team)
        actions.read_job(job.pk)
        job.refresh_from_db()
        if job.state != JobState.READ:
            return job
        with cancelled_when_refused(job):
            self._map(job, connection, preset, options)
            actions.begin_check(job, by=None)
        job = actions.drain(job.pk)
        if not options["yes"] or job.state != JobState.CHECKED:
            return job
        try:
            if actions.needs_second(job):
                return self._ask(job, options)
            job = actions.start_job(job, by=None, first_rows=options["canary"], shape_seen=options["shape_seen"])
        except actions.Refused as refused:
            if refused.code != "shape_asks":
                raise
            self.stderr.write(fault_text(refused.code, refused.params))
            return job
        if options["drain"]:
            with actions.shown_alive():
                return actions.drain(job.pk)
        tasks.ring_send(job)
        return _wait(job) if options["wait"] else job

    def _map(self, job: ImportJob, connection: Connection, preset: Preset | None, options: dict[str, Any]) -> None:
        kept: dict[int, ColumnTarget] = {}
        if preset:
            destination, kept = put_on(job, preset)
        else:
            destination = destination_from(job, connection, options)
        actions.refresh_catalogue(connection, *_field_lists(destination))
        mapping = mapping_from(job, connection, destination.database_id, options, kept)
        if options["auto_map"] and (left := left_out(job, mapping)):
            self.stderr.write(f"Not imported: {', '.join(left)}. Name a field with --map where one should be.")
        actions.map_columns(job, connection=connection, destination=destination, mapping=mapping, by=None)

    def _ask(self, job: ImportJob, options: dict[str, Any]) -> ImportJob:
        """In place of sending: any approver of the team may answer, and then it is sent."""
        actions.ask_approval(job, by=None, first_rows=options["canary"], shape_seen=options["shape_seen"])
        self.stderr.write(fault_text("approval_open", {}))
        job.refresh_from_db()
        return job

    def _tell(self, job: ImportJob, *, as_json: bool) -> None:
        for code, params in _faults(job):
            self.stderr.write(fault_text(code, params))
        for line in _waiting_batches(job):
            self.stderr.write(line)
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


def _waiting_batches(job: ImportJob) -> Iterator[str]:
    """What a person is waited for: each batch nobody knows about or that is held, and what came of its last try."""
    for batch in job.batches.filter(state__in=PARKED_BATCHES).select_related("attempt").order_by("first_row"):
        reason = (batch.attempt.reason if batch.attempt else "") or batch.held_for
        told = fault_text(reason, {}) if reason else ""
        one = batch.first_row == batch.last_row
        where = f"row {batch.first_row}" if one else f"rows {batch.first_row} to {batch.last_row}"
        yield f"Batch {batch.number}, {where}, is {batch.state}. {told}".rstrip()


def _code(code: str) -> int | str:
    return int(code) if code.lstrip("-").isdigit() else code


def _refuse_early(connection: Connection, preset: Preset | None, options: dict[str, Any]) -> None:
    """What can be refused without the file is refused before there is an import. Raise CommandError, Refused."""
    actions.refuse_switched_off(connection)
    actions.refuse_first_rows(options["canary"])
    refuse_unreadable_columns(options)
    actions.refresh_catalogue(connection, *catalogue_parts(options))
    if preset is None:
        refuse_unreadable_destination(connection, options)


def _chunks(path: Path) -> Any:
    with opened(path) as stream:
        yield from iter(lambda: stream.read(CHUNK), b"")


def _field_lists(where: Destination) -> list[str]:
    own = {f"resource_fields/{rule.resource_id}/{rule.channel}" for rule in where.subscriptions if rule.custom_fields}
    return [f"fields/{where.database_id}", *sorted(own)]


def _wait(job: ImportJob) -> ImportJob:
    while job.state in MOVES_BY_ITSELF and not actions.waits_for_switch(job):
        time.sleep(0.5)
        job.refresh_from_db()
    return job
