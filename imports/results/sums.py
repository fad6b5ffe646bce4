"""The sum that closes, and the reasons behind its terms; computed from batch and slice summaries, never from rows."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import Aggregate, F, Sum

from imports.models import Batch, ImportJob, RowSlice
from imports.outcomes import VARIOUS
from imports.states import BatchState, JobState, Outcome

B, J = BatchState, JobState
MOST_TEXTS = 100  # of one code that are told apart in the reasons of an import
SUMS = {"rows_": Sum("rows"), "accepted_": Sum("accepted"), "rejected_": Sum("rejected")}


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

    def to_plain(self) -> dict[str, Any]:
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
    return totals_of([job])[job.pk]


def totals_of(jobs: Collection[ImportJob]) -> dict[int, Totals]:
    """The same of several jobs, by their ids, in the same two queries: for lists."""
    checked, sent = _checked(jobs), _sent(jobs)
    return {job.pk: _totals(job, checked.get(job.pk), sent.get(job.pk, Counter())) for job in jobs}


def rows_by_word(job: ImportJob) -> dict[str, int]:
    """Rows a person has spoken for, by the word ("arrived", "not_arrived", "close", "stopped")."""
    resolved = Batch.objects.filter(job=job, state=B.RESOLVED).values("resolved_as").order_by("resolved_as")
    return {row["resolved_as"]: row["rows_"] for row in resolved.annotate(rows_=Sum("rows"))}


def sent_by_state(job: ImportJob, **more: Aggregate) -> list[dict[str, Any]]:
    """The batches that stand for rows, grouped by state and by a person's word on them, in one query; `more` are
    further sums of it."""
    leaves = Batch.objects.filter(job=job).leaves().values("state", "resolved_as").order_by("state")
    return [dict(row) for row in leaves.annotate(**SUMS, **more)]


def totals_from(job: ImportJob, sent: Iterable[Mapping[str, Any]]) -> Totals:
    """Where the rows of a job stand, by what `sent_by_state` has told."""
    count: Counter[str] = Counter()
    for row in sent:
        count.update(_rows_of(row))
    return _totals(job, _checked([job]).get(job.pk), count)


def _totals(job: ImportJob, checked: Mapping[str, int] | None, sent: Mapping[str, int]) -> Totals:
    cancelled = job.state == J.CANCELLED
    if job.checked_at is None or not checked:
        return Totals(rows=job.rows, **{Outcome.NOT_SENT if cancelled else Outcome.PENDING: job.rows})
    count = Counter({Outcome.INVALID: checked["invalid"], Outcome.SET_ASIDE: checked["aside"], **sent})
    if cancelled:
        count[Outcome.NOT_SENT] += count.pop(Outcome.PENDING, 0)
    return Totals(rows=job.rows, **{outcome.value: count[outcome] for outcome in Outcome})


def reasons(job: ImportJob) -> list[Reason]:
    """Every kind of fault with its rows, biggest first: ours by (code, column), the platform's by (code, text)."""
    count: Counter[tuple[str, str, str, int]] = Counter()
    if job.checked_at is not None:
        for summary in RowSlice.objects.current(job).values_list("summary", flat=True):
            for outcome, code, column, rows in summary:
                count[outcome, code, "", column] += rows
    return _told(count + _rejected(job))


def rejections(job: ImportJob) -> list[Reason]:
    """The platform's reasons alone, biggest first; in one query."""
    return _told(_rejected(job))


def _rejected(job: ImportJob) -> "Counter[tuple[str, str, str, int]]":
    count: Counter[tuple[str, str, str, int]] = Counter()
    answered = Batch.objects.filter(job=job, state__in=[B.ANSWERED, B.REFUSED], rejected__gt=0)
    for summary in answered.values_list("summary", flat=True):
        for code, text, rows in summary:
            if code:
                count[Outcome.REJECTED, str(code), text, -1] += rows
    return count if len(count) <= MOST_TEXTS else _fewer_texts(count)


def _fewer_texts(count: "Counter[tuple[str, str, str, int]]") -> "Counter[tuple[str, str, str, int]]":
    """Of each code the most frequent texts; the others count together, as within a batch."""
    fewer: Counter[tuple[str, str, str, int]] = Counter()
    named: Counter[str] = Counter()
    for (outcome, code, text, column), rows in count.most_common():
        named[code] += 1
        fewer[outcome, code, text if named[code] <= MOST_TEXTS else VARIOUS, column] += rows
    return fewer


def _told(count: "Counter[tuple[str, str, str, int]]") -> list[Reason]:
    return [Reason(outcome, code, text, column, rows) for (outcome, code, text, column), rows in count.most_common()]


def _checked(jobs: Collection[ImportJob]) -> dict[int, dict[str, int]]:
    """By job what the check found in the rows read last; nothing for a job without rows."""
    current = RowSlice.objects.filter(job__in=jobs, version=F("job__read_version"))
    sums = current.values("job").annotate(invalid_=Sum("invalid"), aside_=Sum("aside")).order_by("job")
    return {row["job"]: {"invalid": row["invalid_"], "aside": row["aside_"]} for row in sums}


def _sent(jobs: Collection[ImportJob]) -> dict[int, Counter[str]]:
    """By job the rows of its batches, by outcome."""
    leaves = Batch.objects.filter(job__in=jobs).leaves().values("job", "state", "resolved_as").order_by("job")
    sums = leaves.annotate(**SUMS)
    count: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for row in sums:
        count[row["job"]].update(_rows_of(row))
    return dict(count)


def _rows_of(sums: Mapping[str, Any]) -> dict[Outcome, int]:
    """Rows by outcome of all batches in one state. Those a person closed without knowing stay unknown: that is true."""
    match B(sums["state"]), sums["resolved_as"]:
        case ((B.ANSWERED | B.REFUSED), _):
            return {Outcome.ACCEPTED: sums["accepted_"], Outcome.REJECTED: sums["rejected_"]}
        case (B.UNKNOWN, _) | (B.RESOLVED, "close" | "stopped"):
            return {Outcome.UNKNOWN: sums["rows_"]}
        case B.RESOLVED, _:
            return {Outcome.ACCEPTED: sums["accepted_"], Outcome.NOT_SENT: sums["rows_"] - sums["accepted_"]}
        case B.CANCELLED, _:
            return {Outcome.NOT_SENT: sums["rows_"]}
    return {Outcome.PENDING: sums["rows_"]}
