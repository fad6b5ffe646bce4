"""What every answer tells the browser, whoever made it: a page, a file, a redirect, a refusal or an error."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

_UNUSED = (  # such as every browser knows: of others Chromium complains on each page
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation",
    "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS = ", ".join(f"{name}=()" for name in _UNUSED)  # of the browser: the pages use none of them
AT_THE_END = '"cache"'  # storage holds how the pages look, nobody's data; the cookies end by headers of their own
_ENDED = "session_has_ended"


@receiver(user_logged_out)
def _on_sign_out(request: Any, **_signal: Any) -> None:
    if request is not None:
        setattr(request, _ENDED, True)


class BrowserSideMiddleware:
    """Outermost, so that errors of the other parts pass it too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self._get_response(request)
        if getattr(request, _ENDED, False):
            answer.headers["Clear-Site-Data"] = AT_THE_END
        answer.headers.setdefault("Permissions-Policy", PERMISSIONS)
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path_info.startswith(settings.STATIC_URL):  # WhiteNoise says how long those are good
            keep_nowhere(answer)
        return answer


def keep_nowhere(answer: HttpResponseBase) -> None:
    """Neither the browser nor a proxy keeps a page: most name people, and all of them change."""
    if "no-store" not in answer.headers.get("Cache-Control", ""):
        del answer["Cache-Control"]
        add_never_cache_headers(answer)
