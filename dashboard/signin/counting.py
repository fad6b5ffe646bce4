"""How often somebody may fail. django-axes keeps the counts in the database, so that all processes know them.

A person and an address are counted together: who guesses is shut out, and cannot shut out the person by guessing.
"""

from copy import copy
from http import HTTPStatus
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _

from dashboard.signin.addresses import client_address
from dashboard.signin.people import key_of
from imports import actions

TOO_OFTEN = _("That was wrong too often. Try again in 15 minutes.")
STEP_UP = "step_up"


class Failures(AxesDatabaseHandler):
    """Counts without keeping what was posted, and tells the history."""

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: Any = None, **more: Any) -> None:
        """One more failure of this person (or of a name that is nobody's) from this address."""
        if request is None:
            return
        bare = _bare(request)
        was_locked = self.is_locked(bare, credentials)
        bare.axes_locked_out = was_locked
        super().user_login_failed(sender, credentials, bare, **more)
        request.axes_locked_out, request.axes_credentials = bare.axes_locked_out, credentials
        if not was_locked:
            self._tell(credentials, bare)

    def _tell(self, credentials: dict[str, Any], bare: Any) -> None:
        person = actions.person_called(credentials.get("username") or "")
        told = {"person": person, "address": bare.axes_ip_address or "", "tries": bare.axes_failures_since_start}
        if credentials.get(STEP_UP):
            actions.record_failed_proof(**told)
        else:
            actions.record_failed_sign_in(**told)
        if bare.axes_locked_out:
            actions.record_lockout(**told)


def is_locked_out(request: HttpRequest, person: Any) -> bool:
    """Whether this person has failed too often from where the request comes from."""
    return not AxesProxyHandler.is_allowed(request, {"username": person.get_username()})


def count_failure(request: HttpRequest, person: Any, *, step_up: bool = False) -> None:
    """A wrong code, or a wrong proof of somebody who has signed in already: counted together with wrong passwords."""
    credentials = {"username": person.get_username()} | ({STEP_UP: True} if step_up else {})
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)


def whose(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """AXES_USERNAME_CALLABLE."""
    return key_of((credentials or {}).get("username"))


def told_in_logs(username: str, *_rest: Any) -> str:
    """AXES_CLIENT_STR_CALLABLE: no name, no address."""
    return username


def as_drawn(request: HttpRequest, response: HttpResponse | None = None, *_rest: Any) -> HttpResponse:
    """AXES_LOCKOUT_CALLABLE: the page says it itself; only the status is another."""
    response = response or HttpResponse(str(TOO_OFTEN), content_type="text/plain")
    response.status_code = HTTPStatus.TOO_MANY_REQUESTS
    return response


def address_of(request: HttpRequest) -> str | None:
    """AXES_CLIENT_IP_CALLABLE."""
    return client_address(request)


def _bare(request: HttpRequest) -> Any:
    """The request without what was typed: axes would keep it in its table, and it may be anything."""
    bare: Any = copy(request)
    bare.GET, bare.POST = QueryDict(), QueryDict()
    bare.axes_user_agent = bare.axes_http_accept = bare.axes_path_info = ""
    return bare
