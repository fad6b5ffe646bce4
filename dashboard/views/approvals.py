"""A second pair of eyes before sending: the queue, one import as an approver sees it, the question and its answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import approvers_only, everybody, get_job, importers_only, may_approve, may_import
from dashboard.forms.approvals import ApproveForm, SendBackForm, UnsafeApproveForm
from dashboard.presenting import approvals
from dashboard.presenting.filters import whole
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import Approval, ImportJob
from imports.wording import fault_text

WRONG = 422


@never_cache
@require_GET
@everybody
def approval_list(request: Request) -> HttpResponse:
    """What waits for this person's answer, what waits for others, and what was answered lately."""
    seen = Approval.objects.visible_to(request.user).select_related("job__connection")
    standing = seen.standing(timezone.now()).order_by("asked_at")
    mine = list(actions.answerable_by(request.user).values_list("pk", flat=True)) if may_approve(request.user) else []
    closed = seen.exclude(pk__in=standing.values("pk")).order_by("-pk")[: approvals.CLOSED_SHOWN]
    context = {
        "mine": [approvals.entry(one, mine=True) for one in standing.filter(pk__in=mine)],
        "others": [approvals.entry(one, mine=False) for one in standing.exclude(pk__in=mine)],
        "closed": [approvals.listed(one) for one in closed],
    }
    return render(request, "approvals/list.html", context)


@never_cache
@require_GET
@everybody
def job_approval(request: Request, uuid: UUID) -> HttpResponse:
    """What exactly is asked for, with nobody recognisable in it, and the answers for those who may give one."""
    return _page(request, get_job(request.user, uuid))


@require_POST
@importers_only
def approval_ask(request: Request, uuid: UUID) -> HttpResponse:
    """Ask for a second person, for what this person saw."""
    job, given = get_job(request.user, uuid), request.POST
    first = whole(given.get("first")) if given.get("alone") else 0
    wishes: dict[str, Any] = {
        "note": given.get("note", ""),
        "send_at_once": "send_at_once" in given,
        "first_rows": first,
    }
    try:
        seen = whole(given.get("check"))
        actions.ask_approval(job, by=request.user, seen=seen, shape_seen="shape_seen" in given, **wishes)
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return go_to(request, "job", job)
    messages.success(request, _("The approvers are asked. Nothing is sent before one of them has agreed."))
    return go_to(request, "job_check", job)


@require_http_methods(["POST"])
@approvers_only
def approval_approve(request: Request, uuid: UUID) -> HttpResponse:
    """Yes: by another person, for what the page showed; an import that may write to people with a proof."""
    job = get_job(request.user, uuid)
    form = _form(request, actions.standing_approval(job))
    if not form.is_valid():
        return _page(request, job, form=form, status=WRONG)
    try:
        done = actions.approve_job(job, by=request.user, digest=form.cleaned_data["digest"], stepped_up=form.stepped_up)
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return go_to(request, "job_approval", job)
    if done.why_not is not None:
        told = fault_text(done.why_not.code, done.why_not.params)
        messages.warning(request, _("You approved it, but it could not be sent yet. %(why)s") % {"why": told})
        return go_to(request, "job_approval", job)
    tasks.ring_send(done.job)
    messages.success(request, _("You approved it. It is being sent.") if done.started else _("You approved it."))
    return go_to(request, "job_sending" if done.started else "job_approval", job)


@require_POST
@approvers_only
def approval_refuse(request: Request, uuid: UUID) -> HttpResponse:
    """No, with a reason: it goes back to whoever asked."""
    job, form = get_job(request.user, uuid), SendBackForm(request.POST)
    if not form.is_valid():
        return _page(request, job, back=form, status=WRONG)
    try:
        actions.refuse_job(job, by=request.user, reason=form.cleaned_data["reason"])
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return go_to(request, "job_approval", job)
    messages.success(request, _("It went back with your reason; nothing is sent."))
    return redirect("approval_list")


@require_POST
@importers_only
def approval_withdraw(request: Request, uuid: UUID) -> HttpResponse:
    """Whoever imports takes the question back."""
    job = get_job(request.user, uuid)
    try:
        actions.withdraw_approval(job, by=request.user)
    except actions.Refused as fault:
        tell_refusal(request, fault)
    else:
        messages.success(request, _("Nobody is asked any more. The import is as it was after the check."))
    return go_to(request, "job_check", job)


def _form(request: Request, approval: Approval | None) -> ApproveForm | UnsafeApproveForm:
    made = UnsafeApproveForm if approval is not None and approval.unsafe else ApproveForm
    return made(request.POST or None, request=request, initial={"digest": approval.digest if approval else ""})


def _page(
    request: Request, job: ImportJob, *, form: Any = None, back: SendBackForm | None = None, status: int = 200
) -> HttpResponse:
    standing = actions.standing_approval(job)
    last = standing or job.approvals.order_by("-pk").first()
    why_not = _why_not(request, job) if standing else ""
    past = job.approvals.select_related("job").order_by("-pk")
    context: dict[str, Any] = {
        "job": job,
        "standing": standing,
        "last": last,
        "state": approvals.shown_state(last) if last else "",
        "title": approvals.asked_sentence(last) if last else "",
        "may_answer": bool(standing) and may_approve(request.user) and not why_not,
        "why_not": why_not if may_approve(request.user) else "",
        "may_withdraw": bool(standing) and may_import(request.user),
        "others": approvals.names(actions.approvers_of(job)) if standing else [],
        "earlier": [approvals.listed(one) for one in past if one != standing],
        "form": form if form is not None else _form_of(request, standing),
        "back": back or SendBackForm(),
    }
    return render(request, "approvals/page.html", context | approvals.what_is_asked(job, last), status=status)


def _form_of(request: Request, standing: Approval | None) -> Any:
    made = UnsafeApproveForm if standing is not None and standing.unsafe else ApproveForm
    return made(request=request, initial={"digest": standing.digest if standing else ""})


def _why_not(request: Request, job: ImportJob) -> str:
    """Why this person may not be the second one, in words; "" when they may."""
    try:
        actions.refuse_unless_second(job, request.user)
    except actions.Refused as fault:
        return fault_text(fault.code, fault.params)
    return ""
