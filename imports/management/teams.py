"""--team NAME for the command line."""

from imports.actions import Refused
from imports.models import Team


def team_named(name: str) -> Team | None:
    """The team of this name, None for no name. Raise Refused("team_unknown")."""
    if not name:
        return None
    found = Team.objects.working().filter(name__iexact=name.strip()).first()
    if found is None:
        known = ", ".join(Team.objects.working().values_list("name", flat=True))
        raise Refused("team_unknown", name=name, known=known)
    return found
