"""Accounts of the platform."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.probing import CALLS as PROBED_CALLS
from dashboard.presenting.probing import TITLES as PROBES
from dashboard.presenting.probing import settings_text
from dashboard.presenting.verbs.kinds import Details, Grouped, Verb, listed


def _tested(details: Details) -> str:
    failed = details.get("failed") or []
    names = ", ".join(str(PROBED_CALLS.get(part, part)) for part in failed)
    return _("These calls did not work: %(names)s") % {"names": names} if failed else _("All is well")


def _probed(details: Details) -> str:
    title = PROBES.get(str(details.get("question", "")), "")
    return listed(str(title), settings_text(details.get("set") or {}))


def _switched(details: Details) -> str:
    count = details.get("imports") or 0
    if not count:
        return ""
    return ngettext("%(count)s import is concerned", "%(count)s imports are concerned", count) % {
        "count": number(count)
    }


def _fetched(details: Details) -> str:
    return _("%(parts)s lists came, %(failed)s did not") % Grouped(details)


VERBS: Mapping[str, Verb] = {
    "connection_added": Verb(
        lazy("Connection added"),
        lazy("%(who)s added the connection"),
        "link",
        text=lambda details: str(details.get("address", "")),
    ),
    "connection_changed": Verb(
        lazy("Connection changed"),
        lazy("%(who)s changed the connection"),
        "link",
        text=lambda details: listed(
            str(details.get("address", "")), _("the token was replaced") if details.get("token_replaced") else ""
        ),
    ),
    "connection_probed": Verb(
        lazy("Connection probed"), lazy("%(who)s asked the platform with marked test profiles"), "link", text=_probed
    ),
    "connection_switched_off": Verb(
        lazy("Connection switched off"), lazy("%(who)s switched the connection off"), "pause", text=_switched
    ),
    "connection_switched_on": Verb(
        lazy("Connection switched on"), lazy("%(who)s switched the connection on"), "play", text=_switched
    ),
    "catalogue_refreshed": Verb(
        lazy("Lists fetched anew"), lazy("%(who)s had the lists of the account fetched anew"), "repeat", text=_fetched
    ),
    "connection_tested": Verb(lazy("Connection tried"), lazy("%(who)s tried the connection"), "link", text=_tested),
}
