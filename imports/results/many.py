"""The sums of several jobs at once, for lists: three queries, however many jobs there are."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db.models import F, Sum

from imports.models import Batch, ImportJob, RowSlice
from imports.states import BatchState, JobState, Outcome

from .sums import Totals, rows_of


def totals_of(jobs: Sequence[ImportJob]) -> dict[int, Totals]:
    """{job's pk: its totals}, equal to what `totals` says of each."""
    sent = [job for job in jobs if job.checked_at is not None]
    checked, counted = _checked(sent), _counted(sent)
    return {job.pk: _of_one(job, checked.get(job.pk), counted[job.pk]) for job in jobs}


def _of_one(job: ImportJob, checked: dict[str, int] | None, batches: list[tuple[str, str, dict[str, int]]]) -> Totals:
    cancelled = job.state == JobState.CANCELLED
    if checked is None:
        return Totals(rows=job.rows, **{"not_sent" if cancelled else "pending": job.rows})
    count = Counter({Outcome.INVALID: checked["invalid"], Outcome.SET_ASIDE: checked["aside"]})
    for state, resolved_as, sums in batches:
        closed = state == BatchState.RESOLVED and resolved_as == "close"
        count.update(
            {Outcome.UNKNOWN: sums["rows"]} if closed else rows_of(BatchState(state), sums, cancelled=cancelled)
        )
    return Totals(rows=job.rows, **{outcome.value: count[outcome] for outcome in Outcome})


def _checked(jobs: Sequence[ImportJob]) -> dict[int, dict[str, int]]:
    slices = RowSlice.objects.filter(job__in=jobs, version=F("job__read_version")).values("job")
    sums = slices.annotate(invalid_=Sum("invalid"), aside_=Sum("aside"))
    return {item["job"]: {"invalid": item["invalid_"], "aside": item["aside_"]} for item in sums}


def _counted(jobs: Sequence[ImportJob]) -> dict[int, list[tuple[str, str, dict[str, int]]]]:
    found: dict[int, list[tuple[str, str, dict[str, int]]]] = defaultdict(list)
    grouped = Batch.objects.filter(job__in=jobs).leaves().values("job", "state", "resolved_as").order_by()
    for item in grouped.annotate(rows_=Sum("rows"), accepted_=Sum("accepted"), rejected_=Sum("rejected")):
        sums = {name: item[f"{name}_"] or 0 for name in ("rows", "accepted", "rejected")}
        found[item["job"]].append((item["state"], item["resolved_as"], sums))
    return found
