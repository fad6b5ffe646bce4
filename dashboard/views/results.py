"""Step 5: what came of every row, as a sum, as reasons, as rows, as a file."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseBadRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import everybody, get_job, importers_only, may_import, may_see_people
from dashboard.badges import OUTCOMES, spelled
from dashboard.presenting import decisions, problems, sentences, words
from dashboard.presenting.filters import Asked
from dashboard.presenting.rowtable import row_table
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from imports import actions
from imports.models import ImportJob
from imports.results import Reason, Row, Totals, find_rows, reasons, row_page, totals
from imports.states import BEFORE_SENDING

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
LONGEST_SEARCH = 300


@never_cache
@require_GET
@everybody
def job_results(request: Request, uuid: UUID) -> HttpResponse:
    """The result of an import, or how far it has come."""
    job = get_job(request.user, uuid)
    if job.state in BEFORE_SENDING:
        return go_to(request, "job", job)
    sums, why, masked = totals(job), reasons(job), not may_see_people(request.user)
    context = {
        "job": job,
        "steps": stepper_of(job),
        "sums": sums,
        "verdict": sentences.verdict(job, sums),
        "told_by_people": decisions.told_by_people(job),
        "target": words.target(job),
        "may_act": may_import(request.user),
        "may_see": not masked,
        "rejections": problems.answered_groups(job, why),
        "faults": problems.found_groups(job, why, page="job_results", masked=masked),
        "chips": _chips(sums),
    }
    return render(request, "jobs/results.html", context | _rows(request, job, why, masked=masked))


def _rows(request: Request, job: ImportJob, why: list[Reason], *, masked: bool) -> dict[str, Any]:
    """The page of rows that was asked for: a search, or a filter and a place."""
    asked = Asked.from_query(request.GET)
    searched = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    if searched:
        rows, pager = _found(job, searched, masked=masked), {}
    else:
        rows, more = row_page(job, asked.rows, after=asked.after, before=asked.before)
        pager = asked.pager(rows, more)
    return {
        "asked": asked,
        "searched": searched,
        "filtered": bool(searched or asked.outcome),
        "codes": problems.kinds(job, why, asked.outcome) if asked.outcome else [],
        "table": row_table(job, rows, masked=masked, query="" if searched else asked.query),
        "pager": pager,
    }


def _found(job: ImportJob, text: str, *, masked: bool) -> list[Row]:
    """By number for everybody; by a person's address only for those who may see people."""
    return [] if masked and not text.isdecimal() else find_rows(job, text)


def _chips(sums: Totals) -> list[tuple[str, Any, int]]:
    """(outcome, badge, rows) of the outcomes that have rows."""
    return [(name, OUTCOMES[spelled(name)], count) for name, count in sums.terms().items() if count]


@never_cache
@require_GET
@importers_only
def job_download(request: Request, uuid: UUID) -> HttpResponseBase:
    """All rows, or those with a problem, as a file; recorded, and only for those who may see people."""
    job = get_job(request.user, uuid)
    form, only = request.GET.get("form", "xlsx"), request.GET.get("only", "")
    if form not in TYPES or only not in ("", "problems"):
        return HttpResponseBadRequest(_("Choose XLSX or CSV, and all rows or only problem rows."))
    if not job.rows:
        return go_to(request, "job", job)
    stored = actions.download_rows(job, only=only, form=form, by=request.user)
    response = FileResponse(stored, as_attachment=True, filename=_file_name(job, only, form), content_type=TYPES[form])
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _file_name(job: ImportJob, only: str, form: str) -> str:
    stem = slugify(job.title.rpartition(".")[0] or job.title, allow_unicode=True) or "import"
    return f"{stem}-{'problems' if only else 'rows'}.{form}"
