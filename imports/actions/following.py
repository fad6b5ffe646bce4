"""Imports that follow another one: its rows that did not get in, sent again to the same place in the same way.

Either we gather the rows ourselves ("retry only the rejected"), or a person brings a downloaded file back, mended, and
its rows are known by their keys. Both read their rows from a file like any import, and have row keys in it.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction

from imports.actions.errors import Refused
from imports.actions.followed import FOLLOWED, row_keys
from imports.actions.mapping import judged_choices, record_mapped
from imports.actions.permits import void_approval
from imports.actions.uploads import SOURCE
from imports.destination import Destination
from imports.history import name_of, record
from imports.mapping import Fit, fit, fitted_mapping, fitted_rules
from imports.models import Connection, ImportJob, SourceFile
from imports.reading import DELIMITED, ROW_KEY, ReadOptions, defused, row_key_column
from imports.results import Row, RowFilter, row_page
from imports.rowkeys import KeyRing
from imports.states import BEFORE_SENDING, FINISHED, MAY_BE_MAPPED, SENT_OR_SENDING, Outcome

FOLLOW_UP = "followup"  # ImportJob.kind
MAY_BE_GATHERED = frozenset({Outcome.REJECTED, Outcome.INVALID, Outcome.NOT_SENT})
PAGE = 2_000  # rows held at a time
LOOKED_INTO = 20_000  # rows of an uploaded file, to tell whose they are


@dataclass(frozen=True, slots=True)
class Recognised:
    """Rows of an uploaded file (`job`) that carry keys of `original`; `others` carry none, a broken one or another
    import's. Counted among the first LOOKED_INTO rows."""

    job: ImportJob
    original: ImportJob
    rows: int
    others: int


def follow_up(job: ImportJob, wanted: RowFilter, *, by: Any) -> ImportJob:
    """A new import of the rows of `job` that ended like this, to the same place with the same columns. Whoever reads it
    gathers the rows. Rows whose outcome is unknown are never among them. Asked for once more before it is sent, it is
    the same import.

    Raise Refused: "not_followable" (outcome or state), "nothing_to_follow", MappingRefused when the place is gone.
    """
    over = job.state in FINISHED or wanted.outcome == Outcome.REJECTED
    if wanted.outcome not in MAY_BE_GATHERED or job.state not in SENT_OR_SENDING or not over:
        raise Refused("not_followable")
    if not row_page(job, wanted, size=1)[0]:
        raise Refused("nothing_to_follow")
    gathers = {"outcome": wanted.outcome, "code": wanted.code, "text": wanted.text, "column": wanted.column}
    waiting = job.followups.filter(created_by=by, kind=FOLLOW_UP, state__in=BEFORE_SENDING)
    if known := next((one for one in waiting if one.gathers == gathers), None):
        return known
    connection, destination = _place_of(job)
    kept = judged_choices(connection, destination, job.mapping, team_id=job.team_id, width=len(job.headers), by=by)
    made = ImportJob(title=job.title, kind=FOLLOW_UP, follows=job, skip_sent=FOLLOWED, **kept)
    made.team_id, made.created_by = job.team_id, by
    made.created_by_name = name_of(by)
    made.gathers = gathers
    made.read_options = ReadOptions(DELIMITED).to_plain()
    _copy_attachments(job, made, destination)
    with transaction.atomic():
        made.save()
        record("job_followed", by=by, job=made, followed=job.pk, outcome=wanted.outcome, code=wanted.code)
        record_mapped(made, connection, destination, made.mapping, by=by)
    return made


def gather_rows(job: ImportJob) -> None:
    """Write the rows a follow-up gathers as its source, some at a time; once more is harmless.

    Raise FileNotFoundError or Sealed when the rows of the import it follows are gone.
    """
    if job.gathers is None or job.follows is None or job.source is not None:
        return
    size, sha256 = job.vault.put_stream(SOURCE, _lines(job.follows, RowFilter(**job.gathers)))
    with transaction.atomic():
        job.source = SourceFile.objects.create(name=job.title, size=size, sha256=sha256)
        job.save(update_fields=["source"])


def recognise(job: ImportJob) -> Recognised | None:
    """The import of the same team most rows of an uploaded file belong to, by the keys they carry; None for a file
    without any, and for one of another team: of that nothing is known here."""
    if job.follows_id is not None or row_key_column(job.headers) is None:
        return None
    first = list(islice(row_keys(job), LOOKED_INTO))
    seen: Counter[UUID] = Counter(key.job for _, key in first if key is not None)
    ours = ImportJob.objects.select_related("connection").filter(team=job.team_id).exclude(pk=job.pk)
    for uuid, rows in seen.most_common():
        original = ours.filter(uuid=uuid).first()
        if original is not None and original.destination_plain:
            return Recognised(job, original, rows, len(first) - rows)
    return None


def bring_in_as_follow_up(job: ImportJob, *, by: Any) -> ImportJob:
    """Take an uploaded file for what it is: rows of an earlier import, mended. They go where those went, by the same
    columns; what was accepted there is set aside. Raise Refused: "not_recognised", "columns_missing", MappingRefused.
    """
    found = recognise(job)
    if found is None:
        raise Refused("not_recognised")
    original, (connection, destination) = found.original, _place_of(found.original)
    fitted = _fitted(original, destination, job.headers)
    mapping = fitted_mapping(original.mapping, fitted, job.headers)
    destination = replace(destination, subscriptions=fitted_rules(destination.subscriptions, fitted))
    kept = judged_choices(connection, destination, mapping, team_id=job.team_id, width=len(job.headers), by=by)
    with transaction.atomic():
        waiting = ImportJob.objects.filter(pk=job.pk, state__in=MAY_BE_MAPPED)
        followed = {"follows": original, "skip_sent": FOLLOWED}
        if not waiting.update(state="read", checked_at=None, **followed, **kept):
            raise Refused("not_mappable_now")
        record("job_followed", by=by, job=job, followed=original.pk, rows=found.rows, others=found.others)
        record_mapped(job, connection, destination, mapping, by=by)
        void_approval(job, by=by, why="edited")
    job.refresh_from_db()
    _copy_attachments(original, job, destination)
    return job


def _copy_attachments(original: ImportJob, job: ImportJob, destination: Destination) -> None:
    """Files that go with the messages of a scenario lie in the vault of each import."""
    for one in destination.attach:
        if one.vault:
            job.vault.put(one.vault, original.vault.get(one.vault))


def _fitted(original: ImportJob, destination: Destination, headers: list[str]) -> Fit:
    """Where the used columns stand now, by their names alone: rows that come back keep their headers."""
    rules = (column for rule in destination.subscriptions for column in rule.columns())
    used = sorted({*(target.column for target in original.mapping.targets), *rules})
    fitted = fit(original.headers, headers, used, ())
    lost = [*fitted.missing, *(old for old, _ in fitted.renamed if old in used)]
    if lost:
        names = ", ".join(original.headers[place] or str(place + 1) for place in sorted(lost))
        raise Refused("columns_missing", columns=names)
    return fitted


def _place_of(job: ImportJob) -> tuple[Connection, Destination]:
    if job.connection is None or job.destination is None:
        raise Refused("not_followable")
    return job.connection, job.destination


def _lines(job: ImportJob, wanted: RowFilter) -> Iterator[bytes]:
    ring = KeyRing()
    yield _line([*job.headers, ROW_KEY])
    for row in _every(job, wanted):
        yield _line([*map(defused, row.cells), ring.make(job.uuid, row.number)])


def _every(job: ImportJob, wanted: RowFilter) -> Iterator[Row]:
    after, more = 0, True
    while more:
        rows, more = row_page(job, wanted, after=after, size=PAGE)
        yield from rows
        after = rows[-1].number if rows else after


def _line(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
