"""Choices made beside the check's findings: what becomes of rows about one person, and of people sent before.

They change who is set aside, so the plan is made anew; no cell is looked at again.
"""

from dataclasses import replace
from typing import Any

from django.db import transaction

from imports.actions.asides import ANY
from imports.actions.errors import Refused
from imports.actions.followed import FOLLOWED
from imports.actions.rechecking import begin_again
from imports.destination import DUPLICATE_RULES
from imports.history import record
from imports.models import ImportJob

SKIPPING = ("", FOLLOWED, ANY)


def choose_duplicates(job: ImportJob, rule: str, *, seen: int, by: Any) -> ImportJob:
    """Another rule for rows that share a key. Raise Refused: "duplicates_unknown", "checked_again_meanwhile"."""
    if rule not in DUPLICATE_RULES or job.destination is None:
        raise Refused("duplicates_unknown")
    chosen = replace(job.destination, duplicates=rule)
    with transaction.atomic():
        begin_again(job, {}, seen=seen, by=by, destination_plain=chosen.to_plain())
        record("duplicates_chosen", by=by, job=job, rule=rule, rows=job.duplicate_rows)
    job.refresh_from_db()
    return job


def choose_sent_before(job: ImportJob, skip: str, *, seen: int, by: Any) -> ImportJob:
    """Whether people who went in an earlier import are set aside: nobody (""), those of the import this one follows
    (FOLLOWED), or those of any (ANY). Raise Refused: "skip_unknown", "checked_again_meanwhile"."""
    if skip not in SKIPPING or (skip == FOLLOWED and job.follows_id is None):
        raise Refused("skip_unknown")
    with transaction.atomic():
        begin_again(job, {}, seen=seen, by=by, skip_sent=skip)
        record("sent_before_chosen", by=by, job=job, skip=skip, rows=job.sent_before)
    job.refresh_from_db()
    return job
