"""Rows about one person inside the file, group by group, with the rule for them; and people sent before."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import everybody, get_job, importers_only, may_import, may_see_people, note_look
from dashboard.presenting import repeats, words
from dashboard.presenting.filters import whole
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from dashboard.telling import tell_refusal
from dashboard.voiding import says_what_is_void
from imports import actions, tasks
from imports.models import ImportJob
from imports.results import group_page
from imports.states import PLANNED

PAGE = 10


@never_cache
@require_GET
@everybody
def job_repeats(request: Request, uuid: UUID) -> HttpResponse:
    """Groups of rows that share a key, and what each row of them comes to."""
    job = get_job(request.user, uuid)
    if job.checked_at is None:
        return go_to(request, "job", job)
    note_look(request.user, job, "repeats")
    after = whole(request.GET.get("after"))
    groups, more = group_page(job, after=after, size=PAGE)
    last = groups[-1][1][0].number if groups and groups[-1][1] else 0
    context: dict[str, Any] = {
        "job": job,
        "steps": stepper_of(job),
        "may_choose": may_import(request.user) and job.state in PLANNED,
        "rule": job.destination.duplicates if job.destination else "",
        "rules": list(words.DUPLICATES.items()),
        "groups": repeats.shown_groups(job, groups, masked=not may_see_people(request.user)),
        "headers": repeats.headers(job),
        "first_url": "?" if after else "",
        "next_url": f"?after={last}" if more else "",
    }
    return render(request, "jobs/repeats.html", context)


@require_POST
@importers_only
@says_what_is_void
def job_duplicates(request: Request, uuid: UUID) -> HttpResponse:
    """Another rule for rows about one person: the plan is made anew."""
    job = get_job(request.user, uuid)
    rule = request.POST.get("rule", "")
    return _chosen(request, job, lambda seen: actions.choose_duplicates(job, rule, seen=seen, by=request.user))


@require_POST
@importers_only
@says_what_is_void
def job_sent_before(request: Request, uuid: UUID) -> HttpResponse:
    """Leave out people who went in an earlier import, or let them go again."""
    job = get_job(request.user, uuid)
    skip = request.POST.get("skip", "")
    return _chosen(request, job, lambda seen: actions.choose_sent_before(job, skip, seen=seen, by=request.user))


def _chosen(request: Request, job: ImportJob, choose: Any) -> HttpResponse:
    try:
        tasks.check_soon(choose(whole(request.POST.get("check"))))
    except actions.Refused as refused:
        tell_refusal(request, refused)
    return go_to(request, "job_check", job)
