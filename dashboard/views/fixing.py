"""Correcting bad rows before anything is sent: in a grid, or all alike by one rule; and taking a correction back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import get_job, importers_only, note_look
from dashboard.figures import number
from dashboard.forms.fixing import AlikeForm
from dashboard.presenting import fixing, problems
from dashboard.presenting.filters import Asked, whole
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from dashboard.telling import RefusalAt, tell_refusal
from dashboard.voiding import says_what_is_void
from imports import actions, tasks
from imports.models import ImportJob
from imports.results import reasons, row_page, rows_at, totals
from imports.states import PLANNED, JobState, Outcome

PAGE = 20
LISTED = (Outcome.INVALID, Outcome.PENDING)
WRONG = 422


@never_cache
@require_http_methods(["GET", "POST"])
@importers_only
@says_what_is_void
def job_fix(request: Request, uuid: UUID) -> HttpResponse:
    """A page of bad rows to type into. A POST keeps what differs and has these rows checked again."""
    job = get_job(request.user, uuid)
    if job.state not in PLANNED:
        return go_to(request, "job", job)
    if request.method == "GET":
        return _page(request, job)
    numbers = {row for row, _column in fixing.changed_cells(request.POST)}
    cells = fixing.truly_changed(request.POST, rows_at(job, numbers).values())
    try:
        made = actions.correct_cells(job, cells, seen=_seen(request), by=request.user)
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return _page(request, job, status=WRONG)
    return _again(request, job, _kept(made.cells))


@require_POST
@importers_only
@says_what_is_void
def job_fix_alike(request: Request, uuid: UUID) -> HttpResponse:
    """Correct all bad cells of a column by one rule, as it was counted on the page before."""
    job = get_job(request.user, uuid)
    form = AlikeForm(request.POST, job=job)
    if job.state not in PLANNED or not form.is_valid():
        return go_to(request, "job_fix", job)
    try:
        made, rest = actions.correct_alike(job, form.rule(), seen=_seen(request), by=request.user)
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return go_to(request, "job_fix", job)
    return _again(request, job, _portion(made.cells) if rest else _kept(made.cells))


@require_POST
@importers_only
@says_what_is_void
def job_fix_undo(request: Request, uuid: UUID, correction: int) -> HttpResponse:
    """Take a correction back."""
    job = get_job(request.user, uuid)
    try:
        actions.undo_correction(job, correction, seen=_seen(request), by=request.user)
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return go_to(request, "job_fix", job)
    return _again(request, job, _("The cells hold again what they held before."))


def _again(request: Request, job: ImportJob, said: str) -> HttpResponse:
    """Have the touched rows looked at, and go on where the person was; a large file shows how far it has come."""
    tasks.check_soon(job)
    job.refresh_from_db()
    messages.success(request, said)
    if job.state != JobState.CHECKED:
        return go_to(request, "job_check", job)
    query = Asked.from_query(request.GET, outcomes=LISTED).query
    return redirect(reverse("job_fix", args=[job.uuid]) + (f"?{query}" if query else ""))


def _kept(cells: int) -> str:
    text = ngettext(
        "%(count)s cell was corrected and its row checked again.",
        "%(count)s cells were corrected and their rows checked again.",
        cells,
    )
    return text % {"count": number(cells)}


def _portion(cells: int) -> str:
    text = ngettext(
        "%(count)s cell was corrected, and that is not all: do the same once more when its row has been checked.",
        "%(count)s cells were corrected, and that is not all: do the same once more when their rows have been checked.",
        cells,
    )
    return text % {"count": number(cells)}


def _seen(request: Request) -> int:
    return whole(request.POST.get("check"))


def _page(request: Request, job: ImportJob, *, status: int = 200) -> HttpResponse:
    job.refresh_from_db()
    note_look(request.user, job, "fix")
    sums, asked = totals(job), Asked.from_query(request.GET, outcomes=LISTED)
    usual = Outcome.INVALID if sums.invalid or job.follows_id is None else Outcome.PENDING
    asked = Asked(asked.outcome or usual, asked.code, asked.after, asked.before)
    rows, more = row_page(job, asked.rows, after=asked.after, before=asked.before, size=PAGE)
    context: dict[str, Any] = {
        "job": job,
        "steps": stepper_of(job),
        "sums": sums,
        "asked": asked,
        "kinds": problems.kinds(job, reasons(job), Outcome.INVALID),
        "grid": fixing.grid_of(job, rows, request.POST if request.method == "POST" else None),
        "pager": asked.pager(rows, more),
        "corrections": fixing.corrections_of(job),
    }
    return render(request, "jobs/fix.html", context | _alike(request, job), status=status)


def _alike(request: Request, job: ImportJob) -> dict[str, Any]:
    """The rule that was asked for, and what it would change."""
    asked = "column" in request.GET
    form = AlikeForm(request.GET if asked else None, job=job)
    if not form.columns:
        return {}
    context: dict[str, Any] = {"alike": form}
    if asked and form.is_valid():
        with RefusalAt(form):
            context["found"] = actions.find_alike(job, form.rule())
    return context
