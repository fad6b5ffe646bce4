"""How long rows and files are kept: per team, counted from an import's end; then they go, once a day, by themselves.

What is being sent, or waits for a person's decision, is never destroyed: it is listed as overdue instead, because an
unknown outcome could never be looked into again.
"""

import logging
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from imports.actions.acts import begin_act, end_act, end_open_acts
from imports.actions.clearing import clear_purged_jobs
from imports.actions.erasing import carry_out_due_erasures
from imports.actions.errors import Refused
from imports.actions.notices import tell_owner
from imports.actions.orphans import remove_orphans
from imports.actions.personsearch import forget_searches
from imports.actions.purging import purge_job
from imports.actions.sessions import clear_sessions
from imports.history import record
from imports.models import Destruction, DestructionKind, ImportJob, Notice, SweepRun, Team
from imports.models.jobs import ImportJobQuerySet
from imports.states import BEFORE_SENDING, MAY_BE_PURGED, JobState

log = logging.getLogger(__name__)

RUN = 2  # the key of its row among the sweep's
EVERY = timedelta(hours=1)
TOLD_BEFORE = timedelta(days=3)
SOON = timedelta(days=7)
NOTICE = "purge_soon"


def due(team: Team, *, within: timedelta = timedelta(0)) -> ImportJobQuerySet:
    """The team's imports whose days are full, or will be within this time, oldest first."""
    return ImportJob.objects.filter(team=team).at_rest_since_before(_cut_off(team, within)).may_be_purged()


def due_soon(team: Team) -> ImportJobQuerySet:
    """What goes within a week, the first to go first."""
    return due(team, within=SOON).select_related("team").order_by("finished_at", "state_changed_at")


def going_soon(jobs: ImportJobQuerySet) -> ImportJobQuerySet:
    """Those of these imports that go within a week, whichever team's."""
    found = Q(pk=None)
    for team in Team.objects.all():
        found |= Q(pk__in=due(team, within=SOON).values("pk"))
    return jobs.filter(found)


def overdue(team: Team) -> ImportJobQuerySet:
    """Those whose days are full and that stay all the same, because somebody has to decide first."""
    resting = ImportJob.objects.kept().filter(team=team).at_rest_since_before(_cut_off(team, timedelta(0)))
    return resting.exclude(state__in=MAY_BE_PURGED).order_by("pk")


def _cut_off(team: Team, within: timedelta) -> datetime:
    """Whoever rested before this moment has had the full days, and a night has come since."""
    zone = timezone.get_default_timezone()
    today = timezone.localdate(timezone.now() + within, zone)
    return timezone.make_aware(datetime.combine(today, time.min), zone) - timedelta(days=team.retention_days)


def run_retention() -> list[Destruction]:
    """Destroy what is due, team by team, each with an act; go once more over what was destroyed; tell owners of unsent
    imports three days before. Safe to run twice, anywhere. One that cannot be helped does not keep the others."""
    SweepRun.objects.update_or_create(pk=RUN, defaults={"started_at": timezone.now()})
    end_open_acts()
    acts = [act for team in Team.objects.order_by("pk") if (act := purge_due(team)) is not None]
    carry_out_due_erasures()
    forget_searches()
    clear_sessions()
    cleared = clear_purged_jobs()
    remove_orphans()
    tell_owners()
    _forget_pages()
    purged = sum(act.counts.get("imports", 0) for act in acts)
    SweepRun.objects.filter(pk=RUN).update(ended_at=timezone.now(), freed=purged, bells=cleared)
    return acts


def run_retention_if_due() -> list[Destruction]:
    """The same when nobody anywhere has begun it in the last hour: one of all who ask at once does it."""
    now = timezone.now()
    SweepRun.objects.get_or_create(pk=RUN)
    waits = SweepRun.objects.filter(pk=RUN).filter(Q(started_at=None) | Q(started_at__lt=now - EVERY))
    return run_retention() if waits.update(started_at=now) else []


def retention_is_due() -> bool:
    """Whether nobody has begun a run in the last hour."""
    return not SweepRun.objects.filter(pk=RUN, started_at__gte=timezone.now() - EVERY).exists()


def purge_due(team: Team) -> Destruction | None:
    """Destroy the data of a team's imports whose days are full; the act, None when there was nothing."""
    waiting = list(due(team).order_by("pk").values_list("pk", flat=True))
    if not waiting:
        return None
    act = begin_act(DestructionKind.RETENTION, team=team, by=None)
    for pk in waiting:
        _purge(pk, act)
    return end_act(act)


def _purge(pk: int, act: Destruction) -> None:
    job = ImportJob.objects.select_related("connection", "source").get(pk=pk)
    try:
        purge_job(job, act=act)
    except Refused as refused:
        log.info("job %s is not destroyed yet: %s", pk, refused.code)
    except OSError as fault:
        log.warning("job %s is destroyed when the storage is back: %s", pk, type(fault).__name__)
    except Exception:
        log.exception("job %s could not be destroyed", pk)


def destroy_by_hand(job: ImportJob, *, by: Any, reason: str) -> Destruction | None:
    """An admin wants the data of one import gone now. Raise Refused: "reason_missing", "purged_already", as
    `purge_job` does, and "storage_not_there"."""
    if not reason.strip():
        raise Refused("reason_missing")
    if job.purged_at is not None:
        raise Refused("purged_already")
    act = begin_act(DestructionKind.BY_HAND, team=job.team, by=by, reason=reason)
    try:
        purge_job(job, act=act, by=by)
    except OSError:
        raise Refused("storage_not_there") from None
    finally:
        act = end_act(act, by=by) or act
    return act


def change_retention(team: Team, days: int, *, by: Any) -> Team:
    """Other days for a team. Raise Refused("retention_days") for a number that is none."""
    before, team.retention_days = Team.objects.values_list("retention_days", flat=True).get(pk=team.pk), days
    try:
        team.clean_fields(exclude=["name"])
    except ValidationError:
        raise Refused("retention_days") from None
    if before != days:
        with transaction.atomic():
            Team.objects.filter(pk=team.pk).update(retention_days=days)
            record("retention_changed", by=by, about=team.name, team=team.pk, before=before, days=days)
    return team


def tell_owners() -> int:
    """Tell owners that an import they never sent goes within three days; once each time it was left alone."""
    told = 0
    for team in Team.objects.all():
        for job in due(team, within=TOLD_BEFORE).filter(state__in=BEFORE_SENDING):
            if not Notice.objects.filter(job=job, code=NOTICE, at__gte=job.rests_since).exists():
                tell_owner(job, JobState(job.state), code=NOTICE)
                told += 1
    return told


def _forget_pages() -> None:
    """SQLite keeps a copy of changed pages beside the database until it is written back: not of what was destroyed."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
