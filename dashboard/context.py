"""What every template may ask about the person it is drawn for."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dashboard.access import ADMIN, may_import, may_see_people, roles_of
from dashboard.presenting.queue import queue_fault


def person(request: HttpRequest) -> dict[str, Any]:
    """`may_import`, `may_see_people`, `is_admin`, and why the queue takes no messages; asked for only when a template
    uses one."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "may_import": SimpleLazyObject(lambda: may_import(user)),
        "may_see_people": SimpleLazyObject(lambda: may_see_people(user)),
        "is_admin": SimpleLazyObject(lambda: ADMIN in roles_of(user)),
        "queue_fault": SimpleLazyObject(queue_fault),
    }
