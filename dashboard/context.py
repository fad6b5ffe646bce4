"""What every template may ask about the person it is drawn for."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from dashboard.access import ADMIN, AUDITOR, is_house_admin, may_approve, may_import, may_see_people, roles_of
from dashboard.presenting.queue import queue_fault
from dashboard.presenting.storage import storage_fault
from imports import actions


def person(request: HttpRequest) -> dict[str, Any]:
    """`may_import`, `may_see_people`, `is_admin`, the stop of all sending that stands, and why the queue takes no
    messages or the storage cannot be used; asked for only when a template uses one."""
    user = getattr(request, "user", None)
    if user is None:
        return {}
    return {
        "may_import": SimpleLazyObject(lambda: may_import(user)),
        "may_see_people": SimpleLazyObject(lambda: may_see_people(user)),
        "sending_stop": SimpleLazyObject(lambda: actions.standing_stop() if user.is_authenticated else None),
        "approvals_waiting": SimpleLazyObject(lambda: _approvals_waiting(user)),
        "is_admin": SimpleLazyObject(lambda: ADMIN in roles_of(user)),
        "is_auditor": SimpleLazyObject(lambda: AUDITOR in roles_of(user)),
        "is_house_admin": SimpleLazyObject(lambda: is_house_admin(user)),
        "queue_fault": SimpleLazyObject(queue_fault),
        "storage_fault": SimpleLazyObject(storage_fault),
    }


def _approvals_waiting(user: Any) -> int:
    """How many answers this person is waited for; asked of approvers only."""
    return actions.answerable_by(user).count() if user.is_authenticated and may_approve(user) else 0
