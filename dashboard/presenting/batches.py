"""The batches of a job as a strip of squares with its legend, and the last tries as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.badges import state_badge
from dashboard.figures import number
from dashboard.presenting.words import attempt_class
from imports.models import Attempt, Batch, ImportJob
from imports.states import BatchState

MOST_SQUARES = 384
LATEST = 6
B = BatchState
# What a square of several batches shows: what needs a look before what runs, what runs before what is over.
WEIGHT = (
    *(B.UNKNOWN, B.HELD, B.SENDING, B.REFUSED, B.READY, B.FROZEN),
    *("answered_partly", B.CANCELLED, B.RESOLVED, B.ANSWERED),
)


@dataclass(frozen=True, slots=True)
class Strip:
    """`squares` in the order of the file; each stands for `each` batches. `legend` is (mark, words, batches), `most`
    how many profiles the largest batch has."""

    squares: list[str]
    each: int
    count: int
    legend: list[tuple[str, object, int]]
    label: str
    most: int = 0


def strip_of(job: ImportJob) -> Strip:
    """The batches that stand for rows, at most a few hundred squares of them."""
    leaves = Batch.objects.filter(job=job).leaves().order_by("first_row")
    found = list(leaves.values_list("state", "rejected", "rows"))
    marks = [_mark(state, rejected) for state, rejected, _rows in found]
    most = max((rows for _state, _rejected, rows in found), default=0)
    each = -(-len(marks) // MOST_SQUARES) or 1
    squares = [min(marks[i : i + each], key=WEIGHT.index) for i in range(0, len(marks), each)]
    return Strip(squares, each, len(marks), _legend(marks), _spoken(marks, each), most)


def latest_attempts(job: ImportJob) -> list[tuple[Attempt, str]]:
    """The last try of the batches tried last, newest first, each with what became of it in words."""
    tried = Batch.objects.filter(job=job, attempt__isnull=False).order_by("-attempt_id")
    ids = list(tried.values_list("attempt_id", flat=True)[:LATEST])
    tries = Attempt.objects.filter(pk__in=ids).select_related("batch").order_by("-pk")
    plain = tries.defer("sealed_answer", "batch__sealed_outcomes")
    return [(attempt, attempt_class(attempt.kind)) for attempt in plain]


def _mark(state: str, rejected: int) -> str:
    return "answered_partly" if state == B.ANSWERED and rejected else state


def _legend(marks: Sequence[str]) -> list[tuple[str, object, int]]:
    counts = Counter(marks)
    return [(mark, state_badge(mark, "batch").label, counts[mark]) for mark in reversed(WEIGHT) if counts[mark]]


def _spoken(marks: Sequence[str], each: int) -> str:
    """In words where a square stands for several batches; "" where the squares speak for themselves."""
    if each == 1:
        return ""
    told = ", ".join(f"{label} {number(count)}" for _mark, label, count in _legend(marks))
    return _("Batches: %(count)s. %(states)s") % {"count": number(len(marks)), "states": told}
