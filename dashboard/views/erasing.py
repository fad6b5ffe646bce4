"""One person erased from every import this admin sees: a worker looks first, then the admin says why and that it
cannot be undone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.access import admins_only
from dashboard.forms.destroying import EraseForm, PersonForm
from dashboard.requests import Request
from dashboard.telling import RefusalAt, tell_refusal
from imports import actions, tasks
from imports.models import PersonSearch, Team, reach_of
from imports.wording import fault_text


@never_cache
@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@admins_only
def erase_person(request: Request) -> HttpResponse:
    """Whom; posted, so that no address and no log holds it. The page that follows has a number for it."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with RefusalAt(form, "key"):
            search = actions.look_for_person(form.cleaned_data["key"], by=request.user)
            tasks.ring(tasks.find_people, search.pk)
            return redirect("erase_found", search=search.uuid)
    return render(request, "destroying/erase.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def erase_found(request: Request, search: UUID) -> HttpResponse:
    """Where the person stands, as far as a worker has looked; for whoever asked. A POST has the person erased."""
    asked = get_object_or_404(PersonSearch, uuid=search, asked_by=request.user)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, asked, form)
    reach, told = reach_of(request.user), form.cleaned_data
    team = None if reach.every else Team.objects.filter(pk=reach.team_id or 0).first()
    try:
        act = actions.ask_erasure(asked, team=team, by=request.user, reason=told["reason"], forget=told["forget"])
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return redirect("erase_found", search=search)
    tasks.ring(tasks.erase_people, act.pk)
    messages.success(request, _("The person is being erased. This act is the receipt; it is complete in a moment."))
    return redirect("destruction_act", act=act.uuid)


def _page(request: Request, search: PersonSearch, form: EraseForm) -> HttpResponse:
    found = actions.found_by_search(search)
    try:
        key, fault = actions.asked_person(search), fault_text(search.fault, {}) if search.fault else ""
    except actions.Refused as refused:
        key, fault = "", fault_text(refused.code, refused.params)
    context: dict[str, Any] = {
        "form": form,
        "search": search,
        "key": key,
        "moving": search.ended_at is None,
        "fault": fault,
        "found": found,
        "blocked": any(one.blocked for one in found),
    }
    page = "destroying/found.html#live" if request.htmx else "destroying/found.html"
    return render(request, page, context, status=422 if form.errors else 200)
