"""Drafts of the columns page: what was chosen there and not checked yet, kept sealed with the job."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.history import name_of
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED

DRAFT = "draft"
MOST_BYTES = 4 * 1024 * 1024

Given = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a window (`tab`) of the page gave, as its form gives it."""

    given: dict[str, list[str]]
    tab: str
    saved_at: datetime
    by_name: str


def draft_of(job: ImportJob) -> Draft | None:
    """The draft that is newer than what was last checked; None when there is none, or the file was read anew since."""
    if job.draft_at is None:
        return None
    try:
        kept = orjson.loads(job.vault.get(DRAFT))
    except FileNotFoundError:
        return None
    if kept["read"] != job.read_version:  # its columns may be others
        return None
    return Draft(kept["given"], kept["tab"], job.draft_at, job.draft_by_name)


def save_draft(job: ImportJob, given: Given, *, tab: str, version: int, anyway: bool = False, by: object) -> ImportJob:
    """Keep what a window gave. `version` is the draft it began from.

    Raise Refused("draft_elsewhere", time, name) when another window has saved since, unless `anyway`;
    Refused("not_mappable_now") when the job has moved on.
    """
    payload = orjson.dumps({"given": given, "tab": tab, "read": job.read_version})
    if len(payload) > MOST_BYTES:
        raise Refused("draft_too_large")
    with transaction.atomic():
        now = ImportJob.objects.select_for_update().get(pk=job.pk)
        if now.state not in MAY_BE_MAPPED:
            raise Refused("not_mappable_now")
        if not anyway:
            refuse_stale(now, tab=tab, version=version)
        now.draft_version, now.draft_at, now.draft_by_name = now.draft_version + 1, timezone.now(), name_of(by)
        now.save(update_fields=["draft_version", "draft_at", "draft_by_name"])
        job.vault.put(DRAFT, payload)
    job.draft_version, job.draft_at, job.draft_by_name = now.draft_version, now.draft_at, now.draft_by_name
    return job


def refuse_stale(job: ImportJob, *, tab: str, version: int) -> None:
    """Raise Refused("draft_elsewhere", time, name) when another window than `tab` has changed the columns since."""
    if version == job.draft_version:
        return
    kept = draft_of(job)
    if kept is None or kept.tab != tab:
        at = timezone.localtime(job.draft_at or job.state_changed_at)
        raise Refused("draft_elsewhere", time=f"{at:%H:%M}", name=job.draft_by_name or "…")
