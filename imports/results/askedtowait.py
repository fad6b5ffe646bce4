"""Since when the platform has answered an import's account with nothing but the wish to wait."""

from datetime import datetime

from imports.models import Attempt, ImportJob

ASKED_TO_WAIT = "refused_rate"
NOT_SPOKEN = ("", "not_sent")  # still on its way, or never there: the platform has said nothing to these


def asked_to_wait_since(job: ImportJob) -> datetime | None:
    """None when the last thing it said was something else; at the earliest since the import was begun."""
    told = Attempt.objects.filter(batch__job__connection=job.connection).exclude(kind__in=NOT_SPOKEN)
    other = told.exclude(kind=ASKED_TO_WAIT).order_by("-pk").values_list("pk", flat=True).first()
    first = told.filter(pk__gt=other or 0).order_by("pk").values_list("ended_at", flat=True).first()
    return max(first, job.started_at or first) if first else None
