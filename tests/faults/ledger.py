"""What the platform knows about one import, and the invariants held against it after every fault.

The judge is the platform's own book: whom it took how often, and every request that reached it. Each row of these
files has an e-mail of its own in the first column.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from imports.models import Attempt, Batch, HistoryEvent, ImportJob, RowSlice
from imports.results import Row, slice_rows, totals
from imports.states import FINISHED, MOVES_BY_ITSELF, WAITS_FOR_PERSON, AttemptState, BatchState, JobState, Outcome
from tests.factories import fresh

B = BatchState
TOLD = frozenset({B.ANSWERED, B.REFUSED, B.SPLIT, B.HELD, B.UNKNOWN})
BY_DECISION = ("arrived", "not_arrived", "close")
RESOLVING = ("batch_decided", "batches_decided", "batch_resolved", "job_cancelled")
SENDS_AGAIN = ("repeat", "again")


@dataclass(frozen=True)
class Book:
    """`applied` by e-mail; `deliveries` are (Request-ID, sha256 of the whole body); `secrets` may be seen nowhere.

    `rotated`: the token, which is part of the body, was changed between two deliveries.
    """

    applied: Callable[[str], int]
    deliveries: list[tuple[str, str]]
    secrets: tuple[str, ...] = ()
    rotated: bool = False


def book_of(sandbox: Any) -> Book:
    """The book of a sandbox."""
    platform = sandbox.platform
    return Book(
        platform.times_applied, [(each.request_id, each.sha256) for each in platform.deliveries], (platform.token,)
    )


def rows_of(job: ImportJob) -> list[Row]:
    """Every row of the file with its outcome, in file order."""
    return [row for row_slice in RowSlice.objects.current(job) for row in slice_rows(job, row_slice)]


def violations(job: ImportJob, book: Book, *, logged: str = "") -> list[str]:
    """Every broken invariant, in words; [] when all of I1 to I6 hold."""
    job = fresh(job)
    rows = rows_of(job)
    return [
        *_accounted_once(job, rows),
        *_told_truly(job, rows, book),
        *_delivered_as_noted(job, book),
        *_in_the_history(job),
        *_secrets_kept(rows, book, logged),
    ]


def _accounted_once(job: ImportJob, rows: list[Row]) -> Iterator[str]:
    """I1: each row in one place, the sum closes over independent counts, and somebody owns what is not final."""
    sums = totals(job)
    if not sums.closes or sums.rows != len(rows):
        yield f"I1: the sum does not close: {sums}"
    counted = Counter(str(row.outcome) for row in rows)
    if counted != Counter({name: count for name, count in sums.terms().items() if count}):
        yield f"I1: rows say {counted}, sums say {sums.terms()}"
    if job.state in FINISHED and sums.pending:
        yield f"I1: {job.state} with {sums.pending} rows pending"
    if job.state not in FINISHED | WAITS_FOR_PERSON | MOVES_BY_ITSELF:
        yield f"I1: nobody owns {job.state}"
    if job.state == JobState.NEEDS_DECISION and not job.batches.filter(state__in=[B.UNKNOWN, B.HELD]).exists():
        yield "I1: it waits for a decision and there is nothing to decide"


def _told_truly(job: ImportJob, rows: list[Row], book: Book) -> Iterator[str]:
    """I2 and I3: nobody twice without a decision; accepted means applied, not accepted means not applied."""
    leaves = {batch.number: batch for batch in job.batches.leaves()}
    for row in rows:
        batch = leaves.get(row.batch) if row.batch is not None else None
        times, again = book.applied(row.cells[0]), _repeats(batch)
        if not job.repeatable and times > 1 + again:
            yield f"I2: row {row.number} applied {times} times with {again} decisions to send again"
        if batch is not None and batch.resolved_as in BY_DECISION:
            continue
        if row.outcome == Outcome.ACCEPTED and not times:
            yield f"I3: row {row.number} is accepted and never arrived"
        if row.outcome in (Outcome.REJECTED, Outcome.NOT_SENT, Outcome.INVALID) and times:
            yield f"I3: row {row.number} is {row.outcome} and was applied {times} times"
        if row.outcome == Outcome.ACCEPTED and not row.profile_id and not job.destination_plain.get("scenario_id"):
            yield f"I3: row {row.number} is accepted without a profile"


def _repeats(batch: Batch | None) -> int:
    count = 0
    while batch is not None:
        count += batch.decisions.filter(choice__in=SENDS_AGAIN).count()
        batch = batch.parent
    return count


def _delivered_as_noted(job: ImportJob, book: Book) -> Iterator[str]:
    """I4: every delivery has its own marked attempt, and one Request-ID always carries the same bytes."""
    marked = Counter(str(one.request_id) for one in Attempt.objects.exclude(on_wire_at=None))
    delivered = Counter(request_id for request_id, _ in book.deliveries)
    for request_id, count in delivered.items():
        if count > marked[request_id]:
            yield f"I4: {request_id} was delivered {count} times and marked {marked[request_id]} times"
    bodies = {(request_id, sha256) for request_id, sha256 in book.deliveries}
    if len(bodies) > len(delivered) and not book.rotated:
        yield "I4: a Request-ID was repeated with another body"
    for request_id in delivered:
        noted = Attempt.objects.filter(request_id=request_id).exclude(on_wire_at=None)
        if noted.values("body_sha256").distinct().count() != 1:
            yield f"I4: the attempts of {request_id} note different bodies"
    if job.state in FINISHED and Attempt.objects.filter(batch__job=job, state=AttemptState.ON_WIRE).exists():
        yield "I4: it is finished with an attempt still on the wire"


def _in_the_history(job: ImportJob) -> Iterator[str]:
    """I5: every state that an answer, a death or a person led to has its line."""
    lines = list(HistoryEvent.objects.of_job(job.pk))
    verbs = {line.verb for line in lines}
    if job.state in (*FINISHED, JobState.HELD, JobState.NEEDS_DECISION):
        wanted = {JobState.CANCELLED: {"job_cancelled"}}.get(JobState(job.state), {f"job_{job.state}"})
        if not wanted & verbs:
            yield f"I5: the history does not say how the job became {job.state}"
    for batch in job.batches.filter(state__in=TOLD):
        if not any(line.verb == f"batch_{batch.state}" and _names(line, batch) for line in lines):
            yield f"I5: the history does not say how batch {batch.number} became {batch.state}"
    by_cancel = job.batches.filter(state=B.RESOLVED, resolved_as="stopped")
    if by_cancel.exists() and "job_cancelled" not in verbs:
        yield "I5: the history does not say that it was cancelled"
    for batch in job.batches.filter(state=B.RESOLVED).exclude(pk__in=by_cancel):
        if not any(_names(line, batch) for line in lines if line.verb in RESOLVING):
            yield f"I5: the history does not say how batch {batch.number} was resolved"


def _names(line: HistoryEvent, batch: Batch) -> bool:
    return line.details.get("batch") == batch.number or batch.number in line.details.get("numbers", ())


def _secrets_kept(rows: list[Row], book: Book, logged: str) -> Iterator[str]:
    """I6: neither the token nor a person of the file in logs, history or any plain column."""
    people = [row.cells[0] for row in rows if "@" in row.cells[0]]
    places = {"the logs": logged, "the database": plain_columns()}
    for where, text in places.items():
        if any(secret in text for secret in book.secrets):
            yield f"I6: the token is in {where}"
        if any(person in text for person in people):
            yield f"I6: a person of the file is in {where}"


def plain_columns() -> str:
    """Every value of our tables as a reader of a database dump sees it."""
    return "\n".join(
        str(row) for model in apps.get_app_config("imports").get_models() for row in model._default_manager.values()
    )


def e_mails(body: bytes) -> list[str]:
    """The people of a request's body."""
    return [str(person.get("data", person).get("email")) for person in json.loads(body).get("data", ())]
