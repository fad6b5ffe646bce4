"""A role and whose team: where somebody stands, or is to stand. Nobody gives more than they have."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from imports.actions.errors import Refused
from imports.models import Person, Reach, Team, reach_of

ROLES = ("marketer", "approver", "admin", "auditor")
ADMIN = "admin"
MAY_SEE_EVERY_TEAM = frozenset({"admin", "auditor"})


@dataclass(frozen=True, slots=True)
class Place:
    """A role, and of which team; without one, of every team."""

    role: str
    team: Team | None = None

    @property
    def every_team(self) -> bool:
        return self.team is None

    def told(self) -> dict[str, Any]:
        """For history."""
        return {"role": self.role, "team": self.team.pk, "team_name": self.team.name} if self.team else {
            "role": self.role, "every_team": True,
        }  # fmt: skip


def users_managed_by(user: Any) -> QuerySet[Any]:
    """The people this admin answers for: of their team; who sees every team is managed by those who do."""
    reach, users = reach_of(user), get_user_model()._default_manager.all()
    return users if reach.every else users.filter(person__team=reach.team_id or 0, is_superuser=False)


def place_of(user: Any) -> Place | None:
    """Where this person stands now; None for somebody without a role or without a team."""
    person = Person.objects.select_related("team").filter(user_id=user.pk).first()
    if user.is_superuser:
        return Place(ADMIN)
    role = next((name for name in ROLES if name in set(user.groups.values_list("name", flat=True))), "")
    if not role or person is None or (person.team is None and not person.every_team):
        return None
    return Place(role, person.team)


def one_at_a_time() -> None:
    """Whoever changes people waits here for whoever does already; until the end of the transaction."""
    list(Team.objects.select_for_update().order_by("pk").values_list("pk", flat=True)[:1])


def refuse_place(place: Place, by: Any) -> None:
    """Raise Refused: "role_unknown", "role_needs_team" or "team_not_yours"; nobody gives more than they have."""
    if place.role not in ROLES:
        raise Refused("role_unknown", role=place.role)
    if place.every_team and place.role not in MAY_SEE_EVERY_TEAM:
        raise Refused("role_needs_team")
    reach = Reach(every=True) if by is None else reach_of(by)
    if place.team is None:
        if not reach.every:
            raise Refused("every_team_not_yours")
    elif place.team.disabled_at is not None or not reach.covers(place.team.pk):
        raise Refused("team_not_yours", name=place.team.name)


def refuse_stranger(user: Any, by: Any) -> None:
    """Raise Refused("person_not_yours") unless this admin answers for the person."""
    if by is not None and not users_managed_by(by).filter(pk=user.pk).exists():
        raise Refused("person_not_yours")
