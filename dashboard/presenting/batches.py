"""The batches of a job as a strip of squares with its legend, and the last tries as a table."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from django.utils.translation import gettext as _

from dashboard.badges import state_badge
from dashboard.figures import number
from dashboard.presenting.words import attempt_class
from imports.models import Attempt, Batch, ImportJob
from imports.states import BatchState

MOST_SQUARES = 384
LATEST = 6
PART = 32  # squares that are sent again together
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


@dataclass(frozen=True, slots=True)
class Part:
    """A run of squares with a name of its own, so that a page which has it need not be sent it again."""

    name: str
    squares: list[str]
    stamp: str


def parts_of(strip: Strip) -> list[Part]:
    """The squares in runs; `stamp` is other when a run looks other."""
    runs = [strip.squares[at : at + PART] for at in range(0, len(strip.squares), PART)]
    return [Part(f"strip-{place}", run, _stamp(run)) for place, run in enumerate(runs)]


def not_yet_shown(parts: list[Part], stamps: Sequence[str]) -> list[Part] | None:
    """The runs that look other than those a page has, by their stamps; None when it has none that fit."""
    if len(stamps) != len(parts):
        return None
    return [part for part, stamp in zip(parts, stamps, strict=True) if part.stamp != stamp]


def _stamp(squares: Sequence[str]) -> str:
    return f"{crc32(','.join(squares).encode()):08x}"


def latest_attempts(job: ImportJob) -> list[tuple[Attempt, str]]:
    """The last try of the batches tried last, newest first, each with what became of it in words."""
    tried = Batch.objects.filter(job=job, attempt__isnull=False).order_by("-attempt_id").select_related("attempt")
    latest = tried.defer("attempt__sealed_answer", "sealed_outcomes", "summary")[:LATEST]
    return [(attempt, attempt_class(attempt.kind)) for attempt in map(_with_batch, latest)]


def _with_batch(batch: Batch) -> Attempt:
    attempt = batch.attempt
    if attempt is None:
        raise ValueError("A batch that was tried has an attempt.")
    attempt.batch = batch
    return attempt


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
