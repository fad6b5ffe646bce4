"""Step 2: which column feeds which field, and where the rows go."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import everybody, get_job, may_import
from dashboard.columnspage import ColumnsPage
from dashboard.requests import Request
from dashboard.where import REDRAWING
from imports import actions, tasks
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED, JobState
from imports.wording import fault_text

NOT_READ_YET = (JobState.UPLOADED, JobState.READING, JobState.UNREADABLE)


@never_cache
@require_http_methods(["GET", "POST"])
@everybody
def job_columns(request: Request, uuid: UUID) -> HttpResponse:
    """Match columns to fields. A POST keeps the match and begins the check; what is in REDRAWING only redraws."""
    job = get_job(request.user, uuid)
    if job.state in NOT_READ_YET or not job.read_version:
        return redirect("job_file", uuid=job.uuid)
    if request.method == "GET":
        return _page(request, ColumnsPage(job, request.user))
    if not may_import(request.user):
        raise PermissionDenied
    if job.state not in MAY_BE_MAPPED:
        messages.error(request, fault_text("not_mappable_now", {}))
        return redirect("job", uuid=job.uuid)
    if REDRAWING & request.POST.keys():
        return _redrawn(request, job)
    return _begin_check(request, job)


def _redrawn(request: Request, job: ImportJob) -> HttpResponse:
    """The same choices over the lists of the account and database now chosen; nothing is kept or judged."""
    anew = "refresh" in request.POST
    page = ColumnsPage(job, request.user, request.POST, uploads=request.FILES, redraw=True, anew=anew)
    if "row" not in request.POST:
        return _page(request, page, part="#columns" if request.htmx else "")
    place = request.POST["row"]
    if not (place.isdecimal() and len(place) < 6 and int(place) < len(page.columns)):
        raise BadRequest
    return render(request, "jobs/columns.html#changed", {"page": page, "job": job, "row": page.row(int(place))})


def _begin_check(request: Request, job: ImportJob) -> HttpResponse:
    page = ColumnsPage(job, request.user, request.POST, uploads=request.FILES)
    if not page.where.is_valid() or page.where.connection is None:
        return _page(request, page, status=422)
    where, destination = page.where.connection, page.where.destination()
    try:
        actions.map_columns(job, connection=where, destination=destination, mapping=page.mapping, by=request.user)
        actions.begin_check(job, by=request.user)
    except actions.MappingRefused as refused:
        page.tell(refused.faults)
        return _page(request, page, status=422)
    except actions.Refused as refused:
        messages.error(request, fault_text(refused.code, refused.params))
        return redirect("job", uuid=job.uuid)
    tasks.check_soon(job)
    return redirect("job_check", uuid=job.uuid)


def _page(request: Request, page: ColumnsPage, *, part: str = "", status: int = 200) -> HttpResponse:
    context = {"page": page, "job": page.job, "form": page.form}
    return render(request, f"jobs/columns.html{part}", context, status=status)
