"""Signing in, people, teams, invitations, and what was refused to somebody."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number, quoted
from dashboard.presenting.roles import ROLES
from dashboard.presenting.verbs.kinds import Details, Verb, listed


def _refused(details: Details) -> str:
    """Which page by its name in dashboard/urls.py, and how often within the hour."""
    times = details.get("times") or 1
    often = ngettext("%(count)s time in an hour", "%(count)s times in an hour", times) % {"count": number(times)}
    page = _("page %(name)s") % {"name": quoted(str(details.get("route", "…")))}
    missing = _("not there for this person") if details.get("status") == 404 else ""
    return listed(page, missing, often if times > 1 else "")


def place_text(details: Details, start: str = "") -> str:
    """A role and whose team, as an event tells it."""
    role = str(details.get(f"{start}role", ""))
    if not role:
        return ""
    team = _("every team") if details.get(f"{start}every_team") else details.get(f"{start}team_name", "…")
    return f"{ROLES.get(role, role)}, {team}"


def _role_changed(details: Details) -> str:
    before, now = place_text(details, "from_"), place_text(details)
    return _("from %(before)s to %(now)s") % {"before": before, "now": now} if before else now


def _person_changed(details: Details) -> str:
    names = {"first_name": _("first name"), "last_name": _("last name"), "email": _("e-mail address")}
    return listed(*(str(names.get(name, name)) for name in details.get("changed") or ()))


def _renamed(details: Details) -> str:
    return _("it was called %(name)s") % {"name": quoted(str(details.get("before", "…")))}


VERBS: Mapping[str, Verb] = {
    "person_added": Verb(lazy("Person added"), lazy("%(who)s added a person"), "plus", text=place_text),
    "person_changed": Verb(
        lazy("Person changed"), lazy("%(who)s changed the name or address of a person"), "edit", text=_person_changed
    ),
    "role_changed": Verb(
        lazy("Role or team changed"), lazy("%(who)s changed somebody's role or team"), "edit", text=_role_changed
    ),
    "person_switched_off": Verb(lazy("Person switched off"), lazy("%(who)s switched a person off"), "x"),
    "person_switched_on": Verb(lazy("Person switched on"), lazy("%(who)s switched a person on again"), "check"),
    "team_made": Verb(lazy("Team made"), lazy("%(who)s made a team"), "plus"),
    "team_renamed": Verb(lazy("Team renamed"), lazy("%(who)s renamed a team"), "edit", text=_renamed),
    "team_switched_off": Verb(lazy("Team switched off"), lazy("%(who)s switched a team off"), "x"),
    "team_switched_on": Verb(lazy("Team switched on"), lazy("%(who)s switched a team on again"), "check"),
    "invitation_made": Verb(lazy("Invitation made"), lazy("%(who)s invited somebody"), "link", text=place_text),
    "invitation_revoked": Verb(
        lazy("Invitation taken back"), lazy("%(who)s took an invitation back"), "x", text=place_text
    ),
    "invitation_accepted": Verb(
        lazy("Invitation accepted"), lazy("%(who)s accepted an invitation"), "check", text=place_text
    ),
    "access_refused": Verb(lazy("Access refused"), lazy("%(who)s was refused a page"), "notsent", text=_refused),
}
