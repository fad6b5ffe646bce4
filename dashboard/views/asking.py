"""Was this person written to, when, by whom, and what became of it: also of imports whose rows were destroyed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.access import ADMIN, AUDITOR, MARKETER, for_roles
from dashboard.forms.destroying import PersonForm
from dashboard.presenting.destroying import OUTCOMES_TOLD
from dashboard.requests import Request
from imports import actions
from imports.models import ImportJob


@never_cache
@sensitive_post_parameters("key")
@require_http_methods(["GET", "POST"])
@for_roles(MARKETER, ADMIN, AUDITOR)
def people_sent(request: Request) -> HttpResponse:
    """A question about one person. It is posted, so that no address and no log holds whom somebody asked about."""
    form = PersonForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "destroying/asked.html", {"form": form}, status=422 if form.errors else 200)
    mine = ImportJob.objects.visible_to(request.user)
    found = actions.ask_about_person(form.cleaned_data["key"], mine, by=request.user)
    lines = [(one.job, OUTCOMES_TOLD[one.outcome], one.outcome) for one in found]
    return render(request, "destroying/asked.html", {"form": form, "lines": lines, "asked": True})
