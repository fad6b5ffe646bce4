"""How long a session lasts: so many minutes without a page end it, and so does its age, whatever its cookie says.

A page that asks for news by itself is not somebody at work: its requests carry the header X-Poll and keep nothing
alive. Whoever leaves it out of their own requests keeps their own session alive, no longer than its age allows.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dashboard.signin.addresses import client_address
from dashboard.signin.browsers import browser_of
from imports import actions

BEGAN, SEEN = "began", "seen"  # in the session: seconds since 1970
OVER = "over"  # in the next, empty one: why the last one ended
POLL = "X-Poll"
STRIDE = 30  # seconds; a page sooner than that after the last one writes nothing


class SessionEndMiddleware:
    """Behind AuthenticationMiddleware and before whatever asks who is signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            if why := _over(request):
                end(request, why)
            elif POLL not in request.headers:
                _touch(request)
        return self._get_response(request)


def end(request: HttpRequest, why: str) -> None:
    """Out, and the sign-in page says why: "idle", "long" or "ended"."""
    actions.record_session_end(request.user, why=why)
    logout(request)
    request.session[OVER] = why


def begin(session: Any) -> None:
    session[BEGAN] = session[SEEN] = timezone.now().timestamp()


def is_fresh(request: Any) -> bool:
    """Whether this person has shown within minutes who they are."""
    return bool(timezone.now().timestamp() - request.session.get(BEGAN, 0) < timedelta(minutes=5).total_seconds())


@receiver(user_logged_in)
def _on_sign_in(request: Any, user: Any, **_signal: Any) -> None:
    if request is not None:
        begin(request.session)
        if not request.session.session_key:  # somebody else was signed in here: Django has emptied the session
            request.session.create()
        request.session.set_expiry(timedelta(hours=actions.session_rules_of(user).session_hours))
        note(request, user)


def _over(request: HttpRequest) -> str:
    """Why it is over, "" while it is not. One that never began here has been begun by other software."""
    rules, now = actions.session_rules_of(request.user), timezone.now().timestamp()
    began, seen = request.session.get(BEGAN, 0), request.session.get(SEEN, 0)
    if rules.sessions_from is not None and began <= rules.sessions_from.timestamp():
        return "ended"
    if now - began >= timedelta(hours=rules.session_hours).total_seconds():
        return "long"
    return "idle" if now - seen >= timedelta(minutes=rules.idle_minutes).total_seconds() else ""


def note(request: Any, person: Any) -> None:
    """Keep where this person is signed in; call it when the session has begun or has got another key."""
    moments = {name: datetime.fromtimestamp(request.session[name], UTC) for name in (BEGAN, SEEN)}
    actions.note_session(
        person,
        request.session.session_key,
        began=moments[BEGAN],
        seen=moments[SEEN],
        address=client_address(request),
        browser=browser_of(request.headers.get("User-Agent", "")),
    )


def _touch(request: HttpRequest) -> None:
    now = timezone.now().timestamp()
    if now - request.session.get(SEEN, 0) >= STRIDE:
        request.session[SEEN] = now
        note(request, request.user)
