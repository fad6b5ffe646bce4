"""Who may do what, and the only door from a page to a job."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from imports import actions
from imports.models import Connection, ImportJob, reach_of, standing_of

MARKETER, APPROVER, ADMIN, AUDITOR = "marketer", "approver", "admin", "auditor"
IMPORTERS = frozenset({MARKETER, ADMIN})
APPROVERS = frozenset({APPROVER, ADMIN})
EVERYBODY = frozenset({MARKETER, APPROVER, ADMIN, AUDITOR})

View = Callable[..., HttpResponseBase]


def roles_of(user: Any) -> frozenset[str]:
    """The person's roles by their groups, asked once a request and together with how far they see."""
    return (standing_of(user)[0] & EVERYBODY) | ({ADMIN} if user.is_active and user.is_superuser else frozenset())


def may_import(user: Any) -> bool:
    return bool(roles_of(user) & IMPORTERS)


def is_admin(user: Any) -> bool:
    return ADMIN in roles_of(user)


def may_approve(user: Any) -> bool:
    """Whether this person may be the second one, where a thing needs two."""
    return bool(roles_of(user) & APPROVERS)


def sees_every_team(user: Any) -> bool:
    return reach_of(user).every


def is_house_admin(user: Any) -> bool:
    """An admin of every team: who may do what touches all of them."""
    return is_admin(user) and sees_every_team(user)


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
everybody = for_roles(*EVERYBODY)


def note_look(user: Any, job: ImportJob, page: str) -> None:
    """Call before a page shows cells of an import: whoever sees them in clear leaves a line in history."""
    if may_see_people(user):
        actions.record_look(job, by=user, page=page)


def house_only(view: View) -> View:
    """Let a view be used by admins who see every team: it acts on everybody's imports."""

    @admins_only
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not sees_every_team(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    guarded.of_the_house = True  # type: ignore[attr-defined]
    return guarded


def get_account(user: Any, pk: int) -> Connection:
    """The account, if this admin answers for it; 404 otherwise."""
    account = Connection.objects.managed_by(user).filter(pk=pk).first()
    if account is None:
        raise Http404
    return account


class Gone(Exception):
    """What a page would show was destroyed; dashboard.purged answers for it."""

    def __init__(self, job: ImportJob) -> None:
        super().__init__(job.pk)
        self.job = job


def get_job(user: Any, uuid: UUID, *, purged: bool = False) -> ImportJob:
    """The job, if this person may see it; 404 otherwise, so that a stranger cannot tell whether it exists. Raise Gone
    when its rows were destroyed, unless the page needs none (`purged`)."""
    job = ImportJob.objects.visible_to(user).select_related("connection", "source", "team").filter(uuid=uuid).first()
    if job is None:
        raise Http404
    if job.purged_at is not None and not purged:
        raise Gone(job)
    return job
