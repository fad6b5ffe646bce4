"""The switch over all sending: stop it everywhere before the next call, and let it go on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import house_only
from dashboard.figures import number
from dashboard.forms.decisions import ReasonForm
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import ImportJob, SendingStop
from imports.states import JobState

MOST_SHOWN = 20


@never_cache
@require_GET
@house_only
def sending_switch(request: Request) -> HttpResponse:
    """How it stands, and every stop there was."""
    return _page(request, ReasonForm())


@require_POST
@house_only
def sending_stop(request: Request) -> HttpResponse:
    """From the next call on nothing goes out, for any account; running calls end by their answer."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        actions.stop_sending(by=request.user, reason=form.cleaned_data["reason"])
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return redirect("sending_switch")


@require_POST
@house_only
def sending_go(request: Request) -> HttpResponse:
    """Let it go on where it was."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    try:
        jobs = actions.lift_stop(by=request.user, reason=form.cleaned_data["reason"])
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return redirect("sending_switch")
    for job in jobs:
        tasks.ring_send(job)
    text = ngettext(
        "Sending goes on; %(count)s import was waiting.", "Sending goes on; %(count)s imports were waiting.", len(jobs)
    )
    messages.success(request, text % {"count": number(len(jobs))})
    return redirect("sending_switch")


def _page(request: Request, form: ReasonForm, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "stop": actions.standing_stop(),
        "being_sent": ImportJob.objects.filter(state=JobState.SENDING).count(),
        "past": SendingStop.objects.filter(standing=False).order_by("-pk")[:MOST_SHOWN],
    }
    return render(request, "sending/switch.html", context, status=status)
