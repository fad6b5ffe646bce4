"""The start page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import everybody
from dashboard.agenda import agenda_of
from dashboard.presenting.charts import trends
from dashboard.requests import Request
from imports.models import Connection, ImportJob


@never_cache
@require_GET
@everybody
def home(request: Request) -> HttpResponse:
    """What waits for this person, what runs, what ended last; while something runs its live part asks again."""
    context = {
        "agenda": agenda_of(request.user),
        "connected": Connection.objects.visible_to(request.user).usable().exists(),
        "now": timezone.now(),
    }
    if not request.htmx:
        context["trends"] = trends(ImportJob.objects.visible_to(request.user))
    return render(request, "home.html#live" if request.htmx else "home.html", context)
