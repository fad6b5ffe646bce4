"""Who did what: of one import as a timeline, of everything as a list and as a file."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import ADMIN, AUDITOR, everybody, get_job, roles_of
from dashboard.forms.history import HistoryFilter
from dashboard.historyfile import history_file
from dashboard.presenting import words
from dashboard.presenting.filters import older_pager, whole
from dashboard.presenting.journal import actor_of, timeline, told
from dashboard.presenting.sentences import shown_state
from dashboard.requests import Request
from dashboard.steps import stepper_of
from imports import actions
from imports.models import HistoryEvent, ImportJob
from imports.results import totals

PAGE = 50
EVENTS_SHOWN = 200


@never_cache
@require_GET
@everybody
def job_history(request: Request, uuid: UUID) -> HttpResponse:
    """Everything that happened to one import, oldest first."""
    job = get_job(request.user, uuid, purged=True)
    after = whole(request.GET.get("after"))
    found = list(HistoryEvent.objects.of_job(job.pk).filter(pk__gt=after)[: EVENTS_SHOWN + 1])
    events = found[:EVENTS_SHOWN]
    sums = totals(job)
    context = {
        "job": job,
        "steps": stepper_of(job),
        "sums": sums,
        "terms": [(name, count) for name, count in sums.terms().items() if count],
        "state": shown_state(job, sums),
        "target": words.target(job),
        "operation": words.operation(job.destination) if job.destination else "",
        "matching": words.matching(job.destination) if job.destination else "",
        "events": timeline(events),
        "may_export": _may_export(request.user),
        "first_url": "?" if after else "",
        "next_url": f"?after={events[-1].pk}" if len(found) > len(events) else "",
    }
    return render(request, "jobs/history.html", context)


@never_cache
@require_GET
@everybody
def history(request: Request) -> HttpResponseBase:
    """All events, newest first; as a file for admins and auditors."""
    jobs = ImportJob.objects.visible_to(request.user)
    form = HistoryFilter(request.GET, user=request.user)
    events = form.narrow(HistoryEvent.objects.visible_to(request.user)).newest_first()
    may_export = _may_export(request.user)
    if request.GET.get("form") == "csv":
        if not may_export:
            raise PermissionDenied
        actions.record_export(by=request.user, events=events.count())
        return history_file(events, actions.head_now())
    calm = not any(request.GET.get(name) for name in ("verb", "job", "about", "all"))
    if calm:
        events = events.exclude(verb="batch_answered")
    page, pager = older_pager(request.GET, events, before=whole(request.GET.get("before")), size=PAGE)
    uuids = dict(jobs.filter(pk__in={event.job_id for event in page}).values_list("pk", "uuid"))
    context = {
        "form": form,
        "job": jobs.filter(uuid=form.cleaned_data["job"]).first() if form.cleaned_data.get("job") else None,
        "lines": [(event, told(event), actor_of(event), uuids.get(event.job_id)) for event in page],
        "pager": pager,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "verified": HistoryEvent.objects.last_verified(),
        "may_export": may_export,
        "calm": calm,
        "all_url": _url(request, all="1"),
        "export_url": _url(request, form="csv"),
    }
    return render(request, "history/list.html", context)


def _may_export(user: Any) -> bool:
    return bool(roles_of(user) & {ADMIN, AUDITOR})


def _url(request: Request, **more: str) -> str:
    """This list from its newest entry on, with something changed."""
    asked = request.GET.copy()
    asked.pop("before", None)
    for name, value in more.items():
        asked[name] = value
    return f"?{asked.urlencode()}"
