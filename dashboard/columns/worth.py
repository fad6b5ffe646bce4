"""What a column's values are worth for the field chosen for it, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.columns.choices import meanings
from dashboard.fieldnames import title_of
from dashboard.figures import mask, number, percent
from imports import actions
from imports.mapping import TRANSLATED_KINDS, ColumnTarget, Kind, TargetField, alike
from imports.wording import what

MOST_KINDS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is none of the field's, with how often it stands there, what is chosen for it, what it may mean."""

    place: int
    text: str
    cells: int
    choice: str
    likely: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Worth:
    """Of one column. `figures` are None where no field is chosen, or nothing can be wrong for it."""

    figures: actions.Figures | None
    target: TargetField | None
    choice: ColumnTarget | None
    is_key: bool = False
    open: bool = True  # this person may see people's data

    @property
    def refused(self) -> int:
        return self.figures.found.refused if self.figures else 0

    @property
    def codes(self) -> set[str]:
        """Of what is wrong with some of the values."""
        return {code for code, _cells in self.figures.found.kinds} if self.figures else set()

    @property
    def share(self) -> str:
        """The share of right values in words; "" for a column without values."""
        if self.figures is None or not self.figures.found.filled:
            return _("not checked") if self.choice is None else ""
        found = self.figures.found
        right = percent(found.right, found.filled)
        shown = _("all are valid") if not found.refused else _("%(share)s valid") % {"share": right}
        if self.figures.whole:
            return shown
        part = ngettext("in the one row looked at so far", "in the %(count)s rows looked at so far", self.figures.rows)
        return f"{shown} {part % {'count': number(self.figures.rows)}}"

    @property
    def basis(self) -> str:
        """Which rows the figures speak of, where it is not all of them: before the check a large file is not read
        through again for each choice."""
        if self.figures is None or self.figures.whole:
            return ""
        text = ngettext(
            "In the one row looked at so far:", "In the %(count)s rows looked at so far:", self.figures.rows
        )
        return text % {"count": number(self.figures.rows)}

    @property
    def mixed(self) -> bool:
        """Whether some dates can only begin with the day and others only with the month."""
        found = dict(self.figures.found.dates) if self.figures else {}
        return bool((found.get("dmy") or found.get("dotted")) and found.get("mdy"))

    @property
    def wrong(self) -> int:
        return self.figures.found.wrong if self.figures else 0

    @property
    def hue(self) -> str:
        """Of the box with the remarks: calm once no row stays behind."""
        return "invalid" if self.wrong else "accent"

    @property
    def headline(self) -> str:
        """What is wrong, in a sentence."""
        count, told = self.refused, {"count": number(self.refused), "field": self._field}
        if not count:
            return _("Some dates begin with the day, others with the month.")
        if self.words:
            text = ngettext(
                "%(count)s value means nothing to the field “%(field)s”.",
                "%(count)s values mean nothing to the field “%(field)s”.",
                count,
            )
        elif self.target is not None and self.target.kind == Kind.DATE:
            text = ngettext("%(count)s date cannot be read.", "%(count)s dates cannot be read.", count)
        else:
            text = ngettext(
                "%(count)s value does not fit the field “%(field)s”.",
                "%(count)s values do not fit the field “%(field)s”.",
                count,
            )
        return text % told

    @property
    def effect(self) -> str:
        """What becomes of the rows, by what is chosen now."""
        if self.figures is None or not self.refused:
            return ""
        wrong, mended = self.figures.found.wrong, self.figures.found.mended
        stay = ngettext("%(count)s row stays behind.", "%(count)s rows stay behind.", wrong)
        go = ngettext("%(count)s row goes all the same.", "%(count)s rows go all the same.", mended)
        parts = [(wrong, stay), (mended, go)]
        return " ".join(text % {"count": number(count)} for count, text in parts if count)

    @property
    def evidence(self) -> str:
        """How the dates of the column are written, in numbers."""
        found = dict(self.figures.found.dates) if self.figures else {}
        either = found.get("either", 0)
        told = [
            (found.get("dmy", 0) + found.get("dotted", 0), _("%(count)s begin with the day")),
            (found.get("mdy", 0), _("%(count)s begin with the month")),
            (found.get("ymd", 0), _("%(count)s begin with the year")),
            (either, _("%(count)s can be read in two ways")),
        ]
        said = [text % {"count": number(count)} for count, text in told if count]
        return ", ".join(said) + "." if len(said) > 1 or either else ""

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """(count, what is wrong) for each kind of wrong value; words of a list are told one by one instead."""
        if self.figures is None or self.words:
            return []
        found = self.figures.found
        params = dict(found.params)
        return [(number(cells), what(code, params.get(code, {}))) for code, cells in found.kinds[:MOST_KINDS]]

    @property
    def examples(self) -> list[tuple[str, str]]:
        """(value, its row in words) of some wrong cells; masked for those who may not see people."""
        if self.figures is None or self.words:
            return []
        shown = [(text if self.open else mask(text), row) for row, text in self.figures.found.examples]
        return [(text, _("row %(row)s") % {"row": number(row)} if row else "") for text, row in shown]

    @property
    def words(self) -> list[Word]:
        """The words of a column that the field's list does not have, and those somebody gave a meaning before."""
        if self.figures is None or self.target is None or self.target.kind not in TRANSLATED_KINDS or not self.open:
            return []
        return list(self._words())

    def _words(self) -> Iterator[Word]:
        assert self.figures is not None and self.target is not None
        chosen = dict(self.choice.values) if self.choice else {}
        names = {str(label): value for value, label in meanings(self.target)}
        for place, (text, cells) in enumerate(self.figures.found.words):
            means = None if self.is_key else alike(text, list(names))
            yield Word(place, text, cells, chosen.get(text, ""), (names[means], means) if means else None)

    @property
    def words_kept(self) -> list[tuple[int, str, str]]:
        """(place, word, choice) of meanings for words this file does not have: they stay."""
        shown = {text for text, _cells in self.figures.found.words} if self.figures else set()
        kept = [pair for pair in self.choice.values if pair[0] not in shown] if self.choice else []
        return [(len(shown) + n, text, choice) for n, (text, choice) in enumerate(kept)]

    @property
    def meanings(self) -> list[tuple[str, Any]]:
        return meanings(self.target) if self.target and not self.is_key else []

    @property
    def _field(self) -> str:
        return title_of(self.target) if self.target else ""
