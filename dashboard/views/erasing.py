"""One person erased from every import this admin sees: look first, then say why and that it cannot be undone."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.access import admins_only
from dashboard.forms.destroying import EraseForm, PersonForm
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import ImportJob, Team, reach_of


@never_cache
@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@admins_only
def erase_person(request: Request) -> HttpResponse:
    """Everything is posted, so that no address and no log holds whom it is about."""
    if request.method == "POST" and "erase" in request.POST:
        return _erase(request)
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=422 if form.errors else 200)
    return _look(request, EraseForm(initial={"key": form.cleaned_data["key"]}))


def _look(request: Request, form: EraseForm, status: int = 200) -> HttpResponse:
    key = form.data.get("key") or form.initial.get("key", "")
    try:
        found = actions.find_person(key, ImportJob.objects.visible_to(request.user), by=request.user)
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return _page(request, PersonForm(), status=422)
    context = {"found": found, "blocked": [one for one in found if one.blocked], "key": key}
    return _page(request, form, status=status, **context)


def _erase(request: Request) -> HttpResponse:
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _look(request, form, status=422)
    reach, told = reach_of(request.user), form.cleaned_data
    team = None if reach.every else Team.objects.filter(pk=reach.team_id or 0).first()
    mine = ImportJob.objects.visible_to(request.user)
    wish: dict[str, Any] = {"reason": told["reason"], "forget": told["forget"]}
    try:
        act = actions.ask_erasure(told["key"], mine, team=team, by=request.user, **wish)
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return _look(request, form, status=422)
    tasks.ring(tasks.erase_people, act.pk)
    messages.success(request, _("The person is being erased. This act is the receipt; it is complete in a moment."))
    return redirect("destruction_act", act=act.uuid)


def _page(request: Request, form: Any, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "destroying/erase.html", {"form": form, **context}, status=status)
