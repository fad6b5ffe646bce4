"""Step 5: what came of every row, as a sum, as reasons, as rows, as a file."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import everybody, get_job, is_house_admin, may_import, may_see_people, note_look
from dashboard.presenting import decisions, problems, searching, sentences, words
from dashboard.presenting.charts import pace_chart
from dashboard.presenting.filters import Asked
from dashboard.presenting.outcomes import chips_of
from dashboard.presenting.rowtable import row_table
from dashboard.purged import purged_page
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from imports.models import ImportJob
from imports.results import Reason, reasons, row_page, totals
from imports.states import BEFORE_SENDING

LONGEST_SEARCH = 300


@never_cache
@require_GET
@everybody
def job_results(request: Request, uuid: UUID) -> HttpResponse:
    """The result of an import, or how far it has come."""
    job = get_job(request.user, uuid, purged=True)
    if job.purged_at is not None:
        return purged_page(request, job)
    if job.state in BEFORE_SENDING:
        return go_to(request, "job", job)
    note_look(request.user, job, "search" if request.GET.get("q", "").strip() else "results")
    sums, why, masked = totals(job), reasons(job), not may_see_people(request.user)
    acts = may_import(request.user)
    context = {
        "job": job,
        "steps": stepper_of(job),
        "sums": sums,
        "verdict": sentences.verdict(job, sums),
        "told_by_people": decisions.told_by_people(job),
        "target": words.target(job),
        "may_act": acts,
        "may_see": not masked,
        "rejections": problems.answered_groups(job, why, may_explain=is_house_admin(request.user), may_act=acts),
        "faults": problems.found_groups(job, why, page="job_results", masked=masked),
        "chips": chips_of(sums),
        "pace": pace_chart(job),
    }
    return render(request, "jobs/results.html", context | _rows(request, job, why, masked=masked))


def _rows(request: Request, job: ImportJob, why: list[Reason], *, masked: bool) -> dict[str, Any]:
    """The page of rows that was asked for: a search, or a filter and a place."""
    asked = Asked.from_query(request.GET)
    searched = request.GET.get("q", "").strip()[:LONGEST_SEARCH]
    looked = searching.look(job, searched, request.GET, masked=masked) if searched else None
    if looked is not None:
        rows, pager = looked.rows, {}
    else:
        rows, more = row_page(job, asked.rows, after=asked.after, before=asked.before)
        pager = asked.pager(rows, more)
    return {
        "asked": asked,
        "searched": searched,
        "looked": looked,
        "filtered": bool(searched or asked.outcome),
        "codes": problems.kinds(job, why, asked.outcome) if asked.outcome else [],
        "table": row_table(job, rows, masked=masked, query="" if searched else asked.query),
        "pager": pager,
    }
