"""Step 4: the rows on their way, why they may pause, and stopping or continuing."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import everybody, get_job, importers_only, may_import, may_see_people, note_look
from dashboard.presenting import batches, problems, words
from dashboard.presenting.filters import whole
from dashboard.presenting.firstrows import first_rows
from dashboard.presenting.journal import timeline
from dashboard.presenting.waiting import pause_of
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import HistoryEvent, ImportJob
from imports.results import progress, rejections
from imports.states import BEFORE_SENDING, HELD_FOR_LOOK, BatchState, JobState

MOST_GROUPS = 5
MOST_EVENTS = 6
LEFT_OUT = ("batch_answered", "row_viewed", "rows_downloaded")


@never_cache
@require_GET
@everybody
def job_sending(request: Request, uuid: UUID) -> HttpResponse:
    """Where every row is now; asks again each second while the import moves, and ends at the results.

    A poll brings only what changed: `seen` are the stamps of the squares the page has. Tries, reasons and news have a
    slower poll of their own (`part=news`).
    """
    job = get_job(request.user, uuid)
    if job.state in BEFORE_SENDING:
        return go_to(request, "job", job)
    if job.is_finished:
        return go_to(request, "job_results", job)
    if request.htmx and request.GET.get("part") == "news":
        return render(request, "jobs/sending.html#news", _slowly(job))
    if request.htmx:
        seen = request.GET.get("seen", "").split("-")
        return render(request, "jobs/sending.html#live", _now(request, job, seen))
    return render(request, "jobs/sending.html", _now(request, job, []) | _slowly(job))


def _now(request: Request, job: ImportJob, seen: list[str]) -> dict[str, Any]:
    now = progress(job)
    counts = dict(now.batches)
    strip = batches.strip_of(job)
    parts = batches.parts_of(strip)
    pause = pause_of(job, now)
    looks = pause is not None and pause.look == HELD_FOR_LOOK
    if looks:
        note_look(request.user, job, "sending")
    return {
        "job": job,
        "steps": stepper_of(job),
        "progress": now,
        "per_minute": _rounded(now.per_minute),
        "sums": now.sums,
        "pause": pause,
        "first": first_rows(job, masked=not may_see_people(request.user)) if looks else None,
        "may_act": may_import(request.user),
        "target": words.target(job),
        "strip": strip,
        "parts": parts,
        "stamps": "-".join(part.stamp for part in parts),
        "changed": batches.not_yet_shown(parts, seen),
        "moved": request.GET.get("was", "") != job.state,
        "wire": counts.get(BatchState.SENDING, 0),
        "asks_every": 1000 if job.moves_by_itself else 5000 if job.state == JobState.PAUSED else 0,
    }


def _slowly(job: ImportJob) -> dict[str, Any]:
    refused = rejections(job)
    return {
        "job": job,
        "rejected": sum(reason.count for reason in refused),
        "attempts": batches.latest_attempts(job),
        "groups": problems.answered_groups(job, refused)[:MOST_GROUPS],
        "events": timeline(_news(job)),
    }


def _rounded(speed: int | None) -> int | None:
    """Two figures say how fast it is; more would only flicker."""
    return round(speed, 2 - len(str(speed))) if speed else None


def _news(job: ImportJob) -> list[HistoryEvent]:
    """What happened since "Send", newest first, without the batches that went well and without who looked on."""
    events = HistoryEvent.objects.of_job(job.pk).filter(at__gte=job.started_at or job.created_at)
    return list(events.exclude(verb__in=LEFT_OUT).reverse()[:MOST_EVENTS])


@require_POST
@importers_only
def job_cancel(request: Request, uuid: UUID) -> HttpResponse:
    """Nothing more is sent; what has gone stays in Altcraft."""
    job = get_job(request.user, uuid)
    try:
        actions.cancel_job(job, by=request.user)
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return go_to(request, "job", job)


@require_POST
@importers_only
def job_pause(request: Request, uuid: UUID) -> HttpResponse:
    """Nothing more is sent for now; what runs ends by its answer."""
    job = get_job(request.user, uuid)
    try:
        actions.pause_job(job, by=request.user)
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return go_to(request, "job", job)


@require_POST
@importers_only
def job_resume(request: Request, uuid: UUID) -> HttpResponse:
    """The cause was cleared: go on with what was stopped."""
    job = get_job(request.user, uuid)
    try:
        tasks.ring_send(actions.resume_job(job, by=request.user))
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return go_to(request, "job", job)


@require_POST
@importers_only
def job_go_on(request: Request, uuid: UUID) -> HttpResponse:
    """Somebody has looked at the answers: the others go, after the brake with a new limit or none."""
    job, wanted = get_job(request.user, uuid), request.POST.get("brake", "").strip()
    try:
        tasks.ring_send(actions.go_on(job, by=request.user, brake_percent=whole(wanted) if wanted else None))
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return go_to(request, "job", job)
