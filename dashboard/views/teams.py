"""Teams, for admins of the whole house."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import house_only
from dashboard.forms.teams import TeamForm
from dashboard.requests import Request
from dashboard.telling import RefusalAt, tell_done
from imports import actions
from imports.models import ImportJob, Team


@never_cache
@require_http_methods(["GET", "POST"])
@house_only
def team_list(request: Request) -> HttpResponse:
    """Every team; a POST makes one."""
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with RefusalAt(form, "name"):
            made = actions.make_team(**form.cleaned_data, by=request.user)
            messages.success(request, _("The team is there. Invite people into it, or move some."))
            return redirect("team_page", pk=made.pk)
    people = Count("people", filter=Q(people__user__is_active=True), distinct=True)
    teams = Team.objects.annotate(members=people).order_by("disabled_at", "name")
    return render(request, "teams/list.html", {"form": form, "teams": teams}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@house_only
def team_page(request: Request, pk: int) -> HttpResponse:
    """One team; a POST renames it."""
    team = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST if request.method == "POST" else None, initial={"name": team.name})
    if form.is_valid():
        with RefusalAt(form, "name"):
            actions.rename_team(get_object_or_404(Team, pk=pk), **form.cleaned_data, by=request.user)
            messages.success(request, _("The changes are saved."))
            return redirect("team_page", pk=pk)
    members = team.people.select_related("user").order_by("user__first_name", "user__username")
    context = {
        "team": team,
        "form": form,
        "members": members,
        "unfinished": ImportJob.objects.filter(team=team).unfinished().count(),
        "connections": team.connections.order_by("name"),
    }
    return render(request, "teams/team.html", context, status=422 if form.errors else 200)


@require_POST
@house_only
def team_off(request: Request, pk: int) -> HttpResponse:
    """Nobody and nothing new can be of it."""
    return _acted(request, pk, actions.switch_team_off, _("The team is switched off. What it has imported stays."))


@require_POST
@house_only
def team_on(request: Request, pk: int) -> HttpResponse:
    """It is in use again."""
    return _acted(request, pk, actions.switch_team_on, _("The team is in use again."))


def _acted(request: Request, pk: int, action: Any, done: str) -> HttpResponse:
    team = get_object_or_404(Team, pk=pk)
    tell_done(request, done, lambda: action(team, by=request.user))
    return redirect("team_page", pk=pk)
