"""The help page: one screen that answers what people ask first."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from dashboard.access import everybody
from dashboard.presenting.helptexts import FILE_RULES, OUTCOMES_EXPLAINED, PROMISES
from dashboard.requests import Request


@require_GET
@everybody
def help_page(request: Request) -> HttpResponse:
    """Steps, outcomes, promises, files; the same for every role."""
    context = {"outcomes": OUTCOMES_EXPLAINED, "promises": PROMISES, "file_rules": FILE_RULES}
    return render(request, "help.html", context)
