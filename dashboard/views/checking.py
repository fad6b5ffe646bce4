"""Step 3: what the check found, what would be sent, and the button that sends it."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from dashboard.access import everybody, get_job, importers_only, may_import, may_see_people, note_look
from dashboard.forms.approvals import AskForm
from dashboard.presenting import approvals, changes, options, problems, repeats, sentences, words
from dashboard.presenting.exact import spread
from dashboard.presenting.filters import Asked, whole
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import is_being_checked, stepper_of
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import ImportJob
from imports.results import progress, reasons, row_page, row_story, totals
from imports.states import PLANNED, JobState, Outcome
from imports.wording import fault_text

LISTED = (Outcome.INVALID, Outcome.SET_ASIDE)
SAMPLES = 2
PAGE = 20


@never_cache
@require_GET
@everybody
def job_check(request: Request, uuid: UUID) -> HttpResponse:
    """While it runs, how far the check has got; then what it found."""
    job = get_job(request.user, uuid)
    if is_being_checked(job):
        context = {"job": job, "steps": stepper_of(job), "progress": progress(job)}
        return render(request, "jobs/checking.html#live" if request.htmx else "jobs/checking.html", context)
    if job.checked_at is None:
        return go_to(request, "job", job)
    if request.htmx:
        return HttpResponseClientRefresh()
    note_look(request.user, job, "check")
    return render(request, "jobs/check.html", _found(request, job) | _rows(request, job))


def _found(request: Request, job: ImportJob) -> dict[str, Any]:
    sums, why, masked = totals(job), reasons(job), not may_see_people(request.user)
    before_sending = job.state in PLANNED
    return (
        _destination(job)
        | _second_person(request, job)
        | {
            "job": job,
            "steps": stepper_of(job),
            "sums": sums,
            "before_sending": before_sending,
            "may_change": may_import(request.user) and before_sending,
            "may_see": not masked,
            "headline": sentences.readiness(sums) if before_sending else sentences.passed(sums),
            "send_label": sentences.send_label(sums, words.place_name(job)),
            "groups": problems.found_groups(job, why, page="job_check", masked=masked),
            "changed": changes.changed_groups(job, masked=masked),
            "repeats": sentences.repeats(job),
            "earlier": repeats.earlier_imports(job),
            "kinds": problems.kinds(job, why, Outcome.INVALID),
            "notes": [fault_text(code, params) for code, params in job.notes],
            "samples": [] if masked else [(n, spread(text)) for n, text in actions.sample_profiles(job, most=SAMPLES)],
        }
    )


def _second_person(request: Request, job: ImportJob) -> dict[str, Any]:
    """Whether this person may send it now, or what has to be asked first."""
    may, needed = may_import(request.user), job.state == JobState.CHECKED and actions.needs_second(job)
    found: dict[str, Any] = {"may_send": may and not needed and job.state in (JobState.CHECKED, JobState.APPROVED)}
    if may and needed:
        found |= {"ask": AskForm(), "approvers": approvals.names(actions.approvers_of(job))}
    return found


def _destination(job: ImportJob) -> dict[str, Any]:
    """Where the rows go and how, in words."""
    where, connection = job.destination, job.connection
    if where is None or connection is None:
        return {}
    return {
        "where": where,
        "target": words.target(job),
        "operation": words.operation(where),
        "matching": words.matching(where),
        "duplicates": words.DUPLICATES.get(where.duplicates, ""),
        "subscriptions": [*options.brought_subscriptions(job), *words.subscriptions(where, connection)],
        "options": options.asked_of(where, connection),
        "unsafe": words.unsafe(job),
    }


def _rows(request: Request, job: ImportJob) -> dict[str, Any]:
    """A page of the rows that will not be sent."""
    asked = Asked.from_query(request.GET, outcomes=LISTED)
    if not asked.outcome:
        asked = Asked(Outcome.INVALID, "", asked.after, asked.before)
    rows, more = row_page(job, asked.rows, after=asked.after, before=asked.before, size=PAGE)
    masked = not may_see_people(request.user)
    return {
        "asked": asked,
        "filtered": "outcome" in request.GET,
        "faults": problems.fault_lines(job, rows, masked=masked),
        "pager": asked.pager(rows, more),
    }


@never_cache
@require_GET
@importers_only
def job_json(request: Request, uuid: UUID) -> HttpResponse:
    """The exact JSON of one row, or why it would not be sent."""
    job = get_job(request.user, uuid)
    number = whole(request.GET.get("row"))
    story = row_story(job, number) if job.checked_at is not None else None
    faults = problems.fault_lines(job, [story.row], masked=False) if story else []
    context = {"job": job, "number": number, "story": story, "faults": faults}
    context["text"] = spread(story.sent) if story else ""
    note_look(request.user, job, "exact")
    return render(request, "jobs/exact.html#exact" if request.htmx else "jobs/exact.html", context)


@require_POST
@importers_only
def job_start(request: Request, uuid: UUID) -> HttpResponse:
    """A person's "Send", for what that person saw: a check done since then voids it."""
    job = get_job(request.user, uuid)
    if request.POST.get("check") != str(job.check_version):
        messages.error(request, _("The check was done again meanwhile. Look at what would be sent now."))
        return go_to(request, "job", job)
    if not totals(job).pending:
        messages.error(
            request, _("There is no profile to send. Mend the problems in the file, or match other columns.")
        )
        return go_to(request, "job", job)
    try:
        first = whole(request.POST.get("first")) if request.POST.get("alone") else 0
        seen = "shape_seen" in request.POST
        tasks.ring_send(actions.start_job(job, by=request.user, first_rows=first, shape_seen=seen))
    except actions.Refused as fault:
        tell_refusal(request, fault)
        if fault.code == "overtaken":
            _compare_again(request, job)
        return go_to(request, "job", job)
    return go_to(request, "job_sending", job)


def _compare_again(request: Request, job: ImportJob) -> None:
    """Plan anew with what was sent meanwhile; whoever was quicker has done so already."""
    with suppress(actions.Refused):
        actions.plan_again(job, seen=job.check_version)
        job.refresh_from_db()
        tasks.check_soon(job)
