"""When an import ends: how many of its rows were refused for which reason, kept for the weeks after."""

from django.utils import timezone

from imports.models import ImportJob, RefusalTally
from imports.results import rejections

MOST_REASONS = 200  # of one import; a platform that words every refusal anew does not fill the table


def tally_refusals(job: ImportJob) -> None:
    """Keep the reasons of a job that has just ended. Call it in the transaction that ends it."""
    ended_at = timezone.now()
    found = rejections(job)[:MOST_REASONS]
    RefusalTally.objects.bulk_create(
        [RefusalTally(job_id=job.pk, code=one.code, text=one.text, rows=one.count, ended_at=ended_at) for one in found],
        ignore_conflicts=True,  # ended twice, told once
    )
