"""Whoever has to have a second factor sets it up before anything else."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from dashboard.access import roles_of
from imports import actions
from imports.models import Policy

View = Callable[..., HttpResponseBase]


def opens_without_factor(view: View) -> View:
    """Mark a page that somebody may see who has yet to set the second factor up."""
    view.opens_without_factor = True  # type: ignore[attr-defined]
    return view


def must_have_factor(user: Any) -> bool:
    """Whether the policy asks it of one of the person's roles."""
    return bool(roles_of(user) & set(Policy.now().second_factor_roles))


class SecondFactorMiddleware:
    """Behind the middleware that knows who is signed in. Also before Django's admin pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_view(self, request: Any, view: View, *_arguments: Any) -> HttpResponse | None:
        """The page to set it up instead of the one that was asked for; None for everybody who may go on."""
        open_to_strangers = not getattr(view, "login_required", True)
        if open_to_strangers or getattr(view, "opens_without_factor", False) or not request.user.is_authenticated:
            return None
        if not must_have_factor(request.user) or actions.has_second_factor(request.user):
            return None
        page = reverse("second_factor")
        return HttpResponseClientRedirect(page) if "HX-Request" in request.headers else redirect(page)
