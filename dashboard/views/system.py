"""How the system is: for those who look after it, and for auditors."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import ADMIN, AUDITOR, for_roles, is_admin
from dashboard.presenting.system import headline, shown_lines
from dashboard.requests import Request
from imports import actions


@never_cache
@require_GET
@for_roles(ADMIN, AUDITOR)
def system(request: Request) -> HttpResponse:
    """One line for each thing, found out just now; the page asks again by itself."""
    lines = actions.system_state()
    context = {
        "lines": shown_lines(lines, may_act=is_admin(request.user)),
        "headline": headline(lines),
        "light": actions.worst(lines),
        "changes": is_admin(request.user),
    }
    return render(request, "system/state.html#live" if request.htmx else "system/state.html", context)
