"""What every template may ask about the person it is drawn for."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dashboard.access import ADMIN, may_import, may_see_people, roles_of
from dashboard.presenting.queue import queue_fault
from imports import actions


def person(request: HttpRequest) -> dict[str, Any]:
    """`may_import`, `may_see_people`, `is_admin`, the stop of all sending that stands, and why the queue takes no
    messages; asked for only when a template uses one."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "may_import": SimpleLazyObject(lambda: may_import(user)),
        "may_see_people": SimpleLazyObject(lambda: may_see_people(user)),
        "sending_stop": SimpleLazyObject(lambda: actions.standing_stop() if user.is_authenticated else None),
        "is_admin": SimpleLazyObject(lambda: ADMIN in roles_of(user)),
        "queue_fault": SimpleLazyObject(queue_fault),
    }
