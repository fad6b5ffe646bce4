"""Signing in, and the answer for whoever watches over the machine."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh


class SignIn(LoginView):
    """The sign-in page. A live part of a page whose session has ended loads its whole page again instead."""

    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseClientRefresh() if "HX-Request" in request.headers else super().get(request, *args, **kwargs)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; whether the workers do is told by `manage.py up`."""
    return HttpResponse("ok", content_type="text/plain")
