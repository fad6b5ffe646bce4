"""What the chosen way of finding people needs, and how it stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.fieldnames import title_of
from dashboard.figures import number
from dashboard.where import Where
from imports import actions
from imports.mapping import ColumnTarget, match_channels
from imports.wording import column_letter

Figured = Callable[[], Mapping[int, actions.Figures]]  # counted only when a sentence asks for them


class Needs:
    """Of one job's columns; one of several needs is enough."""

    def __init__(
        self, where: Where, choices: Mapping[int, ColumnTarget], columns: Sequence[Mapping[str, Any]], rows: int
    ) -> None:
        self._where, self._choices, self._columns, self._rows = where, choices, columns, rows

    @cached_property
    def named(self) -> list[tuple[str, str]]:
        """(what is needed, where it comes from or "") for each."""
        titles = {one.name: title_of(one) for one in self._where.fields}
        found = [(titles.get(name, name), self._feeding(name)) for name in self._where.keys]
        form = self._where.form
        matching = str(form["matching"].value() or "") if "matching" in form.fields else ""
        if channels := match_channels(matching):
            rules = [one for one in self._where.rules.forms if one.channel in channels]
            found.append((_("A subscription below"), _("there is one") if rules else ""))
        return found

    @property
    def met(self) -> bool:
        return not self.named or any(where for _title, where in self.named)

    def told(self, figures: Figured) -> list[tuple[str, str, str]]:
        """(outcome, what is needed, how it stands) for each."""
        lacking = "pending" if self.met else "invalid"
        told = []
        for (title, where), name in zip(self.named, [*self._where.keys, ""], strict=False):
            said = ", ".join(part for part in (where, *self._key_figures(name, figures)) if part)
            told.append(("accepted", title, said) if where else (lacking, title, _("no column feeds it yet")))
        return told

    def _key_figures(self, name: str, figures: Figured) -> Iterator[str]:
        """How full the columns of a key are, and how often it repeats."""
        for place in [place for place, one in self._choices.items() if name and one.field == name]:
            missing, seen = self._rows - self._columns[place]["filled"], figures().get(place)
            text = ngettext("empty in %(count)s row", "empty in %(count)s rows", missing)
            yield text % {"count": number(missing)} if missing else _("filled in all rows")
            if seen and seen.found.repeats:
                text = ngettext("%(count)s repeat", "%(count)s repeats", seen.found.repeats)
                repeats = text % {"count": number(seen.found.repeats)}
                yield repeats if seen.whole else _("%(repeats)s in the rows looked at") % {"repeats": repeats}

    def _feeding(self, name: str) -> str:
        fed = sorted(self._choices.items())
        return ", ".join(column_name(place, one.header) for place, one in fed if one.field == name)


def column_name(place: int, header: str) -> str:
    """A column as sentences call it."""
    return f"{column_letter(place)}: {header.strip()[:60] or _('without a name')}"
