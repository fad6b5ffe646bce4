"""People as the pages of administrators show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from dashboard.presenting.roles import ROLES
from imports import actions
from imports.history import name_of
from imports.models import HistoryEvent, Invitation, reach_of

MOST_EVENTS = 20
ABOUT_PEOPLE = (
    "person_added", "person_changed", "role_changed", "person_switched_off", "person_switched_on", "sessions_ended",
    "session_ended",
    "second_factor_reset",
)  # fmt: skip
BY_THEMSELVES = (
    "invitation_accepted", "second_factor_on", "second_factor_off", "recovery_codes_made", "password_changed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """One person in a list; `role` and `team` are words, "" where there is none."""

    user: Any
    name: str
    role: str
    team: str
    every_team: bool
    second_factor: bool


def listed(users: Sequence[Any]) -> list[Listed]:
    """In the order given; `users` come with their groups and their person."""
    with_factor = actions.those_with_second_factor([user.pk for user in users])
    return [_listed(user, second_factor=user.pk in with_factor) for user in users]


def _listed(user: Any, *, second_factor: bool) -> Listed:
    person = getattr(user, "person", None)
    names = {group.name for group in user.groups.all()}
    roles = ["admin"] if user.is_superuser else [role for role in actions.ROLES if role in names]
    every = user.is_superuser or bool(person and person.every_team)
    team = person.team.name if person and person.team and not every else ""
    return Listed(user, name_of(user), ", ".join(str(ROLES[role]) for role in roles), team, every, second_factor)


def about(user: Any, reader: Any) -> list[HistoryEvent]:
    """The last acts about this person, and what they changed about their own access."""
    acts = Q(verb__in=ABOUT_PEOPLE, details__person=user.pk) | Q(verb__in=BY_THEMSELVES, actor_id=user.pk)
    return list(HistoryEvent.objects.visible_to(reader).filter(acts).newest_first()[:MOST_EVENTS])


def open_invitations(by: Any) -> Iterable[Invitation]:
    """Those this admin can take back, newest first."""
    waiting = Invitation.objects.open_at(timezone.now()).select_related("team")
    return reach_of(by).narrow(waiting).order_by("-pk")
