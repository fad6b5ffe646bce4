"""Who does the work, and whether it moves."""

from datetime import timedelta
from typing import Final

from django.db.models import Count, Max, Min

from imports.actions import clock, signs, spool
from imports.actions.stopping import standing_stop
from imports.models import Attempt, Batch, ImportJob, SweepRun, WorkerSign
from imports.states import BatchState, JobState

from .lines import BAD, LOOK, WELL, Line, by_age

HEARD_WITHIN: Final = timedelta(seconds=60)  # signs are written every 15 s
SWEEP_LOOK, SWEEP_BAD = timedelta(seconds=60), timedelta(minutes=5)
STILL_LOOK, STILL_BAD = timedelta(minutes=3), timedelta(minutes=15)
DECIDED_WITHIN: Final = timedelta(days=1)
ASKING: Final = (JobState.NEEDS_DECISION, JobState.HELD, JobState.PAUSED)


def senders() -> Line:
    return _doing(signs.SEND)


def checkers() -> Line:
    return _doing(signs.CHECK)


def beat() -> Line:
    """None only makes work found again a little later."""
    line = _doing(signs.BEAT)
    return line._replace(light=LOOK) if line.light == BAD else line


def _doing(what: str) -> Line:
    now = clock.now()
    known = WorkerSign.objects.filter(does=what)
    alive, last = known.heard_since(now - HEARD_WITHIN).count(), known.aggregate(Max("heard_at"))["heard_at__max"]
    if last is None:
        return Line(BAD, f"{what}_never")
    params = {"alive": alive, "at": last, "seconds": max(0, round((now - last).total_seconds()))}
    return Line(WELL if alive else BAD, what if alive else f"{what}_gone", params)


def sweep() -> Line:
    """When work was looked for last, whoever did it."""
    run = SweepRun.objects.filter(pk=1).first()
    if run is None or run.started_at is None:
        return Line(BAD, "sweep_never")
    age = clock.now() - run.started_at
    params = {"at": run.started_at, "seconds": max(0, round(age.total_seconds()))}
    if run.ended_at is None or run.ended_at < run.started_at:
        return Line(by_age(age, look=SWEEP_LOOK, bad=SWEEP_BAD), "sweep_runs", params)
    return Line(by_age(age, look=SWEEP_LOOK, bad=SWEEP_BAD), "sweep", params)


def moving() -> Line:
    """Imports that should go on by themselves, and for how long the one that stood still longest has done so."""
    jobs = ImportJob.objects.moving().exclude(kind="draft", state=JobState.UPLOADED)
    found = list(jobs.order_by("pk").values("pk", "state", "state_changed_at", "last_claim_at"))
    if not found:
        return Line(WELL, "work_none")
    ended = dict(
        Attempt.objects.filter(batch__job__in=[job["pk"] for job in found])
        .values_list("batch__job")
        .annotate(last=Max("ended_at"))
    )
    now = clock.now()
    moved = {
        job["pk"]: max(filter(None, (job["state_changed_at"], job["last_claim_at"], ended.get(job["pk"]))))
        for job in found
    }
    job, last = min(moved.items(), key=lambda one: one[1])
    params = {"count": len(found), "job": job, "at": last, "seconds": max(0, round((now - last).total_seconds()))}
    if standing_stop() is not None:
        return Line(LOOK, "work_stopped", params)
    return Line(by_age(now - last, look=STILL_LOOK, bad=STILL_BAD), "work", params)


def waiting_for_people() -> Line:
    """Imports somebody has to decide about, and the oldest of them."""
    jobs = ImportJob.objects.filter(state__in=ASKING).aggregate(count=Count("pk"), oldest=Min("state_changed_at"))
    batches = Batch.objects.filter(state=BatchState.UNKNOWN).count()
    if not jobs["count"] and not batches:
        return Line(WELL, "people_none")
    params = {"count": jobs["count"], "unknown": batches, "at": jobs["oldest"]}
    old = jobs["oldest"] is not None and clock.now() - jobs["oldest"] > DECIDED_WITHIN
    return Line(LOOK if old else WELL, "people", params)


def kept_answers() -> Line:
    """Answers this machine keeps because the database was away when they came; the next sweep here writes them."""
    count = spool.count()
    return Line(LOOK if count else WELL, "spool" if count else "spool_none", {"count": count})
