"""What concerns the person who is signed in: their settings, their language, news of their imports."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django.views.i18n import set_language

from dashboard.access import everybody, may_approve
from dashboard.forms.preferences import PreferencesForm
from dashboard.personal import remember
from dashboard.presenting.news import news_of
from dashboard.requests import Request
from imports import actions


@never_cache
@require_http_methods(["GET", "POST"])
@everybody
def preferences(request: Request) -> HttpResponse:
    """Language, time zone and letters of this person."""
    form = PreferencesForm(
        request.POST or None, chosen=actions.preferences_of(request.user), approves=may_approve(request.user)
    )
    if request.method == "POST" and form.is_valid():
        chosen = actions.choose_preferences(request.user, **form.cleaned_data)
        remember(request, chosen)
        with translation.override(chosen.language or translation.get_language_from_request(request)):
            messages.success(request, _("Your settings are kept."))
        answer = redirect("preferences")
        if not chosen.language:
            answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return answer
    mails = not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
    context = {
        "form": form,
        "mails": mails,
        "sessions": actions.sessions_of(request.user),
        "this_key": request.session.session_key,
    }
    return render(request, "person/preferences.html", context, status=422 if form.errors else 200)


@login_not_required
def choose_language(request: Request) -> HttpResponseBase:
    """The switch in the frame: for this browser, and kept for somebody who is signed in."""
    answer, chosen = set_language(request), request.POST.get("language", "")
    if request.method == "POST" and request.user.is_authenticated and chosen in dict(settings.LANGUAGES):
        remember(request, actions.choose_preferences(request.user, language=chosen))
    return answer


@never_cache
@require_GET
@everybody
def news(request: Request) -> HttpResponse:
    """What happened to this person's imports since the page was drawn; asks on only while one of them runs."""
    return render(request, "person/news.html", news_of(request))
