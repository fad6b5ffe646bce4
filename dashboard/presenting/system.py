"""The lines of the system's state as the page shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import number
from imports.actions import BAD, LOOK, UNKNOWN, WELL, Line
from imports.models import ImportJob
from imports.wording.system import do_text, light_text, name_text, said_text

LOOKS = {WELL: ("accepted", "accepted"), LOOK: ("invalid", "invalid"), BAD: ("rejected", "rejected")}


class ShownLine(NamedTuple):
    """A name, a light in words, and what to do; `at` is when what is told of happened."""

    name: str
    label: str
    hue: str
    icon: str
    said: str
    todo: str
    at: datetime | None
    url: str
    url_text: str


def shown_lines(lines: Sequence[Line], *, may_act: bool) -> list[ShownLine]:
    return [_shown(line, may_act) for line in lines]


def headline(lines: Sequence[Line]) -> str:
    """The page's sentence: well is only what was found well."""
    bad, look, unknown = (sum(line.light == light for line in lines) for light in (BAD, LOOK, UNKNOWN))
    if bad:
        text = ngettext("%(count)s thing is not well", "%(count)s things are not well", bad)
        return text % {"count": number(bad)}
    if look:
        text = ngettext("%(count)s thing needs a look", "%(count)s things need a look", look)
        return text % {"count": number(look)}
    return _("What could be found out is well") if unknown else _("All is well")


def _shown(line: Line, may_act: bool) -> ShownLine:
    hue, icon = LOOKS.get(line.light, ("pending", "pending"))
    url, text = _way(line) if may_act else ("", "")
    said = said_text(line.code, line.params)
    todo = do_text(line.light, line.code)
    return ShownLine(
        name_text(line.name), light_text(line.light), hue, icon, said, todo, line.params.get("at"), url, text
    )


def _way(line: Line) -> tuple[str, str]:
    """Where an admin can act on it."""
    if line.name == "work" and (job := ImportJob.objects.filter(pk=line.params.get("job") or 0).first()):
        return reverse("job", args=[job.uuid]), _("See the import")
    ways = {
        "people": (reverse("job_list"), _("See the imports")),
        "verified": (reverse("history") + "?verb=history_verified", _("See in the history")),
    }
    return ways.get(line.name, ("", ""))
