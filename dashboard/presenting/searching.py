"""A search among the rows of an import: the rows, and in words what was searched and what was not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from dashboard.figures import number
from dashboard.presenting.filters import whole
from dashboard.presenting.problems import column_name
from imports.models import ImportJob
from imports.results import Found, Row, row_at, search

EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Looked:
    """`nothing` is said where there are no rows; `told` says what was searched; `further` are (text, address)."""

    rows: list[Row]
    nothing: str = ""
    told: str = ""
    further: list[tuple[str, str]] = field(default_factory=list)


def look(job: ImportJob, text: str, query: Mapping[str, str], *, masked: bool) -> Looked:
    """The rows with this number or this text; those who may not see people look rows up by number only."""
    if masked:
        row = row_at(job, whole(text))
        return Looked([row] if row else [], _("No row has this number."))
    everywhere, after = query.get("in") == EVERYWHERE, whole(query.get("after"))
    found = search(job, text, everywhere=everywhere, after=after)
    told, further = [], []
    if found.columns is not None:
        names = ", ".join(column_name(job, column) for column in found.columns)
        told.append(_("Looked for in %(columns)s, and in what is sent for them.") % {"columns": names})
        further.append((_("Look in every column"), _address(text, EVERYWHERE)))
    if found.stopped_at or after:
        told.append(_reach(found, after))
    if found.stopped_at:
        asked = "" if found.columns is not None else EVERYWHERE
        further.insert(0, (_("Look further"), _address(text, asked, found.stopped_at)))
    nothing = _("No row has this number, and no cell is equal to this text.")
    if told:
        nothing = _("Nothing was found there.")
    return Looked(found.rows, nothing, " ".join(told), further)


def _reach(found: Found, after: int) -> str:
    if not found.stopped_at:
        return _("Rows behind row %(first)s were looked at, to the end.") % {"first": number(after)}
    told = {"first": number(after + 1), "last": number(found.stopped_at)}
    return _("Rows %(first)s–%(last)s were looked at so far.") % told


def _address(text: str, everywhere: str, after: int = 0) -> str:
    asked = {"q": text, "in": everywhere, "after": after}
    return f"?{urlencode({name: value for name, value in asked.items() if value})}#rows"
