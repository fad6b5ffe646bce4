"""Batches without a readable answer, and those that were stopped: what is known, and what a person may do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import everybody, get_job, importers_only, may_import, may_see_people, note_look
from dashboard.figures import number as grouped
from dashboard.forms.decisions import DecisionForm, shown
from dashboard.presenting import decisions, evidence, words
from dashboard.presenting.filters import whole
from dashboard.presenting.proposals import proposals_of
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import Batch, ImportJob
from imports.states import BEFORE_SENDING, PARKED_BATCHES, BatchState

MOST_LISTED = 100
AGAIN = "again"
Seen = dict[int, int | None]


@never_cache
@require_GET
@everybody
def job_unknown(request: Request, uuid: UUID) -> HttpResponse:
    """What is known about the batches that wait for a person; one of them at a time to be decided."""
    job = get_job(request.user, uuid)
    if job.state in BEFORE_SENDING:
        return go_to(request, "job", job)
    return page(request, job, whole(request.GET.get("batch")))


@require_POST
@importers_only
def job_decide(request: Request, uuid: UUID, number: int) -> HttpResponse:
    """Keep the decision about this batch, or about all like it; sending again as new is proposed to a second person."""
    job = get_job(request.user, uuid)
    batch = Batch.objects.filter(job=job, number=number).first()
    if batch is None:
        raise Http404
    form = DecisionForm(request.POST, state=_asked_as(batch, request.POST.get("choice", "")))
    if not form.is_valid():
        return page(request, job, number, form=form, status=422)
    about = _about(job, batch, form.cleaned_data)
    try:
        messages.success(request, _keep(request, job, form.cleaned_data, about))
    except actions.Refused as fault:
        tell_refusal(request, fault)
    job.refresh_from_db()
    tasks.ring_send(job)
    return go_to(request, "job_unknown" if _parked(job).exists() else "job", job)


@require_POST
@importers_only
def job_look_up(request: Request, uuid: UUID, number: int) -> HttpResponse:
    """Look some profiles of this batch up, as evidence for whoever decides; it changes nothing there."""
    job = get_job(request.user, uuid)
    batch = Batch.objects.select_related("job__connection", "row_slice").filter(job=job, number=number).first()
    if batch is None:
        raise Http404
    try:
        actions.look_up(batch, by=request.user)
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return redirect(f"{reverse('job_unknown', args=[job.uuid])}?batch={number}#evidence")


def page(
    request: Request, job: ImportJob, number: int, *, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    """The page with one batch open: the one of this number, else the first that waits."""
    parked = list(_parked(job)[:MOST_LISTED])
    chosen = next((batch for batch in parked if batch.number == number), parked[0] if parked else None)
    context: dict[str, Any] = {
        "job": job,
        "steps": stepper_of(job),
        "target": words.target(job),
        "unsafe": words.unsafe(job),
        "parked": parked,
        "batch": chosen,
        "proposals": proposals_of(job, request.user),
        "may_act": may_import(request.user),
    }
    if chosen is not None:
        in_clear = may_see_people(request.user)
        note_look(request.user, job, "unknown")
        chosen.job = job
        alike = list(_parked(job).filter(state=chosen.state))
        context |= decisions.known_about(job, chosen, in_clear=in_clear)
        context |= {
            "form": form or DecisionForm(state=BatchState(chosen.state)),
            "alike": len(alike),
            "alike_rows": sum(batch.rows for batch in alike),
            "seen": shown(actions.seen(alike)),
            "looks": evidence.looks_at(job, chosen, in_clear=in_clear),
            "may_look": chosen.state == BatchState.UNKNOWN and actions.may_look_up(job),
        }
    return render(request, "jobs/unknown.html", context, status=status)


def _keep(request: Request, job: ImportJob, given: dict[str, Any], about: Seen) -> str:
    """Keep the decision and say so. Raise Refused."""
    if given["choice"] == AGAIN:
        actions.propose_again(job, about=about, by=request.user, reason=given["reason"])
        return _("It is proposed. A second person, an administrator, confirms or refuses it within a day.")
    kept = actions.decide_all(job, given["choice"], about=about, by=request.user, reason=given["reason"])
    text = ngettext("%(count)s batch is decided.", "%(count)s batches are decided.", kept.batches)
    left = ngettext(
        "%(count)s had changed meanwhile and was left alone.",
        "%(count)s had changed meanwhile and were left alone.",
        kept.left,
    )
    told = [text % {"count": grouped(kept.batches)}, left % {"count": grouped(kept.left)} if kept.left else ""]
    return " ".join(filter(None, told))


def _about(job: ImportJob, batch: Batch, given: dict[str, Any]) -> Seen:
    """The batches the decision is about, as the page showed them; without that, as they are now."""
    kept: Seen = given["seen"] or actions.seen(_parked(job).filter(state=batch.state))
    return kept if given["everywhere"] else {batch.pk: kept.get(batch.pk)}


def _asked_as(batch: Batch, choice: str) -> BatchState:
    """The state the page showed the batch in: one that changed since is refused by the action, in a clear sentence."""
    if batch.state in PARKED_BATCHES:
        return BatchState(batch.state)
    return BatchState.HELD if choice in actions.CHOICES_OF_HELD else BatchState.UNKNOWN


def _parked(job: ImportJob) -> Any:
    """Unknown ones before held ones, in the order of the file."""
    waiting = Batch.objects.filter(job=job, state__in=PARKED_BATCHES)
    return waiting.select_related("attempt__batch__job__connection").order_by("-state", "number")
