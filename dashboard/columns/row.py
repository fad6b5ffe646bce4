"""One column as the page of columns shows it: what it holds, its field, and the choices that mend it."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.columns.choices import DECIMALS, NEVER_CLEARED, ORDERS, STATUSES, offered_actions, region_choices
from dashboard.columns.worth import Worth
from dashboard.fieldnames import KINDS
from dashboard.guesses import Suggestion
from imports.mapping import ColumnTarget, Kind, TargetField
from imports.wording import column_letter


@dataclass(slots=True)
class ColumnRow:
    """One column of the file."""

    place: int
    header: str
    samples: list[str]
    filled: int
    rows: int
    suggestion: Suggestion
    target: TargetField | None
    choice: ColumnTarget | None
    options: SafeString
    worth: Worth
    is_key: bool = False
    is_listed: bool = True
    admin: bool = False
    each_empty: bool = True  # what empty cells mean is chosen column by column
    faults: list[str] = field(default_factory=list)

    @property
    def letter(self) -> str:
        return column_letter(self.place)

    @property
    def name(self) -> str:
        return self.header.strip() or _("without a name")

    @property
    def orders(self) -> list[tuple[str, Any]]:
        """The orders a date can be written in, for a column of dates."""
        return list(ORDERS.items()) if self.kind_is(Kind.DATE) else []

    @property
    def decimals(self) -> list[tuple[str, Any]]:
        """Which sign may part a fraction, for a column of numbers that leaves it open."""
        asked = "number_ambiguous" in self.worth.codes or bool(self.choice and self.choice.decimal)
        return list(DECIMALS.items()) if asked and self.kind_is(Kind.INTEGER, Kind.FLOAT) else []

    @property
    def may_be_emptied(self) -> bool:
        return self.target is not None and self.target.name not in NEVER_CLEARED

    @property
    def clearable(self) -> bool:
        """Whether there are empty cells, they could mean something, and the column is asked by itself."""
        kept = self.choice is not None and self.choice.empty == "clear"
        return self.each_empty and self.may_be_emptied and (self.filled < self.rows or kept)

    @property
    def judged(self) -> bool:
        """Whether a value can be wrong for the field."""
        return self.target is not None and (
            self.target.kind != Kind.LINE or self.bad != "refuse" or self.worth.refused > 0
        )

    @property
    def bad(self) -> str:
        """What a wrong value does: "refuse", "empty" or "set"."""
        return self.choice.on_bad.partition(":")[0] if self.choice else "refuse"

    @property
    def actions(self) -> list[tuple[str, Any]]:
        """The ways to write values into the field, where there is more than one for this person."""
        kept = self.choice.action if self.choice else ""
        found = offered_actions(self.target.kind, kept, admin=self.admin) if self.target else []
        return found if len(found) > 1 else []

    @property
    def takes_property(self) -> bool:
        return self.kind_is(Kind.OBJECT, Kind.OBJECTS) and bool(self.actions)

    @property
    def regions(self) -> list[tuple[str, Any]]:
        """Countries of phones without a code, for a column of phones."""
        return region_choices(self.choice.region if self.choice else "") if self.kind_is(Kind.PHONES) else []

    @property
    def statuses(self) -> list[tuple[str, Any]]:
        """What a status or a priority in a column of subscriptions can do."""
        return list(STATUSES.items()) if self.kind_is(Kind.SUBSCRIPTIONS) else []

    @property
    def unusual(self) -> bool:
        """Whether one of the choices that are folded away was made."""
        kept = self.choice
        made = kept is not None and bool(kept.action or kept.submatch or (not self.in_need and self._mends))
        return made or bool(self.statuses)

    @property
    def _mends(self) -> bool:
        return self.choice is not None and (bool(self.choice.region) or self.choice.on_bad != "refuse")

    @property
    def more(self) -> bool:
        return bool(self.actions or (not self.in_need and (self.judged or self.regions)))

    @property
    def kind(self) -> str:
        return str(KINDS[self.target.kind]) if self.target else ""

    def kind_is(self, *kinds: Kind) -> bool:
        return self.target is not None and self.target.kind in kinds

    @property
    def guess(self) -> tuple[str, str]:
        """(certainty, why) of the field chosen: the guess where it was kept, else whose choice it is."""
        if (self.choice.field if self.choice else None) == self.suggestion.field:
            return self.suggestion.certainty, self.suggestion.why
        return (_("Your choice"), "") if self.choice else (_("Left out"), _("by your choice"))

    @property
    def in_need(self) -> bool:
        """Whether there is something to mend, or to see mended, beside the column."""
        return bool(self.worth.refused or self.worth.mixed)

    @property
    def remarked(self) -> bool:
        """Whether the column stands among those with remarks."""
        return self.in_need or bool(self.faults) or self.guess[0] == "check"
