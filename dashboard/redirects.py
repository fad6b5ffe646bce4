"""Going on to another page, asked by a browser or by a live part of a page."""

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from dashboard.requests import Request
from imports.models import ImportJob


def go_to(request: Request, name: str, job: ImportJob) -> HttpResponse:
    """The named page of an import; from within a live part the whole page goes there."""
    url = reverse(name, args=[job.uuid])
    return HttpResponseClientRedirect(url) if request.htmx else HttpResponseRedirect(url)
