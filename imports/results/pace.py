"""How many rows were answered when, and how: a bounded picture from the times of the batches, never from rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min, Sum
from django.db.models.functions import Trunc

from imports.models import Batch, ImportJob
from imports.states import BatchState

MOST_BATCHES = 50_000  # beyond it a picture would cost more than it tells
MOST_SPANS = 60
STEPS = (("second", timedelta(minutes=15)), ("minute", timedelta(hours=24)), ("hour", timedelta.max))
B = BatchState


@dataclass(slots=True)
class Span:
    """Rows answered in the `seconds` from `start` on."""

    start: datetime
    seconds: float
    accepted: int = 0
    rejected: int = 0

    @property
    def per_minute(self) -> float:
        return (self.accepted + self.rejected) * 60 / self.seconds


def pace(job: ImportJob) -> list[Span]:
    """At most 60 spans of equal length from the start to the last answer; [] while there is nothing to compare, and for
    an import of very many requests. Two queries."""
    answered = Batch.objects.filter(job=job, state__in=[B.ANSWERED, B.REFUSED])
    ends = Batch.objects.filter(job=job).aggregate(
        last=Max("settled_at"), first=Min("settled_at"), number=Max("number")
    )
    start = job.started_at or ends["first"]
    if not ends["last"] or (ends["number"] or 0) > MOST_BATCHES or ends["last"] <= start:
        return []
    lasted = ends["last"] - start
    step = next(name for name, most in STEPS if lasted <= most)
    found = answered.annotate(at=Trunc("settled_at", step)).values("at").order_by("at")
    spans = _spans(start, lasted, step)
    for row in found.annotate(accepted_=Sum("accepted"), rejected_=Sum("rejected")):
        place = int((row["at"] - start).total_seconds() // spans[0].seconds)
        span = spans[min(max(place, 0), len(spans) - 1)]
        span.accepted += row["accepted_"]
        span.rejected += row["rejected_"]
    return spans if len(spans) > 1 else []


def _spans(start: datetime, lasted: timedelta, step: str) -> list[Span]:
    """None shorter than the step the times are cut to."""
    least = {"second": 1, "minute": 60, "hour": 3600}[step]
    count = max(1, min(MOST_SPANS, int(lasted.total_seconds() // least)))
    each = lasted.total_seconds() / count
    return [Span(start + timedelta(seconds=place * each), each) for place in range(count)]
