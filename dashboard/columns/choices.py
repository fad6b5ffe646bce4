"""What a person chooses for one column besides its field: empty cells, bad values, how values are written."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.forms.choices import REGIONS
from imports.mapping import (
    ACTION_KINDS,
    LONGEST_TRANSLATED,
    MOST_TRANSLATED,
    TRANSLATED_KINDS,
    ColumnTarget,
    Kind,
    TargetField,
)

ACTIONS = {
    "": gettext_lazy("Take the place of what is there"),
    "add": gettext_lazy("Are added to what is there"),
    "delete": gettext_lazy("Are taken out of what is there"),
    "incr": gettext_lazy("Raise the number that is there"),
    "upsert": gettext_lazy("Change one property of it"),
}
STATUSES = {
    "refuse": gettext_lazy("The row stays behind"),
    "leave_out": gettext_lazy("Leave it out: new subscriptions begin as usual"),
    "send": gettext_lazy("Send it, also where it brings people back"),
}
ORDERS = {
    "": gettext_lazy("Dates: told from the column"),
    "dmy": gettext_lazy("Dates: day, month, year"),
    "mdy": gettext_lazy("Dates: month, day, year"),
    "ymd": gettext_lazy("Dates: year, month, day"),
}
DECIMALS = {
    "": gettext_lazy("1,234 may be either: refuse it"),
    "comma": gettext_lazy("A comma parts the fraction: 1.234,5"),
    "dot": gettext_lazy("A dot parts the fraction: 1,234.5"),
}
SEXES = {"female": gettext_lazy("Female"), "male": gettext_lazy("Male")}
ANSWERS = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
MEANS = "means"  # the button that gives a word its likely meaning: PLACE:NUMBER:CHOICE
FOR_ALL = {("", kind) for kind in Kind} | {("add", Kind.TAGS)}
NEVER_CLEARED = ("email", "profile_id", "subscriptions")
LONGEST = 1_000  # characters of a value put in place of bad ones


def offered_actions(kind: Kind, kept: str, *, admin: bool) -> list[tuple[str, Any]]:
    """The ways to write values of this kind, for this person; the way that is kept stays."""
    return [
        (action, text)
        for action, text in ACTIONS.items()
        if (not action or kind in ACTION_KINDS[action]) and (admin or (action, kind) in FOR_ALL or action == kept)
    ]


def region_choices(kept: str) -> list[tuple[str, Any]]:
    """Countries for one column of phones; without one the country chosen for the whole file counts."""
    known = REGIONS if not kept or kept in REGIONS else {kept: kept, **REGIONS}
    return [("", _("As for the whole file")), *known.items()]


def meanings(field: TargetField) -> list[tuple[str, Any]]:
    """The values a word can stand for in a field with a closed set of them."""
    if field.kind == Kind.SEX:
        return list(SEXES.items())
    if field.kind == Kind.BOOLEAN:
        return list(ANSWERS.items())
    return [(option, option) for option in field.options] if field.kind == Kind.ENUM else []


class ChoiceReader:
    """Reads one column's choices out of what a page gave. `kept` is what the column had: it may stay."""

    def __init__(self, given: Mapping[str, Any], place: int, *, admin: bool, kept: ColumnTarget | None) -> None:
        self._given, self._place, self._admin, self._kept = given, place, admin, kept

    def target(self, header: str, name: str, field: TargetField | None) -> ColumnTarget:
        """The column's choices with the field `name`; what cannot be understood is left for the domain to refuse."""
        kind = field.kind if field else Kind.LINE
        action = self._action(kind)
        return ColumnTarget(
            self._place,
            header,
            name,
            date_order=self._typed("order") if kind == Kind.DATE else "",
            decimal=self._typed("decimal") if kind in (Kind.INTEGER, Kind.FLOAT) else "",
            values=tuple(self._words(field)) if field and kind in TRANSLATED_KINDS else (),
            region=self._typed("region") if kind == Kind.PHONES else "",
            empty=self._empty(name),
            action=action,
            submatch=self._typed("property") if action else "",
            on_bad=self._on_bad(),
            statuses=(self._typed("statuses") or "refuse") if kind == Kind.SUBSCRIPTIONS else "refuse",
        )

    def _action(self, kind: Kind) -> str:
        asked = self._typed("action")
        kept = self._kept.action if self._kept else ""
        mine = dict(offered_actions(kind, kept, admin=self._admin))
        forbidden = asked in ACTION_KINDS and kind in ACTION_KINDS[asked] and asked not in mine
        stale = asked in ACTION_KINDS and kind not in ACTION_KINDS[asked]  # of the field chosen before
        return "" if stale else (_("for administrators only") if forbidden else asked)

    def _empty(self, name: str) -> str:
        """What empty cells mean: as chosen for the whole file, or for this column where each is asked."""
        whole = str(self._given.get("empty_all", "each"))
        if whole == "each":
            return self._typed("empty") or "keep"
        return "keep" if name in NEVER_CLEARED else whole

    def _words(self, field: TargetField) -> Iterator[tuple[str, str]]:
        """Words with a choice of their own; one that speaks of another field's values is forgotten."""
        known = {f"set:{value}" for value, _label in meanings(field)} | {"refuse", "empty"}
        for number in range(MOST_TRANSLATED):
            word = str(self._given.get(f"word-{self._place}-{number}", ""))[:LONGEST_TRANSLATED]
            choice = self._pressed(number) or self._typed(f"means-{self._place}-{number}", whole=True)
            if word and choice in known:
                yield word, choice

    def _pressed(self, number: int) -> str:
        """What the button beside a word says it means, if it was pressed."""
        place, _colon, rest = str(self._given.get(MEANS, "")).partition(":")
        pressed, _colon, choice = rest.partition(":")
        return choice if (place, pressed) == (str(self._place), str(number)) else ""

    def _on_bad(self) -> str:
        chosen = self._typed("bad") or "refuse"
        text = str(self._given.get(f"set-{self._place}", ""))[:LONGEST]
        return f"set:{text}" if chosen == "set" else chosen

    def _typed(self, name: str, *, whole: bool = False) -> str:
        name = name if whole else f"{name}-{self._place}"
        return str(self._given.get(name, "")).strip()[: LONGEST if whole else 100]
