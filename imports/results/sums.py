"""The sum that closes, and the reasons behind its terms; computed from batch and slice summaries, never from rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Sum

from imports.models import Batch, ImportJob, RowSlice
from imports.states import BatchState, JobState, Outcome

B, J = BatchState, JobState


@dataclass(frozen=True, slots=True)
class Totals:
    """Rows of the file and where they stand; `closes` when every one of them is accounted for exactly once."""

    rows: int
    accepted: int = 0
    rejected: int = 0
    invalid: int = 0
    set_aside: int = 0
    not_sent: int = 0
    unknown: int = 0
    pending: int = 0

    @property
    def closes(self) -> bool:
        return self.rows == sum(self.terms().values())

    @property
    def settled(self) -> bool:
        return self.closes and self.pending == 0

    def terms(self) -> dict[str, int]:
        return {name: value for name, value in asdict(self).items() if name != "rows"}

    def to_plain(self) -> dict[str, int]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows ended as they did: one kind of fault, and how many rows share it.

    `code` is a number of the platform's for rejected rows and a word of ours for the rest; `column` is -1 for
    the whole row.
    """

    outcome: str
    code: str
    text: str
    column: int
    count: int


def totals(job: ImportJob) -> Totals:
    """Where the rows of a job stand. Two grouped queries over batches and slices, whatever the size of the file."""
    checked = _checked(job)
    if job.checked_at is None or not checked:
        unchecked = {"not_sent": job.rows} if job.state == J.CANCELLED else {"pending": job.rows}
        return Totals(rows=job.rows, **unchecked)
    count = Counter({Outcome.INVALID: checked["invalid"], Outcome.SET_ASIDE: checked["aside"]})
    for state, sums in Batch.objects.filter(job=job).by_state().items():
        count.update(_rows_of(B(state), sums, cancelled=job.state == J.CANCELLED))
    count.update(_resolved_unknown(job))
    return Totals(rows=job.rows, **{outcome.value: count[outcome] for outcome in Outcome})


def reasons(job: ImportJob) -> list[Reason]:
    """Every kind of fault with its rows, biggest first: ours by (code, column), the platform's by (code, text)."""
    count: Counter[tuple[str, str, str, int]] = Counter()
    if job.checked_at is not None:
        for summary in RowSlice.objects.current(job).values_list("summary", flat=True):
            for outcome, code, column, rows in summary:
                count[outcome, code, "", column] += rows
    answered = Batch.objects.filter(job=job, state__in=[B.ANSWERED, B.REFUSED])
    for summary in answered.values_list("summary", flat=True):
        for code, text, rows in summary:
            if code:
                count[Outcome.REJECTED, str(code), text, -1] += rows
    return [Reason(outcome, code, text, column, rows) for (outcome, code, text, column), rows in count.most_common()]


def _checked(job: ImportJob) -> Mapping[str, int]:
    sums = RowSlice.objects.current(job).aggregate(good=Sum("good"), invalid=Sum("invalid"), aside=Sum("aside"))
    return {name: value or 0 for name, value in sums.items()} if sums["good"] is not None else {}


def _rows_of(state: BatchState, sums: Mapping[str, int], *, cancelled: bool) -> dict[Outcome, int]:
    match state:
        case B.ANSWERED | B.REFUSED:
            return {Outcome.ACCEPTED: sums["accepted"], Outcome.REJECTED: sums["rejected"]}
        case B.UNKNOWN:
            return {Outcome.UNKNOWN: sums["rows"]}
        case B.RESOLVED:
            return {Outcome.ACCEPTED: sums["accepted"], Outcome.NOT_SENT: sums["rows"] - sums["accepted"]}
        case B.CANCELLED:
            return {Outcome.NOT_SENT: sums["rows"]}
    return {Outcome.NOT_SENT if cancelled else Outcome.PENDING: sums["rows"]}


def _resolved_unknown(job: ImportJob) -> dict[Outcome, int]:
    """Rows of batches a person closed without knowing stay unknown: that is what is true about them."""
    closed: Any = Batch.objects.filter(job=job, state=B.RESOLVED, resolved_as="close").aggregate(rows=Sum("rows"))
    rows = closed["rows"] or 0
    return {Outcome.UNKNOWN: rows, Outcome.NOT_SENT: -rows} if rows else {}
