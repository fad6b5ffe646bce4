"""The person's own clock and language, kept in the session so that no page has to ask for them."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from imports import actions
from imports.models import Preferences

ZONE, LANGUAGE = "zone", "language"


class PersonalMiddleware:
    """Behind sessions and LocaleMiddleware: what somebody chose comes before what their browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if language := request.session.get(LANGUAGE):
            translation.activate(language)
            request.LANGUAGE_CODE = translation.get_language()
        zone = _zone(request.session.get(ZONE) or "")
        if zone is None:
            return self._get_response(request)
        with timezone.override(zone):
            return self._get_response(request)


def remember(request: Any, chosen: Preferences) -> None:
    """From the next page on this browser shows what was chosen; other browsers do after signing in anew."""
    request.session[ZONE], request.session[LANGUAGE] = chosen.time_zone, chosen.language


@receiver(user_logged_in)
def _on_sign_in(request: Any, user: Any, **_signal: Any) -> None:
    if request is not None:
        remember(request, actions.preferences_of(user))


def _zone(name: str) -> zoneinfo.ZoneInfo | None:
    """None for no choice, and for a zone this machine has never heard of."""
    try:
        return zoneinfo.ZoneInfo(name) if name else None
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return None
