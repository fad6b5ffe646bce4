"""What a person chooses for one column besides its field: empty cells, bad values, how values are written."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.forms.choices import REGIONS
from imports.mapping import ACTION_KINDS, ColumnTarget, Kind

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
FOR_ALL = {("", kind) for kind in Kind} | {("add", Kind.TAGS)}
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


class ChoiceReader:
    """Reads one column's choices out of what a page gave. `kept` is what the column had: it may stay."""

    def __init__(self, given: Mapping[str, Any], place: int, *, admin: bool, kept: ColumnTarget | None) -> None:
        self._given, self._place, self._admin, self._kept = given, place, admin, kept

    def target(self, header: str, name: str, kind: Kind) -> ColumnTarget:
        """The column's choices with the field `name`; what cannot be understood is left for the domain to refuse."""
        action = self._action(kind)
        return ColumnTarget(
            self._place,
            header,
            name,
            date_order=self._typed("order"),
            region=self._typed("region") if kind == Kind.PHONES else "",
            empty=self._typed("empty") or "keep",
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

    def _on_bad(self) -> str:
        chosen = self._typed("bad") or "refuse"
        text = str(self._given.get(f"set-{self._place}", ""))[:LONGEST]
        return f"set:{text}" if chosen == "set" else chosen

    def _typed(self, name: str) -> str:
        return str(self._given.get(f"{name}-{self._place}", "")).strip()[:100]
