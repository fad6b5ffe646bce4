"""What the house asks of everybody who signs in, for administrators of every team; and ending one's own sessions."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import admins_only, everybody, is_house_admin
from dashboard.forms.signing import PolicyForm
from dashboard.requests import Request
from dashboard.signin.sessions import begin, note
from dashboard.telling import RefusalAt
from imports import actions
from imports.models import Policy


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def policy(request: Request) -> HttpResponse:
    """Look at it, or change it after a proof."""
    if not is_house_admin(request.user):
        raise PermissionDenied
    kept = Policy.now()
    form = PolicyForm(request.POST if request.method == "POST" else None, request=request, policy=kept)
    if form.is_valid():
        with RefusalAt(form):
            actions.change_policy(by=request.user, **form.chosen())
            messages.success(request, _("The policy holds from now on, for everybody."))
            return redirect("policy")
    return render(request, "account/policy.html", {"form": form, "policy": kept}, status=422 if form.errors else 200)


@require_POST
@everybody
def sessions_end(request: Request) -> HttpResponse:
    """All sessions of this person but this one are over."""
    actions.end_sessions(request.user, by=request.user)
    begin(request.session)
    note(request, request.user)
    messages.success(request, _("All other browsers of yours have been signed out."))
    return redirect("preferences")


@require_POST
@everybody
def session_end(request: Request, pk: int) -> HttpResponse:
    """One session of this person is over; this one is left by signing out."""
    found = get_object_or_404(actions.sessions_of(request.user), pk=pk)
    if found.session_key == request.session.session_key:
        return redirect("preferences")
    actions.end_session(found, by=request.user)
    messages.success(request, _("That browser has been signed out."))
    return redirect("preferences")
