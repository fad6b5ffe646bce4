"""Asking an account what its documents leave open, with marked test profiles; for administrators only."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import admins_only, get_account
from dashboard.forms.probes import ProbeForm
from dashboard.presenting import probing
from dashboard.requests import Request
from dashboard.telling import RefusalAt
from imports import actions


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def connection_probe(request: Request, pk: int, name: str) -> HttpResponse:
    """Say exactly what would be written and where; a POST with a plain yes writes it and shows what was seen."""
    kept = get_account(request.user, pk)
    if name not in actions.QUESTIONS:
        raise Http404
    question = probing.question_of(kept, name)
    given = request.POST if request.method == "POST" else None
    sets = name == "email_spelling"
    form = ProbeForm(given, connection=kept, needs_resource=question.needs_resource, sets=sets)
    if form.is_valid():
        chosen = form.cleaned_data
        place = {"database_id": chosen["database"], "resource_id": chosen.get("resource")}
        with RefusalAt(form):
            actions.probe(kept, name, **place, apply=bool(chosen.get("apply")), by=request.user)
            messages.success(request, _("The question was asked. Below stands what was seen."))
            return redirect(f"{reverse('connection', args=[pk])}#question-{name}")
    context = {"connection": kept, "question": question, "form": form}
    return render(request, "connections/probe.html", context, status=422 if form.errors else 200)
