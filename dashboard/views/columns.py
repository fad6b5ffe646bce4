"""Step 2: which column feeds which field, and where the rows go."""

from secrets import token_hex
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import everybody, get_job, may_import, note_look
from dashboard.columns.page import ColumnsPage
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from dashboard.voiding import says_what_is_void
from dashboard.where import REDRAWING
from imports import actions, tasks
from imports.models import ImportJob, Preset
from imports.states import MAY_BE_MAPPED, JobState
from imports.wording import fault_text

NOT_READ_YET = (JobState.UPLOADED, JobState.READING, JobState.UNREADABLE)
OF_THE_PAGE = {"csrfmiddlewaretoken", "tab", "draft", "row", "mine", "preset_do", "preset_name", "preset_pick"}


@never_cache
@require_http_methods(["GET", "POST"])
@everybody
@says_what_is_void
def job_columns(request: Request, uuid: UUID) -> HttpResponse:
    """Match columns to fields. A POST keeps the match and begins the check; what is in REDRAWING only redraws."""
    job = get_job(request.user, uuid)
    if job.state in NOT_READ_YET or not job.read_version:
        return redirect("job_file", uuid=job.uuid)
    if request.method == "GET":
        return _opened(request, job)
    if not may_import(request.user):
        raise PermissionDenied
    if job.state not in MAY_BE_MAPPED:
        messages.error(request, fault_text("not_mappable_now", {}))
        return redirect("job", uuid=job.uuid)
    if "preset_do" in request.POST:
        return _with_preset(request, job)
    if REDRAWING & request.POST.keys():
        return _redrawn(request, job)
    return _begin_check(request, job)


def _opened(request: Request, job: ImportJob) -> HttpResponse:
    """The page with the draft, where there is one and it can still be used."""
    draft = actions.draft_of(job) if job.state in MAY_BE_MAPPED and may_import(request.user) else None
    if draft is None:
        return _page(request, ColumnsPage(job, request.user))
    given = QueryDict(mutable=True)
    for name, values in draft.given.items():
        given.setlist(name, values)
    return _page(request, ColumnsPage(job, request.user, given, redraw=True))


def _redrawn(request: Request, job: ImportJob) -> HttpResponse:
    """The same choices over the lists of the account and database now chosen; kept as a draft, not judged."""
    trouble, anew = _save_draft(request, job), "refresh" in request.POST
    page = ColumnsPage(job, request.user, request.POST, uploads=request.FILES, redraw=True, anew=anew)
    page.draft_trouble = trouble
    place = request.POST.get("row", "")
    if not place:
        return _page(request, page, part="#columns" if request.htmx else "")
    if not (place.isdecimal() and len(place) < 6 and int(place) < len(page.columns)):
        raise BadRequest
    if not request.htmx:
        return _page(request, page)
    context = _context(request, page) | {"row": page.row(int(place))}
    return render(request, "jobs/columns.html#changed", context)


def _save_draft(request: Request, job: ImportJob) -> str:
    """Why what was given could not be kept, in words; "" when it was."""
    given = {name: values for name, values in request.POST.lists() if name not in OF_THE_PAGE}
    anyway = "mine" in request.POST or "draft" not in request.POST
    tab, version = _window(request)
    try:
        actions.save_draft(job, given, tab=tab, version=version, anyway=anyway, by=request.user)
    except actions.Refused as refused:
        return fault_text(refused.code, refused.params)
    return ""


def _begin_check(request: Request, job: ImportJob) -> HttpResponse:
    page = ColumnsPage(job, request.user, request.POST, uploads=request.FILES)
    if not page.where.is_valid() or page.where.connection is None:
        return _page(request, page, status=422)
    where, destination = page.where.connection, page.where.destination()
    tab, version = _window(request)
    try:
        if "draft" in request.POST:
            actions.refuse_stale(job, tab=tab, version=version)
        actions.map_columns(job, connection=where, destination=destination, mapping=page.mapping, by=request.user)
        actions.begin_check(job, by=request.user)
    except actions.MappingRefused as refused:
        page.tell(refused.faults)
        return _page(request, page, status=422)
    except actions.Refused as refused:
        if refused.code == "draft_elsewhere":  # the page carries the newer version now: pressed again, it counts
            page.draft_trouble = fault_text(refused.code, refused.params)
            return _page(request, page, status=409)
        tell_refusal(request, refused)
        return redirect("job", uuid=job.uuid)
    tasks.check_soon(job)
    return redirect("job_check", uuid=job.uuid)


def _with_preset(request: Request, job: ImportJob) -> HttpResponse:
    """Save the choices as a preset, bring it up to date, apply one or put it away."""
    asked = request.POST["preset_do"]
    try:
        if asked in ("apply", "away"):
            return _applied(request, job, asked)
        page = ColumnsPage(job, request.user, request.POST, uploads=request.FILES)
        if not page.where.is_valid() or page.where.connection is None:
            return _page(request, page, status=422)
        _keep_as_preset(request, job, page)
    except actions.Refused as refused:
        _save_draft(request, job)
        tell_refusal(request, refused)
    return redirect("job_columns", uuid=job.uuid)


def _applied(request: Request, job: ImportJob, asked: str) -> HttpResponse:
    pick = request.POST.get("preset_pick", "")
    known = Preset.objects.visible_to(request.user).filter(team=job.team_id)
    preset = get_object_or_404(known, pk=int(pick) if pick.isdecimal() else 0) if asked == "apply" else None
    actions.apply_preset(job, preset, by=request.user)
    if preset:
        messages.success(request, _("The preset “%(name)s” was applied.") % {"name": preset.name})
    return redirect("job_columns", uuid=job.uuid)


def _keep_as_preset(request: Request, job: ImportJob, page: ColumnsPage) -> None:
    given, destination = request.POST, page.where.destination()
    choices: dict[str, Any] = {"connection": page.where.connection, "destination": destination, "mapping": page.mapping}
    _save_draft(request, job)
    if given["preset_do"] == "update" and page.preset.current:
        preset = actions.update_preset(page.preset.current, job, **choices, by=request.user)
    else:
        name, shared = given.get("preset_name", ""), "preset_shared" in given
        preset = actions.save_preset(job, name=name, shared=shared, **choices, by=request.user)
    messages.success(request, _("The preset “%(name)s” was saved.") % {"name": preset.name})


def _window(request: Request) -> tuple[str, int]:
    """Which window of the page asks, and the version of the draft it began from."""
    version = request.POST.get("draft", "")
    return request.POST.get("tab", "")[:32], int(version) if version.isdecimal() and len(version) < 10 else -1


def _page(request: Request, page: ColumnsPage, *, part: str = "", status: int = 200) -> HttpResponse:
    return render(request, f"jobs/columns.html{part}", _context(request, page), status=status)


def _context(request: Request, page: ColumnsPage) -> dict[str, object]:
    note_look(request.user, page.job, "columns")
    tab = request.POST.get("tab", "")[:32] or token_hex(8)
    return {"page": page, "job": page.job, "form": page.form, "tab": tab}
