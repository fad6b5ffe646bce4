"""One's own second factor: setting it up, new recovery codes, taking it away."""

from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import everybody
from dashboard.forms.signing import WRONG_CODE, FactorForm, ProvenFactorForm
from dashboard.requests import Request
from dashboard.signin.adapters import FactorAdapter
from dashboard.signin.factors import must_have_factor, opens_without_factor
from dashboard.signin.sessions import is_fresh
from dashboard.stepup import StepUpForm
from dashboard.telling import tell_refusal
from imports import actions
from imports.vault import Sealed, open_text, seal_text
from imports.wording import fault_text

SECRET = "factor_secret"  # noqa: S105 - its place in the session, sealed, until a code has shown that the app has it


@opens_without_factor
@never_cache
@require_http_methods(["GET", "POST"])
@everybody
def second_factor(request: Request) -> HttpResponse:
    """With one: what can be done about it. Without: the picture for the app, and its first code."""
    if actions.has_second_factor(request.user):
        return _page(request)
    form = _form(request)
    if not form.is_valid():
        return _page(request, form=form)
    try:
        codes = actions.turn_on_second_factor(request.user, _secret(request), form.cleaned_data["code"])
    except actions.Refused as fault:
        form.add_error("code", WRONG_CODE if fault.code == "code_wrong" else fault_text(fault.code, fault.params))
        return _page(request, form=form)
    request.session.pop(SECRET, None)
    return _codes_page(request, codes)


@never_cache
@require_POST
@everybody
def recovery_codes(request: Request) -> HttpResponse:
    """Ten new ones, after a proof; the others open nothing any more."""
    form = StepUpForm(request.POST, request=request)
    if not form.is_valid():
        return _page(request, proof=form)
    try:
        return _codes_page(request, actions.new_recovery_codes(request.user))
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return redirect("second_factor")


@never_cache
@require_POST
@everybody
def second_factor_off(request: Request) -> HttpResponse:
    """Take it away, after a proof; unless the person has to have one."""
    if must_have_factor(request.user):
        messages.error(request, _("Your role has to have a second factor. An administrator can reset it."))
        return redirect("second_factor")
    form = StepUpForm(request.POST, request=request)
    if not form.is_valid():
        return _page(request, proof=form)
    try:
        actions.turn_off_second_factor(request.user)
        messages.success(request, _("The second factor is gone; from now on your password alone opens."))
    except actions.Refused as fault:
        tell_refusal(request, fault)
    return redirect("second_factor")


def _form(request: Request) -> Any:
    """Somebody who signed in a while ago proves again who they are."""
    given = request.POST if request.method == "POST" else None
    return FactorForm(given) if is_fresh(request) else ProvenFactorForm(given, request=request)


def _secret(request: Request) -> str:
    """The one the picture shows; a new one when there is none, or no key opens it any more."""
    try:
        return open_text(request.session[SECRET])
    except (KeyError, Sealed):
        secret = generate_totp_secret()
        request.session[SECRET] = seal_text(secret)
        return secret


def _page(request: Request, *, form: Any = None, proof: Any = None) -> HttpResponse:
    must, wrong = must_have_factor(request.user), any(one is not None and one.errors for one in (form, proof))
    context: dict[str, Any] = {"must": must, "form": proof if form is None else form}
    if form is None:
        left = actions.recovery_codes_left(request.user)
        context |= {"on": True, "left": left, "proof": proof or StepUpForm(request=request)}
    else:
        context |= _drawn(request)
    return render(request, "account/second_factor.html", context, status=422 if wrong else 200)


def _drawn(request: Request) -> dict[str, Any]:
    """The secret as a picture and as text in fours."""
    adapter, secret = FactorAdapter(), _secret(request)
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {"picture": adapter.build_totp_svg(adapter.build_totp_url(request.user, secret)), "secret": spaced}


def _codes_page(request: Request, codes: list[str]) -> HttpResponse:
    return render(request, "account/recovery_codes.html", {"codes": [f"{code[:5]} {code[5:]}" for code in codes]})
