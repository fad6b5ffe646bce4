"""People typed into a form: the same check as for a file, and a job that knows from its first moment where they go."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from imports.actions.attachments import keep_attachments
from imports.actions.connections import mapped_fields
from imports.actions.errors import not_stored
from imports.actions.mapping import judged_choices, record_mapped
from imports.actions.preparing import judge
from imports.actions.reaching import team_of_account
from imports.actions.uploads import SOURCE
from imports.destination import Destination
from imports.history import name_of, record
from imports.mapping import ColumnMapping, ColumnTarget, Kind, Problem
from imports.models import Connection, ImportJob, SourceFile
from imports.reading import RECORDS, ReadOptions
from imports.validation import date_evidence, decided_order

Rows = Sequence[Sequence[str]]


def typed_problems(
    connection: Connection, destination: Destination, mapping: ColumnMapping, columns: Rows
) -> list[Problem]:
    """What the check would find in these cells, a list for each column; nothing is stored, nothing is sent."""
    fields = mapped_fields(connection, destination.database_id, mapping)
    ordered = (
        _with_order(target, columns[target.column]) if fields[target.field].kind == Kind.DATE else target
        for target in mapping.targets
    )
    return judge(connection, destination, ColumnMapping(tuple(ordered)), columns).problems


def create_typed_job(
    *,
    headers: Sequence[str],
    rows: Rows,
    title: str,
    connection: Connection,
    destination: Destination,
    mapping: ColumnMapping,
    entry: UUID,
    by: Any,
) -> ImportJob:
    """Typed rows as a file of JSON Lines, whose line numbers are the rows' numbers in the form; then the same road.

    Where they go is kept with the job as it is made, so that it does not matter which process reads it, or when. What
    was typed once is one job: the same `entry` gives it again, however often it comes. Raise MappingRefused, Refused.
    """
    team = team_of_account(connection, by)
    kept = judged_choices(connection, destination, mapping, team_id=team.pk, width=len(headers), by=by)
    kept |= {"team": team, "created_by": by, "created_by_name": name_of(by)}
    job = ImportJob(uuid=entry, title=title, kind="form", **kept)
    job.destination_plain = keep_attachments(job, destination, by=by).to_plain()
    job.read_options = ReadOptions(RECORDS, delimiter="", header_row=0).to_plain()
    try:
        with transaction.atomic():
            return _made_before(job) or _store(job, _lines(headers, rows), mapping)
    except IntegrityError:  # the other click was quicker
        if made := _made_before(job):
            return made
        raise


def _made_before(job: ImportJob) -> ImportJob | None:
    return ImportJob.objects.filter(uuid=job.uuid, created_by=job.created_by).first()


def _store(job: ImportJob, lines: bytes, mapping: ColumnMapping) -> ImportJob:
    """The row takes its place first, so that of two clicks one waits here; the bytes are there before anybody can
    see it."""
    job.save(force_insert=True)
    try:
        size, sha256 = job.vault.put_stream(SOURCE, [lines])
    except OSError as fault:
        raise not_stored(fault) from fault
    job.source = SourceFile.objects.create(name=job.title, size=size, sha256=sha256)
    job.save(update_fields=["source"])
    record("job_created", by=job.created_by, job=job, size=size, sha256=sha256, kind=job.kind)
    if job.connection is not None and job.destination is not None:
        record_mapped(job, job.connection, job.destination, mapping, by=job.created_by)
    return job


def _lines(headers: Sequence[str], rows: Rows) -> bytes:
    """A JSON object a row; an empty row is an empty line and keeps its number."""
    found = (dict(zip(headers, row, strict=True)) if any(cell.strip() for cell in row) else None for row in rows)
    return b"\n".join(b"" if one is None else orjson.dumps(_storable(one)) for one in found) + b"\n"


def _storable(cells: dict[str, str]) -> dict[str, str]:
    """Lone surrogates, which no UTF-8 can hold, as the sign that stands for what cannot be read."""
    return {name: cell.encode("utf-8", "replace").decode() for name, cell in cells.items()}


def _with_order(target: ColumnTarget, cells: Sequence[str]) -> ColumnTarget:
    """The order of day and month as the check decides it: once, by the whole column."""
    return replace(target, date_order=target.date_order or decided_order(date_evidence(cells)))
