"""The pages of administrators, as their start page lists them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.access import sees_every_team


class Entry(NamedTuple):
    """A page by its URL's name; `house`: only for those who see every team."""

    url_name: str
    icon: str
    title: str | Promise
    text: str | Promise
    house: bool = False


ENTRIES = (
    Entry("person_list", "users", _("People"), _("Who may sign in, in which role, of which team; invitations.")),
    Entry("team_list", "columns", _("Teams"), _("Who shares imports with whom."), house=True),
    Entry("connection_list", "link", _("Connections"), _("Accounts of Altcraft and their limits.")),
    Entry("policy", "shield", _("Policy"), _("Second factor, how long sessions and invitations last."), house=True),
    Entry("retention", "calendar", _("Retention"), _("When rows and files go, and what has gone.")),
    Entry("answer_list", "help", _("Altcraft's answers"), _("What its answers mean, in your own words."), house=True),
    Entry("system", "info", _("State of the system"), _("Workers, queue, storage, letters, the record, keys.")),
    Entry("sending_switch", "pause", _("All sending"), _("Stop everything at once, and let it go on."), house=True),
)  # fmt: skip


def entries_for(user: Any) -> Iterator[Entry]:
    """What this admin may open."""
    every = sees_every_team(user)
    return (entry for entry in ENTRIES if every or not entry.house)
