"""One row from its cells to the platform's answer."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import everybody, get_job, may_see_people
from dashboard.badges import spelled
from dashboard.presenting import changes, problems, rowstory, rowtable, words
from dashboard.presenting.exact import spread
from dashboard.presenting.filters import LARGEST, Asked
from imports import actions
from imports.models import ImportJob
from imports.results import RowFilter, Story, row_page, row_story
from imports.states import BEFORE_SENDING


@never_cache
@require_GET
@everybody
def job_row(request: HttpRequest, uuid: UUID, number: int) -> HttpResponse:
    """The row's whole story. Whoever sees its values in clear leaves a line in history."""
    job = get_job(request.user, uuid)
    story = row_story(job, number) if number < LARGEST else None
    if story is None:
        raise Http404
    may_see = may_see_people(request.user)
    if may_see:
        actions.record_view(job, by=request.user, row=number)
    context = _told(job, story, may_see=may_see) | _neighbours(request, job, number)
    return render(request, "jobs/row.html", context)


def _told(job: ImportJob, story: Story, *, may_see: bool) -> dict[str, Any]:
    row = story.row
    code, text, advice = rowtable.reason_of(row, masked=not may_see)
    if row.error:
        advice = problems.answer_advice(job, row.error, row.error_text)
    return {
        "job": job,
        "row": row,
        "story": story,
        "hue": spelled(row.outcome),
        "headline": rowtable.row_title(row),
        "place": (row.place or 0) + 1,
        "may_see": may_see,
        "target": words.target(job),
        "code": code,
        "text": text,
        "advice": advice,
        "cells": rowtable.all_cells(job, row, masked=not may_see),
        "changed": changes.change_lines(job, story.changes),
        "faults": problems.fault_lines(job, [row], masked=not may_see),
        "sent": spread(story.sent) if may_see else "",
        "answered": rowstory.answered_json(row) if may_see else "",
        "attempts": rowstory.tries(job, story, in_clear=may_see),
        "cut_from": rowstory.cut_from(story),
        "decisions": rowstory.decisions(story),
        "original": actions.original_row(job, row.cells),
        "followups": list(actions.later_rows(job, row.number)),
    }


def _neighbours(request: HttpRequest, job: ImportJob, number: int) -> dict[str, Any]:
    """The rows before and after among those the list showed."""
    asked = Asked.from_query(request.GET)
    wanted = asked.rows if asked.outcome else RowFilter()
    before, _more = row_page(job, wanted, before=number, size=1)
    after, _more = row_page(job, wanted, after=number, size=1)
    query = f"?{asked.query}" if asked.query else ""
    page = "job_check" if job.state in BEFORE_SENDING else "job_results"
    url = {row.number: reverse("job_row", args=[job.uuid, row.number]) + query for row in (*before, *after)}
    return {
        "previous": [(row.number, url[row.number]) for row in before],
        "next": [(row.number, url[row.number]) for row in after],
        "list_url": reverse(page, args=[job.uuid]) + (f"{query}#rows" if query else ""),
    }
