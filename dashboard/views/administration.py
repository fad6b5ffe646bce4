"""Where administrators begin."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import admins_only
from dashboard.presenting.administration import entries_for
from dashboard.requests import Request


@never_cache
@require_GET
@admins_only
def administration(request: Request) -> HttpResponse:
    """What can be set up and looked after, as far as this admin's reach goes."""
    return render(request, "administration.html", {"entries": entries_for(request.user)})
