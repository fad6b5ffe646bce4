"""Batches without a readable answer, and those stopped after several tries: what is known, and what a person may do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import everybody, get_job, importers_only, may_import, may_see_people
from dashboard.figures import number as grouped
from dashboard.forms.decisions import DecisionForm
from dashboard.presenting import decisions, words
from dashboard.presenting.filters import whole
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from imports import actions, tasks
from imports.models import Batch, ImportJob
from imports.states import BEFORE_SENDING, BatchState
from imports.wording import fault_text

MOST_LISTED = 100


@never_cache
@require_GET
@everybody
def job_unknown(request: Request, uuid: UUID) -> HttpResponse:
    """What is known about the batches that wait for a person; one of them at a time to be decided."""
    job = get_job(request.user, uuid)
    if job.state in BEFORE_SENDING:
        return go_to(request, "job", job)
    return _page(request, job, whole(request.GET.get("batch")), DecisionForm())


@require_POST
@importers_only
def job_decide(request: Request, uuid: UUID, number: int) -> HttpResponse:
    """Keep the decision about this batch, or about all without an answer."""
    job = get_job(request.user, uuid)
    batch = Batch.objects.filter(job=job, number=number).first()
    if batch is None:
        raise Http404
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, job, number, form, status=422)
    asked = _unknown(job) if form.cleaned_data["everywhere"] else [batch]
    decided = _decide(request, asked, form.cleaned_data)
    job.refresh_from_db()
    tasks.ring_send(job)
    if decided:
        text = ngettext("%(count)s batch is decided.", "%(count)s batches are decided.", decided)
        messages.success(request, text % {"count": grouped(decided)})
    return go_to(request, "job_unknown" if _unknown(job).exists() else "job", job)


def _decide(request: Request, asked: Any, choices: dict[str, Any]) -> int:
    """How many were decided; the first refusal is told and ends it."""
    decided = 0
    for batch in asked:
        try:
            actions.decide(batch, choices["choice"], by=request.user, reason=choices["reason"])
            decided += 1
        except actions.Refused as fault:
            text = _("Batch %(number)s: %(fault)s")
            shown = {"number": grouped(batch.number), "fault": fault_text(fault.code, fault.params)}
            messages.error(request, text % shown)
            break
    return decided


def _page(request: Request, job: ImportJob, number: int, form: DecisionForm, status: int = 200) -> HttpResponse:
    unknown = list(_unknown(job)[:MOST_LISTED])
    chosen = next((batch for batch in unknown if batch.number == number), unknown[0] if unknown else None)
    context = {
        "job": job,
        "steps": stepper_of(job),
        "target": words.target(job),
        "unsafe": words.unsafe(job),
        "unknown": unknown,
        "held": Batch.objects.filter(job=job, state=BatchState.HELD).order_by("number")[:MOST_LISTED],
        "batch": chosen,
        "form": form,
        "may_act": may_import(request.user),
    }
    if chosen is not None:
        context |= decisions.known_about(job, chosen, in_clear=may_see_people(request.user))
    return render(request, "jobs/unknown.html", context, status=status)


def _unknown(job: ImportJob) -> Any:
    return Batch.objects.filter(job=job, state=BatchState.UNKNOWN).select_related("job", "attempt").order_by("number")
