"""What a stage of chaos has come to, in figures. Asked inside the house, after calm."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from imports.models import Attempt, Batch, ImportJob
from imports.results import totals
from imports.states import BatchState
from tests.faults.ledger import rows_of

COST_BATCHES = 60


def gather(*, people: dict[str, int], deliveries: list[dict[str, Any]], killed: dict[str, float]) -> dict[str, Any]:
    """Counts over all jobs; the judge has its own words for what is wrong."""
    found: Counter[str] = Counter()
    reached = {delivery["request_id"] for delivery in deliveries}
    for job in ImportJob.objects.exclude(connection=None):
        found["rows"] += job.rows
        found["unsafe rows"] += 0 if job.repeatable else job.rows
        sums = totals(job)
        found["without a state"] += sums.pending - _held(job) if sums.closes else job.rows
        for row in rows_of(job):
            times = people.get(row.cells[0], 0)
            found[str(row.outcome)] += 1
            found["unsafe applied twice"] += not job.repeatable and times > 1
            found["accepted, never arrived"] += row.outcome == "accepted" and not times
            found["unknown, applied"] += row.outcome == "unknown" and times > 0
        lost = Batch.objects.filter(job=job, state=BatchState.UNKNOWN)
        found["false unknown"] += sum(batch.rows for batch in lost if str(batch.request_id) not in reached)
    found["attempts"] = Attempt.objects.count()
    found["batches"] = Batch.objects.count()
    return {**found, "recoveries": _recoveries(killed)}


def _held(job: ImportJob) -> int:
    return sum(Batch.objects.filter(job=job, state=BatchState.HELD).values_list("rows", flat=True))


def _recoveries(killed: dict[str, float]) -> list[float]:
    """Seconds from the kill of a process to when its batch was given back or parked."""
    given_back = Attempt.objects.filter(reason="worker_lost").exclude(ended_at=None)
    ended = [(one.worker.split(":")[1], one.ended_at.timestamp()) for one in given_back if one.ended_at]
    return sorted(at - killed[pid] for pid, at in ended if pid in killed)


def cost(*, job: int) -> tuple[float, float]:
    """Milliseconds a batch costs besides its call (claim, mark, result, history), and those of our own processor.

    Sends nothing.
    """
    from imports.actions import sending
    from imports.altcraft import Answer, AnswerClass

    class Nobody:
        def send(self, request: Any, profiles: Any, *, before_wire: Any, **_: Any) -> Answer:
            assert before_wire()
            rows = tuple((0, "", "f" * 24) for _ in profiles)
            return Answer(kind=AnswerClass.ANSWERED, http_status=200, error=0, rows=rows)

    called, sending._client = sending._client, lambda _: Nobody()  # type: ignore[assignment,return-value]
    account = ImportJob.objects.get(pk=job).connection_id
    assert account is not None
    try:
        began, worked = time.perf_counter(), time.process_time()
        for _ in range(COST_BATCHES):
            sending.send_next_batch(account, job_id=job)
        each = 1000 / COST_BATCHES
        return (time.perf_counter() - began) * each, (time.process_time() - worked) * each
    finally:
        sending._client = called
