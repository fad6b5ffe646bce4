"""Where a request comes from. Only a proxy that the deployment has named is believed about it."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the client; None when it cannot be told, as behind a unix socket.

    A proxy puts the address it saw itself at the end of X-Forwarded-For; whatever stands before it the client may have
    made up, and without a proxy so is all of it.
    """
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return _address(told.rpartition(",")[2]) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(text: str) -> str | None:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return None
