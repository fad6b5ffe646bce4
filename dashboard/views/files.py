"""Step 1: how the file was read, and correcting that."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import everybody, get_job, importers_only, may_import, note_look
from dashboard.filepage import FilePage, Shown
from dashboard.forms.reading import ReadingForm
from dashboard.requests import Request
from dashboard.steps import current_page
from dashboard.telling import tell_refusal
from dashboard.voiding import says_what_is_void
from imports import actions, tasks
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED


@require_GET
@everybody
def job(request: Request, uuid: UUID) -> HttpResponse:
    """To the step this import is at."""
    return redirect(current_page(get_job(request.user, uuid, purged=True)))


@never_cache
@require_http_methods(["GET", "POST"])
@everybody
@says_what_is_void
def job_file(request: Request, uuid: UUID) -> HttpResponse:
    """What was found in the file; a POST takes a correction and goes on to the columns."""
    job = get_job(request.user, uuid)
    if request.method == "GET":
        return _page(request, FilePage(job, request.user), part="#live" if request.htmx else "")
    if not may_import(request.user):
        raise PermissionDenied
    page = FilePage(job, request.user, request.POST)
    if not page.form.is_valid():
        return _page(request, page, status=422)
    if "show" in request.POST:
        return _page(request, page)
    return _read_as(request, job, page.form)


@never_cache
@require_GET
@importers_only
def job_preview(request: Request, uuid: UUID) -> HttpResponse:
    """The first rows as they would be read with other choices; changes nothing."""
    page = FilePage(get_job(request.user, uuid), request.user, request.GET)
    return _page(request, page, part="#preview" if request.htmx else "")


def _read_as(request: Request, job: ImportJob, form: ReadingForm) -> HttpResponse:
    try:
        if actions.choose_options(job, form.chosen(job.options), by=request.user):
            tasks.read_soon(job)
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return redirect("job_file", uuid=job.uuid)
    job.refresh_from_db()
    return redirect("job_columns" if job.state in MAY_BE_MAPPED else "job_file", uuid=job.uuid)


def _page(request: Request, page: FilePage, *, part: str = "", status: int = 200) -> HttpResponse:
    shown: Shown = page.shown()
    if shown.rows:
        note_look(request.user, page.job, "file")
    context: dict[str, Any] = {"page": page, "job": page.job, "form": page.form, "shown": shown}
    return render(request, f"jobs/file.html{part}", context, status=status)
