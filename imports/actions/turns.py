"""Jobs take turns at what few processes do: a slice of one, then a slice of the next, and one large file at a time.

So 200 rows do not stand behind two million: they wait for the pieces under way, not for the files.
"""

import time
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import F, Q

from imports.actions import clock
from imports.actions.checking import check_next_slices, settle_dates
from imports.actions.planning import close_check
from imports.models import ImportJob
from imports.models.jobs import ImportJobQuerySet
from imports.states import JobState

LARGE_BYTES = 8_000_000  # a file that is read in seconds or minutes; its reader may take much memory, too


class Left(StrEnum):
    """What a turn leaves: nothing for this worker, more for it, or more than one worker can use."""

    NOTHING = "nothing"
    MORE = "more"
    FOR_MANY = "for many"


def check_in_turn(*, seconds: float) -> Left:
    """Do what is next for the jobs that are being checked, a piece of each in turn, until nothing is left or the time
    is over. A turn also ends when dates were decided: others found nothing to do before, and may help from now on."""
    end = time.monotonic() + seconds
    while (piece := check_next_piece()) is not None:
        if piece.opened:
            return Left.FOR_MANY
        if time.monotonic() > end:
            return Left.MORE
    return Left.NOTHING


class Piece(NamedTuple):
    """One piece of a check that was done; `opened` when the others could only begin after it."""

    job_id: int
    opened: bool = False


def check_next_piece() -> Piece | None:
    """Do one piece of the check whose turn it is: decide the order of its dates, check one slice, or close it.

    The job that waited longest goes first. None when other workers have all there is.
    """
    waiting = ImportJob.objects.filter(state=JobState.CHECKING).order_by(F("last_claim_at").asc(nulls_first=True), "pk")
    for number, orders in waiting.values_list("pk", "date_orders"):
        ImportJob.objects.filter(pk=number, state=JobState.CHECKING).update(last_claim_at=clock.now_in_statement())
        if orders is None and settle_dates(number):
            return Piece(number, opened=True)
        if check_next_slices(number, seconds=0.0) or close_check(number):
            return Piece(number)
    return None


def may_be_read_now(job_id: int) -> bool:
    """False for a large file while another large one is being read: the other processes are for everybody else."""
    return not _large().filter(pk=job_id).exists() or not _large_under_way(clock.now()).exclude(pk=job_id).exists()


def next_to_be_read() -> int | None:
    """The large file that has waited longest, when none is being read."""
    now = clock.now()
    if _large_under_way(now).exists():
        return None
    unread = Q(state=JobState.UPLOADED) & ~Q(kind="draft")
    left = Q(state=JobState.READING) & (Q(read_lease_until=None) | Q(read_lease_until__lt=now))
    return _large().filter(unread | left).order_by("pk").values_list("pk", flat=True).first()


def _large() -> ImportJobQuerySet:
    return ImportJob.objects.filter(source__size__gt=LARGE_BYTES)


def _large_under_way(now: datetime) -> ImportJobQuerySet:
    return _large().filter(state=JobState.READING, read_lease_until__gt=now)
