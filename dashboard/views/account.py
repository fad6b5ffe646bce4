"""Coming in and going out, and the answer for whoever watches over the machine."""

from typing import Any, cast

from allauth.account.stages import LoginStageController
from allauth.account.utils import perform_login
from allauth.mfa.stages import AuthenticateStage
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from dashboard.forms.signing import SignInCodeForm, SignInForm
from dashboard.requests import Request
from dashboard.signin.adapters import HOW
from dashboard.signin.factors import opens_without_factor
from dashboard.signin.sessions import OVER
from dashboard.typed.keeping import KEPT, goes_on
from imports import actions


class SignIn(LoginView):
    """The sign-in page. A live part of a page whose session has ended loads its whole page again instead; what was
    typed into a form is carried along and is there again afterwards."""

    redirect_authenticated_user = True
    authentication_form = SignInForm

    @method_decorator(login_not_required)
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Somebody who has signed in elsewhere meanwhile goes on at once."""
        page = goes_on(request) if request.user.is_authenticated else None
        return page or super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """In; or, with a second factor, on to the page for its code."""
        request = cast(Request, self.request)
        request.session[HOW] = "password"
        answer = perform_login(request, form.get_user(), redirect_url=self.get_success_url())
        if request.user.is_authenticated:
            return goes_on(request) or answer
        return _code_page(request) if request.POST.get(KEPT) else answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | door(self.request)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseClientRefresh() if "HX-Request" in request.headers else super().get(request, *args, **kwargs)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in_code(request: Request) -> HttpResponse:
    """The second factor of somebody whose password was right within the last quarter of an hour."""
    return _code_page(request, request.POST if request.method == "POST" else None)


class SignOut(LogoutView):
    """The end of a session; the browser forgets the pages it kept."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            actions.record_sign_out(request.user)
        answer = super().post(request, *args, **kwargs)
        answer.headers["Clear-Site-Data"] = '"cache"'
        return answer


@login_not_required
def admin_door(request: HttpRequest) -> HttpResponse:
    """Django's admin pages send here whom they do not let in: strangers go on to our door, others stay out."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", ""), settings.LOGIN_URL)


sign_in = SignIn.as_view()
sign_out = opens_without_factor(SignOut.as_view())


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The web process answers; whether the workers do is told by `manage.py up`."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def door(request: Any) -> dict[str, Any]:
    """What the sign-in page says besides its form: what was typed, why a session ended, other ways in."""
    return {
        KEPT: request.POST.get(KEPT, ""),
        "over": request.session.get(OVER, ""),
        "sso_name": settings.OIDC_NAME if settings.SOCIALACCOUNT_PROVIDERS else "",
        "mails": not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"),
    }


def _code_page(request: Request, given: Any = None) -> HttpResponse:
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None or stage.login.user is None:
        return redirect("login")
    form = SignInCodeForm(given, request=request, person=stage.login.user)
    if form.is_valid():
        request.session[HOW] = f"{request.session.get(HOW, 'password')}+{form.how}"
        answer = stage.exit()
        return goes_on(request) or answer
    context = {"form": form, KEPT: request.POST.get(KEPT, ""), "next": request.POST.get("next", "")}
    return render(request, "registration/code.html", context, status=422 if form.errors else 200)
