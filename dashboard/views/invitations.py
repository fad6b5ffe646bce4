"""Invitations: made and taken back by admins, accepted by whoever has the link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import admins_only
from dashboard.forms.people import AcceptForm, InviteForm
from dashboard.invitationletters import mails_are_sent, send_invitation
from dashboard.presenting.roles import NOTES, ROLES
from dashboard.requests import Request
from dashboard.signin.coming import let_in
from dashboard.telling import RefusalAt
from imports import actions
from imports.models import Invitation, Policy, reach_of

FIELDS = {"email_taken": "email", "email_wrong": "email", "email_missing": "email", "role_needs_team": "team"}
OWN_FIELDS = {"username_taken": "username", "username_wrong": "username"}


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def invitation_new(request: Request) -> HttpResponse:
    """Invite somebody, after a proof: a letter goes where mail is set, else the link is shown this once."""
    form = InviteForm(request.POST if request.method == "POST" else None, by=request.user, request=request)
    context = {"form": form, "days": Policy.now().invitation_days, "mails": mails_are_sent()}
    if form.is_valid():
        with RefusalAt(form, FIELDS):
            made, token = actions.invite(email=form.cleaned_data["email"], place=form.place(), by=request.user)
            return _made(request, made, settings.PUBLIC_URL + reverse("invitation", args=[token]), context)
    return render(request, "people/invite.html", context, status=422 if form.errors else 200)


def _made(request: Request, made: Invitation, link: str, context: dict[str, object]) -> HttpResponse:
    if mails_are_sent() and send_invitation(made, link):
        messages.success(request, _("The invitation is on its way by mail."))
        return redirect("person_list")
    fresh = InviteForm(None, by=request.user, request=request)
    told = context | {"form": fresh, "made": made, "link": link, "failed": mails_are_sent()}
    return render(request, "people/invite.html", told)


@require_POST
@admins_only
def invitation_revoke(request: Request, pk: int) -> HttpResponse:
    """It opens nothing any more."""
    mine = reach_of(request.user).narrow(Invitation.objects.all())
    actions.revoke_invitation(get_object_or_404(mine, pk=pk), by=request.user)
    messages.success(request, _("The invitation is taken back."))
    return redirect("person_list")


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: Request, token: str) -> HttpResponseBase:
    """Where the link leads: a name, a password, and in. Whatever is wrong with a link, the page is the same."""
    found = actions.open_invitation(token)
    if found is None:
        return _closed(request)
    form = AcceptForm(request.POST if request.method == "POST" else None, email=found.email)
    if form.is_valid():
        names = {name: form.cleaned_data[name] for name in ("username", "first_name", "last_name")}
        with RefusalAt(form, OWN_FIELDS):
            return let_in(request, actions.accept_invitation(token, **names, password=form.cleaned_data["password1"]))
        if actions.open_invitation(token) is None:  # somebody was quicker
            return _closed(request)
    told = {"role": ROLES.get(found.role, found.role), "note": NOTES.get(found.role, "")}
    context = {"form": form, "invitation": found, **told}
    return _private(render(request, "people/accept.html", context, status=422 if form.errors else 200))


def _closed(request: Request) -> HttpResponse:
    return _private(render(request, "people/closed.html", status=404))


def _private(answer: HttpResponse) -> HttpResponse:
    """The address is the secret: no search engine, no other house and no log is told."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer
