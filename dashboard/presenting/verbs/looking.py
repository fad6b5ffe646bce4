"""Personal data looked at and taken away."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.verbs.kinds import Details, Verb, listed, rows_text


def _downloaded(details: Details) -> str:
    what = _("problem rows") if details.get("what") == "problems" else _("all rows")
    return listed(what, rows_text(details.get("rows") or 0))


PAGES = {
    "file": lazy("the first rows of the file"),
    "columns": lazy("samples of the columns"),
    "check": lazy("rows that did not pass the check"),
    "exact": lazy("rows as they would be sent"),
    "fix": lazy("rows to be corrected"),
    "repeats": lazy("rows that repeat"),
    "sending": lazy("the first rows and their answers"),
    "results": lazy("rows and their outcomes"),
    "search": lazy("rows found by a search"),
    "unknown": lazy("rows without an answer"),
}


def _page(details: Details) -> str:
    return str(PAGES.get(str(details.get("page", "")), ""))


def _asked(details: Details) -> str:
    if (imports := details.get("imports")) is None:
        return ""
    return ngettext("found in %(count)s import", "found in %(count)s imports", imports) % {"count": number(imports)}


VERBS: Mapping[str, Verb] = {
    "person_asked": Verb(
        lazy("Person looked for"), lazy("%(who)s asked where a person was sent"), "search", text=_asked
    ),
    "person_searched": Verb(
        lazy("Search for a person ended"), lazy("The rows of all imports were looked through"), "search", text=_asked
    ),
    "people_viewed": Verb(
        lazy("Personal data looked at"), lazy("%(who)s looked at people of this import"), "eye", text=_page
    ),
    "row_viewed": Verb(lazy("Row looked at"), lazy("%(who)s looked at row %(row)s"), "eye"),
    "download_asked": Verb(
        lazy("Download asked for"), lazy("%(who)s had rows prepared for download"), "download", text=_downloaded
    ),
    "rows_downloaded": Verb(lazy("Rows downloaded"), lazy("%(who)s downloaded rows"), "download", text=_downloaded),
    "link_made": Verb(lazy("Link for support made"), lazy("%(who)s made link %(link)s for support"), "link"),
    "link_opened": Verb(lazy("Link for support opened"), lazy("Somebody opened link %(link)s for support"), "eye"),
    "link_revoked": Verb(lazy("Link for support taken back"), lazy("%(who)s took link %(link)s for support back"), "x"),
}
