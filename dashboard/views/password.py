"""Passwords: a new one by whoever knows the old one, or by a link that went to one's own mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlsafe_base64_decode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from dashboard.access import everybody
from dashboard.forms.signing import ForgottenForm, NewPasswordForm, PasswordForm
from dashboard.limiting import is_too_often
from dashboard.requests import Request
from dashboard.signin.addresses import client_address
from dashboard.signin.factors import opens_without_factor
from dashboard.signin.sessions import note
from imports import actions, tasks

MOST_A_MINUTE = 10
TOKEN = "new_password_token"  # noqa: S105 - its place in the session


@opens_without_factor
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
@everybody
def password_change(request: Request) -> HttpResponse:
    """A new password; this session goes on, all others are over."""
    person: Any = request.user
    if not person.has_usable_password():
        raise Http404  # comes by single sign-on
    form = PasswordForm(person, request.POST if request.method == "POST" else None, request=request)
    if not form.is_valid():
        return render(request, "account/password.html", {"form": form}, status=422 if form.errors else 200)
    actions.change_password(person, form.cleaned_data["new_password1"], how="page")
    update_session_auth_hash(request, person)
    note(request, person)  # under its new key
    messages.success(request, _("Your new password counts. Other browsers of yours have been signed out."))
    return redirect("preferences")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def password_forgotten(request: Request) -> HttpResponse:
    """A link goes to the mail of whoever is known by this address; the page says, and does, the same for everybody."""
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        raise Http404
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/forgotten.html", {"form": form}, status=422 if form.errors else 200)
    client = client_address(request) or ""
    if not is_too_often(f"forgotten-{client}", most=MOST_A_MINUTE):
        actions.ask_for_link(form.cleaned_data["email"], client=client, language=get_language() or "")
        tasks.ring(tasks.send_letters, 0)
    return render(request, "account/forgotten.html", {"form": form, "sent": True})


@login_not_required
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def password_new(request: Request, who: str, token: str) -> HttpResponse:
    """Where the link leads: good for an hour and once. The token moves into the session, out of the address."""
    person = _person(who)
    if person is not None and token != TOKEN and default_token_generator.check_token(person, token):
        request.session[TOKEN] = token
        return redirect("password_new", who=who, token=TOKEN)
    kept = request.session.get(TOKEN, "")
    if person is None or token != TOKEN or not default_token_generator.check_token(person, kept):
        return render(request, "account/new_password.html", {"closed": True}, status=404)
    form = NewPasswordForm(person, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "account/new_password.html", {"form": form}, status=422 if form.errors else 200)
    request.session.pop(TOKEN, None)
    actions.change_password(person, form.cleaned_data["new_password1"], how="mail")
    messages.success(request, _("Your new password counts. Sign in with it."))
    return redirect("login")


def _person(who: str) -> Any | None:
    try:
        return get_user_model()._default_manager.filter(pk=int(urlsafe_base64_decode(who)), is_active=True).first()
    except (ValueError, OverflowError):
        return None
