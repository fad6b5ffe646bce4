"""A second person's yes or no to sending batches again as new, and the proposer taking it back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.access import approvers_only, get_job, importers_only
from dashboard.forms.decisions import SecondWordForm
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import ImportJob


@require_POST
@approvers_only
def again_confirm(request: Request, uuid: UUID, bundle: UUID) -> HttpResponse:
    """Yes: with the risk ticked, by somebody other than the proposer, who proves again who they are."""
    job = get_job(request.user, uuid)
    form = SecondWordForm(request.POST, request=request)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return go_to(request, "job_unknown", job)
    return _end(
        request,
        job,
        lambda: actions.confirm_again(job, bundle, by=request.user, reason=form.cleaned_data["reason"]),
        _("They are sent again as new."),
    )


@require_POST
@approvers_only
def again_refuse(request: Request, uuid: UUID, bundle: UUID) -> HttpResponse:
    """No: the batches stay without an answer."""
    job = get_job(request.user, uuid)
    reason = request.POST.get("reason", "")
    return _end(
        request,
        job,
        lambda: actions.refuse_again(job, bundle, by=request.user, reason=reason),
        _("The proposal is refused; nothing is sent."),
    )


@require_POST
@importers_only
def again_withdraw(request: Request, uuid: UUID, bundle: UUID) -> HttpResponse:
    """The proposer takes it back."""
    job = get_job(request.user, uuid)
    return _end(
        request,
        job,
        lambda: actions.withdraw_again(job, bundle, by=request.user),
        _("The proposal is withdrawn; nothing is sent."),
    )


def _end(request: Request, job: ImportJob, act: Callable[[], object], done: str) -> HttpResponse:
    try:
        act()
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return go_to(request, "job_unknown", job)
    messages.success(request, done)
    job.refresh_from_db()
    tasks.ring_send(job)
    return go_to(request, "job_unknown", job)
