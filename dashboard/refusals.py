"""Who is signed in and was refused a page leaves a line in history: the page's name, how it was refused, how often."""

from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from imports import actions
from imports.models import ImportJob

FORBIDDEN, MISSING = 403, 404
HOUR = 3600


class RefusalsMiddleware:
    """Behind AuthenticationMiddleware. A page that is not there for this person counts like one that is forbidden:
    which of the two it was is nothing a stranger may learn, and the history tells it to those who read it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        if answer.status_code in (FORBIDDEN, MISSING) and _is_refusal(request, answer.status_code):
            route = str(request.resolver_match.url_name)  # type: ignore[union-attr]
            times = _counted(f"refused:{request.user.pk}:{route}")
            if is_told(times):
                actions.record_refusal(by=request.user, route=route, status=answer.status_code, times=times)
        return answer


def is_told(times: int) -> bool:
    """The first five of an hour, then the tenth, the hundredth, ...: a scanner fills no table and is still seen."""
    return times <= 5 or str(times).rstrip("0") == "1"


def _is_refusal(request: HttpRequest, status: int) -> bool:
    user: Any = getattr(request, "user", None)
    match = request.resolver_match
    if user is None or not user.is_authenticated or match is None or not match.url_name:
        return False
    return status == FORBIDDEN or _is_foreign(user, match.kwargs)


def _is_foreign(user: Any, asked: dict[str, Any]) -> bool:
    """Whether what the address names is out of this person's reach; a missing part of an import one sees is not."""
    if "uuid" not in asked:
        return bool(asked)
    return not ImportJob.objects.visible_to(user).filter(uuid=asked["uuid"]).exists()


def _counted(key: str) -> int:
    """How often within the hour; 0 when that cannot be counted."""
    try:
        cache.add(key, 0, HOUR)
        return cache.incr(key)
    except Exception:  # noqa: BLE001 - whatever ails the cache; the history's own limit holds
        return 0
