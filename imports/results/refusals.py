"""The platform's refusals across imports, from the tallies that each import left when it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Sum
from django.db.models.functions import TruncWeek
from django.utils import timezone

from imports.models import RefusalTally

MOST_REASONS = 500
LAST = timedelta(weeks=26)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason: how many rows of how many imports were refused for it, and when last; `text` is masked."""

    code: str
    text: str
    rows: int
    imports: int
    last_at: datetime


def refusals(*, since: datetime | None = None) -> list[Refusal]:
    """Every reason of the last half year, or since then, most rows first."""
    found = RefusalTally.objects.filter(ended_at__gte=since or timezone.now() - LAST).values("code", "text")
    summed = found.annotate(rows_=Sum("rows"), imports_=Count("job"), last_=Max("ended_at")).order_by("-rows_", "code")
    rows = summed[:MOST_REASONS]
    return [Refusal(row["code"], row["text"], row["rows_"], row["imports_"], row["last_"]) for row in rows]


def refusals_by_week(jobs: Any, weeks: int, *, by: str = "code") -> list[tuple[datetime, str, int, str]]:
    """(start of the week in the reader's zone, code, rows, one of the texts) of the last weeks, of imports among
    `jobs`; `by` may be another text of the tally or its job instead of the code."""
    since = timezone.now() - timedelta(weeks=weeks)
    recent = RefusalTally.objects.filter(ended_at__gte=since, job__in=jobs)
    weekly = recent.annotate(week=TruncWeek("ended_at")).values("week", by)
    summed = weekly.annotate(rows_=Sum("rows"), text_=Max("text")).order_by("week", by)
    return [(row["week"], row[by], row["rows_"], row["text_"]) for row in summed]
