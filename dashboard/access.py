"""Who may do what, and the only door from a page to a job."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from imports.models import ImportJob

MARKETER, ADMIN, AUDITOR = "marketer", "admin", "auditor"
IMPORTERS = frozenset({MARKETER, ADMIN})
APPROVERS = frozenset({ADMIN})
EVERYBODY = frozenset({MARKETER, ADMIN, AUDITOR})

View = Callable[..., HttpResponseBase]


def roles_of(user: Any) -> frozenset[str]:
    """The person's roles by their groups, asked once a request."""
    if not hasattr(user, "_roles"):
        names = set(user.groups.values_list("name", flat=True)) if user.is_authenticated else set()
        user._roles = frozenset(names & EVERYBODY) | ({ADMIN} if user.is_superuser else frozenset())
    roles: frozenset[str] = user._roles
    return roles


def may_import(user: Any) -> bool:
    return bool(roles_of(user) & IMPORTERS)


def is_admin(user: Any) -> bool:
    return ADMIN in roles_of(user)


def may_approve(user: Any) -> bool:
    """Whether this person may be the second one, where a thing needs two."""
    return bool(roles_of(user) & APPROVERS)


def may_see_people(user: Any) -> bool:
    """Auditors read everything but personal data: for them cells are masked and downloads are closed."""
    return bool(roles_of(user) & IMPORTERS)


def for_roles(*roles: str) -> Callable[[View], View]:
    """Let a view be used by these roles only; anybody else who is signed in gets 403."""

    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not roles_of(request.user) & set(roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = frozenset(roles)  # type: ignore[attr-defined]
        return guarded

    return wrap


importers_only = for_roles(MARKETER, ADMIN)
admins_only = for_roles(ADMIN)
approvers_only = for_roles(*APPROVERS)
everybody = for_roles(MARKETER, ADMIN, AUDITOR)


def get_job(user: Any, uuid: UUID) -> ImportJob:
    """The job, if this person may see it; 404 otherwise, so that a stranger cannot tell whether it exists."""
    job = ImportJob.objects.visible_to(user).select_related("connection", "source").filter(uuid=uuid).first()
    if job is None:
        raise Http404
    return job
