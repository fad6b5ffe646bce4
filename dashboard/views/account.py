"""Signing in, and the answer for whoever watches over the machine."""

from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRefresh

from dashboard.requests import Request
from dashboard.typed.keeping import KEPT, goes_on


class SignIn(LoginView):
    """The sign-in page. A live part of a page whose session has ended loads its whole page again instead; what was
    typed into a form is carried along and is there again afterwards."""

    redirect_authenticated_user = True

    @method_decorator(login_not_required)
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody who has signed in elsewhere meanwhile goes on at once."""
        page = goes_on(request) if request.user.is_authenticated else None
        return page or super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        return goes_on(cast(Request, self.request)) or answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {KEPT: self.request.POST.get(KEPT, "")}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseClientRefresh() if "HX-Request" in request.headers else super().get(request, *args, **kwargs)


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; whether the workers do is told by `manage.py up`."""
    return HttpResponse("ok", content_type="text/plain")
