"""Doorbells. A message holds one id and means "look at this": losing one costs seconds, a doubled one is a no-op.

No task decides anything; what is left to do is always read from the database.
"""

import logging
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

from celery import Task, shared_task
from django.db import transaction

from imports import actions
from imports.bells import ring_now
from imports.models import ImportJob
from imports.results import totals
from imports.seats import SHORT, Seats
from imports.states import JobState

log = logging.getLogger(__name__)

TURN_SECONDS = 2.0  # then the next job in the line gets its turn
INLINE_BYTES = 1_000_000  # smaller files are read while the person waits: quicker than ringing
INLINE_ROWS = 2_000
CHECKERS = 2
SEATS = Seats()


@shared_task(name="imports.tasks.read_job")
def read_job(job_id: int, **_: Any) -> None:
    if not actions.may_be_read_now(job_id):
        return  # whoever reads the other one rings for it
    actions.read_job(job_id)
    if (waiting := actions.next_to_be_read()) is not None:
        ring(read_job, waiting)
    if ImportJob.objects.filter(pk=job_id, state=JobState.CHECKING).exists():
        ring_check(job_id)
    actions.look_over(job_id)


@shared_task(name="imports.tasks.check_job")
def check_job(job_id: int, **_: Any) -> None:
    """Check for a turn, whichever jobs have waited longest; then let what else is on the queue have its turn."""
    left = actions.check_in_turn(seconds=TURN_SECONDS)
    if left is actions.Left.FOR_MANY:
        ring_check(job_id)
    elif left is actions.Left.MORE:
        ring(check_job, job_id)


@shared_task(name="imports.tasks.send_batches")
def send_batches(connection_id: int, **_: Any) -> None:
    """Send ready batches of one connection for a turn, then ring again and let others have theirs."""
    with SEATS.taken(connection_id) as mine:
        if mine:
            _send_for_a_turn(connection_id)
    sweep_if_due()


def _send_for_a_turn(connection_id: int) -> None:
    end = time.monotonic() + TURN_SECONDS
    while time.monotonic() < end:
        step = actions.send_next_batch(connection_id)
        if not isinstance(step, actions.Later):
            continue
        if not SEATS.wait(connection_id, step.seconds):
            settle_connection(connection_id)
            return
        if step.seconds and step.seconds > SHORT:  # the others did not wait
            ring_connection(connection_id)
    ring(send_batches, connection_id)


@shared_task(name="imports.tasks.prepare_files")
def prepare_files(job_id: int, **_: Any) -> None:
    actions.prepare_files(job_id)


@shared_task(name="imports.tasks.sweep")
def sweep(**_: Any) -> None:
    ring_bells(actions.reconcile())
    actions.clear_shelf()
    actions.write_missing_people()
    ring_letters()
    ring_purge()


@shared_task(name="imports.tasks.find_people")
def find_people(search_id: int, **_: Any) -> None:
    """Look for a person for a turn, then let what else is on the queue have its turn."""
    if actions.go_on_looking(search_id, seconds=TURN_SECONDS):
        ring(find_people, search_id)


@shared_task(name="imports.tasks.erase_people")
def erase_people(_number: int = 0, **_: Any) -> None:
    """Whatever this leaves undone, the sweep finds again."""
    actions.carry_out_due_erasures()


@shared_task(name="imports.tasks.purge")
def purge(_number: int = 0, **_: Any) -> None:
    actions.run_retention_if_due()


@shared_task(name="imports.tasks.verify_history")
def verify_history(**_: Any) -> None:
    if not (found := actions.verify_history()).intact:
        log.error("the history is not as it was written: %s", ", ".join(one.kind for one in found.broken))


@shared_task(name="imports.tasks.send_letters")
def send_letters(_number: int = 0, **_: Any) -> None:
    actions.send_links()
    actions.send_letters()


def ring_letters() -> None:
    """Letters are never sent by who moves an import or answers a page, and go within a sweep of what they tell."""
    if actions.links_are_due() or actions.letters_due().exists():
        ring(send_letters, 0)


def ring_purge() -> None:
    """Data whose days are full goes also where no scheduler runs."""
    if actions.retention_is_due():
        ring(purge, 0)


def sweep_if_due() -> None:
    """Every worker sweeps when nobody has for a while: work goes on without the scheduler."""
    ring_bells(actions.reconcile_if_due())
    ring_letters()
    ring_purge()


def ring_bells(bells: "Iterable[actions.Bell]") -> None:
    for bell in bells:
        ring_bell(bell)


def ring_bell(bell: "actions.Bell") -> None:
    if bell.kind == "send":
        job = ImportJob.objects.select_related("connection").get(pk=bell.number)
        ring_send(job)
    elif bell.kind == "check":
        ring_check(bell.number)
    elif bell.kind == "find":
        ring(find_people, bell.number)
    elif bell.kind == "erase":
        ring(erase_people, bell.number)
    elif bell.kind == "prepare":
        ring(prepare_files, bell.number)
    else:
        ring(read_job, bell.number)


def read_soon(job: ImportJob) -> None:
    """Read a small file at once, ring for a large one. What was typed is checked as soon as it is read."""
    if job.source.size > INLINE_BYTES if job.source is not None else not _gathers_few(job):
        ring(read_job, job.pk)
        return
    actions.read_job(job.pk)
    job.refresh_from_db()
    if job.state == JobState.CHECKING:
        check_soon(job)


def _gathers_few(job: ImportJob) -> bool:
    """Whether a follow-up has few rows to gather from the import it follows."""
    if job.gathers is None or job.follows is None:
        return False
    return totals(job.follows).terms()[job.gathers["outcome"]] <= INLINE_ROWS


def check_soon(job: ImportJob) -> None:
    """Check a small table at once, ring for a large one. What the storage has no room for now, the sweep finds."""
    if job.rows > INLINE_ROWS:
        ring_check(job.pk)
        return
    try:
        actions.settle_dates(job.pk)
        actions.check_next_slices(job.pk, seconds=TURN_SECONDS)
        actions.close_check(job.pk)
    except OSError:
        log.exception("job %s could not be checked at once", job.pk)


def ring_check(job_id: int) -> None:
    for _ in range(CHECKERS):
        ring(check_job, job_id)


def ring_send(job: ImportJob) -> None:
    if job.connection is not None:
        for _ in range(min(job.connection.parallel, job.batches.count() or 1)):
            ring(send_batches, job.connection.pk)


def ring_connection(connection_id: int) -> None:
    """Ring for every job of this connection that is being sent."""
    for job in ImportJob.objects.filter(connection_id=connection_id, state=JobState.SENDING).select_related(
        "connection"
    ):
        ring_send(job)


def ring(task: "Task[Any, Any]", number: int) -> None:
    """Ring after the commit. A broker that is down costs nothing but the wait for the next sweep."""
    transaction.on_commit(partial(ring_now, task, number), robust=True)


def settle_connection(connection_id: int) -> None:
    for job_id in ImportJob.objects.looked_after().filter(connection_id=connection_id).values_list("pk", flat=True):
        actions.settle_job(job_id)
