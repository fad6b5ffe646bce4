"""Sending again what did not get in: rows of an import gathered for it, or a downloaded file that came back mended."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from dashboard.access import get_job, importers_only
from dashboard.presenting.filters import Asked
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from dashboard.voiding import says_what_is_void
from imports import actions, tasks


@require_POST
@importers_only
def job_follow(request: Request, uuid: UUID) -> HttpResponse:
    """Make an import of the rows with this outcome (and code, as lists of rows name it) and go to its check."""
    job = get_job(request.user, uuid)
    try:
        made = actions.follow_up(job, Asked.from_query(request.POST).rows, by=request.user)
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return go_to(request, "job_results", job)
    if made.source is None:
        tasks.read_soon(made)
    return redirect("job", uuid=made.uuid)


@require_POST
@importers_only
@says_what_is_void
def job_bring_in(request: Request, uuid: UUID) -> HttpResponse:
    """Take an uploaded file for the mended rows of an earlier import, and check them."""
    job = get_job(request.user, uuid)
    try:
        tasks.check_soon(actions.begin_check(actions.bring_in_as_follow_up(job, by=request.user), by=request.user))
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return go_to(request, "job_columns", job)
    return go_to(request, "job_check", job)
