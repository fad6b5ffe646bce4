"""How long rows and files are kept, what goes next, what is overdue, and the acts of what went."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import ADMIN, AUDITOR, admins_only, for_roles, get_job, is_admin
from dashboard.csvfile import csv_line
from dashboard.figures import number
from dashboard.forms.destroying import DaysForm, DestroyForm
from dashboard.presenting import destroying
from dashboard.presenting.journal import actor_of, verb_of
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions
from imports.models import Destruction, SweepRun, Team, reach_of
from imports.results import totals

MOST_ACTS, MOST_JOBS = 50, 100


@never_cache
@require_GET
@for_roles(ADMIN, AUDITOR)
def retention(request: Request) -> HttpResponse:
    """The days of each team, what goes within a week, what is overdue and why, the last run, the acts."""
    return _page(request)


@require_POST
@admins_only
def retention_days(request: Request, pk: int) -> HttpResponse:
    """Other days for a team; when that destroys imports at the next run, it asks first."""
    team = get_object_or_404(_teams(request.user), pk=pk)
    before = team.retention_days
    form = DaysForm(request.POST, instance=team)
    if not form.is_valid():
        return _page(request, asked=(team.pk, form), status=422)
    days, going = form.cleaned_data["retention_days"], actions.due(team).count()
    if days < before and going and not form.cleaned_data["sure"]:
        return _page(request, asked=(team.pk, form), going=going)
    actions.change_retention(team, days, by=request.user)
    messages.success(request, _("The days of “%(team)s” were changed.") % {"team": team.name})
    return redirect("retention")


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def job_destroy(request: Request, uuid: UUID) -> HttpResponse:
    """One import's rows and files, now, with a reason."""
    job = get_job(request.user, uuid)
    form = DestroyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.destroy_by_hand(job, by=request.user, reason=form.cleaned_data["reason"])
        except actions.Refused as fault:
            tell_refusal(request, fault)
        return go_to(request, "job", job)
    context = {"job": job, "form": form, "sums": totals(job)}
    return render(request, "destroying/job.html", context, status=422 if form.errors else 200)


@never_cache
@require_GET
@for_roles(ADMIN, AUDITOR)
def destruction_act(request: Request, act: UUID) -> HttpResponse:
    """An act of destruction; `?form=html` gives it as a file to keep or print, with its extract of the history."""
    found = get_object_or_404(destroying.visible_acts(request.user), uuid=act)
    context = {"told": destroying.act_told(found), "act": found, "lines": list(_lines(found))}
    if request.GET.get("form") != "html":
        return render(request, "destroying/act.html", context)
    actions.record_act_download(found, by=request.user)
    answer = render(request, "destroying/act_file.html", context)
    answer["Content-Disposition"] = f'attachment; filename="act-{found.pk}.html"'
    return answer


@never_cache
@require_GET
@for_roles(ADMIN, AUDITOR)
def destruction_log(request: Request, act: UUID) -> HttpResponseBase:
    """The extract of the history that belongs to an act, as CSV, with places and hashes of the chain."""
    found = get_object_or_404(destroying.visible_acts(request.user), uuid=act)
    actions.record_act_download(found, by=request.user)
    heads = [
        _("Number"),
        _("Hash"),
        _("Time (UTC)"),
        _("Who"),
        _("Verb"),
        _("What happened"),
        _("Import"),
        _("Details"),
    ]
    answer = StreamingHttpResponse(_csv([heads, *_lines(found)]), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="act-{found.pk}-log.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _lines(act: Destruction) -> Iterator[list[str]]:
    for event, place, digest in actions.extract_of(act):
        at = event.at.strftime("%Y-%m-%d %H:%M:%S")
        verb = verb_of(event)
        said = [str(verb.label), str(event.job_id or ""), verb.text(event.details)]
        yield [str(place or ""), digest, at, actor_of(event), event.verb, *said]


def _csv(lines: Any) -> Iterator[str]:
    yield "\ufeff"
    for line in lines:
        yield csv_line(line)


def _teams(user: Any) -> Any:
    return reach_of(user).narrow(Team.objects.order_by("name"), "pk")


def _page(
    request: Request, *, asked: tuple[int, DaysForm] | None = None, going: int = 0, status: int = 200
) -> HttpResponse:
    teams = list(_teams(request.user))
    forms = [(team, asked[1] if asked and asked[0] == team.pk else DaysForm(instance=team)) for team in teams]
    soon = [job for team in teams for job in actions.due_soon(team)[:MOST_JOBS]]
    late = [job for team in teams for job in actions.overdue(team).select_related("team")[:MOST_JOBS]]
    text = ngettext(
        "%(count)s import would be destroyed at the next run.",
        "%(count)s imports would be destroyed at the next run.",
        going,
    )
    context = {
        "forms": forms,
        "asked": asked[0] if asked else None,
        "form": asked[1] if asked else None,
        "going": text % {"count": number(going)} if going else "",
        "soon": destroying.waiting(soon),
        "overdue": destroying.waiting(late, overdue=True),
        "acts": [(act, destroying.KINDS[act.kind]) for act in destroying.visible_acts(request.user)[:MOST_ACTS]],
        "run": SweepRun.objects.filter(pk=actions.RETENTION_RUN).first(),
        "may_change": is_admin(request.user),
    }
    return render(request, "destroying/retention.html", context, status=status)
