"""After the key: removing what nobody can open any more, and what somebody who was too late has put there since.

Destroying the key is enough to lose an import's data; this only sweeps up, as often as it takes.
"""

import logging
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from imports.history import record
from imports.models import Attempt, Batch, Correction, Evidence, ImportJob, RowSlice
from imports.vault import remove_folder

log = logging.getLogger(__name__)

LATEST_WRITER = timedelta(hours=1)  # no lease, call or download lasts longer
AT_A_TIME = 2_000
SLICE_FIELDS = ("sealed_problems", "sealed_changed", "sealed_aside", "sealed_corrections")


def clear_job(job: ImportJob, *, act: int | None = None) -> bool:
    """Empty the sealed columns of a purged job and remove its objects; True once they are gone. Safe to repeat.

    While the storage is away nothing is lost but time: the next run tries again.
    """
    blank_sealed(job)
    try:
        removed = remove_folder(f"jobs/{job.uuid}")
    except OSError as fault:
        log.warning("objects of job %s stay for now: %s", job.pk, type(fault).__name__)
        return False
    if removed:
        told: dict[str, Any] = {"act": act} if act else {}
        record("objects_removed", job=job, objects=removed, **told)
    if job.purged_at is not None and timezone.now() - job.purged_at > LATEST_WRITER:
        ImportJob.objects.filter(pk=job.pk).update(cleared_at=timezone.now())
    return True


def clear_purged_jobs() -> int:
    """Go over the purged jobs that may still have objects, or had late writers; how many are clear."""
    waiting = ImportJob.objects.filter(purged_at__isnull=False, cleared_at=None).order_by("purged_at")
    return sum(clear_job(job) for job in waiting[:AT_A_TIME])


def blank_sealed(job: ImportJob) -> None:
    """Empty every column that was sealed with the job's key, some rows at a time."""
    slices = RowSlice.objects.filter(job=job)
    filled = ~models.Q(**dict.fromkeys(SLICE_FIELDS, b""))
    slices.filter(filled).update(**dict.fromkeys(SLICE_FIELDS, b""), lease_until=None)
    _blank(Batch.objects.filter(job=job), sealed_outcomes=b"")
    _blank(Attempt.objects.filter(batch__job=job), sealed_answer=b"")
    _blank(Correction.objects.filter(job=job), sealed_cells=b"")
    _blank(Evidence.objects.filter(batch__job=job), sealed=b"")


def _blank(found: models.QuerySet[Any], **empty: bytes) -> None:
    filled = found.exclude(**empty).order_by()
    while some := list(filled.values_list("pk", flat=True)[:AT_A_TIME]):
        found.model._default_manager.filter(pk__in=some).update(**empty)
