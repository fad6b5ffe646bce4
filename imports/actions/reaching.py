"""What stays within a team: whose a new thing is, and through which accounts an import may go."""

from typing import Any

from imports.actions.errors import Refused
from imports.models import Connection, Team, home_team, reach_of


def team_for(by: Any, wanted: Team | None = None) -> Team:
    """Whose the thing is that this person makes: the team they chose, else their own. Raise Refused("team_not_yours")
    for a team that is not theirs, or is switched off."""
    if wanted is None:
        return home_team(by)
    if wanted.disabled_at is not None or (by is not None and not reach_of(by).covers(wanted.pk)):
        raise Refused("team_not_yours", name=wanted.name)
    return wanted


def team_of_account(connection: Connection, by: Any) -> Team:
    """Whose the people are that are typed for this account: the account's own team, where a person sees several."""
    sees_it = by is None or reach_of(by).every
    return team_for(by, connection.team if sees_it else None)


def refuse_foreign(connection: Connection | None, team_id: int) -> None:
    """Raise Refused("connection_of_another_team"): another team's account is not to be sent through."""
    if connection is not None and connection.team_id not in (None, team_id):
        raise Refused("connection_of_another_team", name=connection.name)
