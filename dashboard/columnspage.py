"""What the page of columns shows: each column with its values, the field chosen for it, and what is wrong with that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.access import may_import, may_see_people
from dashboard.fieldnames import KINDS, FieldOptions, title_of
from dashboard.figures import mask
from dashboard.forms.destination import DestinationForm
from dashboard.guesses import Suggestion, suggestions
from dashboard.steps import stepper_of
from dashboard.where import Where
from imports import actions
from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED
from imports.wording import column_letter, fault_text

CONTROLS = {  # faults that are about a control beside the columns
    "database_unknown": "database",
    "operation_unknown": "operation",
    "matching_not_for_call": "matching",
    "matching_unknown": "matching",
    "match_field_missing": "match_field",
    "key_kind": "match_field",
    "key_not_mapped": "matching",
    "duplicates_unknown": "duplicates",
}


@dataclass(slots=True)
class ColumnRow:
    """One column of the file as the page shows it."""

    place: int
    header: str
    samples: list[str]
    filled: int
    rows: int
    suggestion: Suggestion
    target: TargetField | None
    choice: ColumnTarget | None
    options: SafeString
    is_key: bool = False
    is_listed: bool = True
    faults: list[str] = field(default_factory=list)

    @property
    def letter(self) -> str:
        return column_letter(self.place)

    @property
    def name(self) -> str:
        return self.header.strip() or _("without a name")

    @property
    def is_date(self) -> bool:
        return self.target is not None and self.target.kind == Kind.DATE

    @property
    def clearable(self) -> bool:
        """Whether there are empty cells, and they could mean something."""
        if self.target is None or self.target.name in ("email", "profile_id"):
            return False
        return self.filled < self.rows or (self.choice is not None and self.choice.empty == "clear")

    @property
    def kind(self) -> str:
        return str(KINDS[self.target.kind]) if self.target else ""

    @property
    def guess(self) -> tuple[str, str]:
        """(certainty, why) of the field chosen: the guess where it was kept, else whose choice it is."""
        if (self.choice.field if self.choice else None) == self.suggestion.field:
            return self.suggestion.certainty, self.suggestion.why
        return (_("Your choice"), "") if self.choice else (_("Left out"), _("by your choice"))


class ColumnsPage:
    """One job's columns and destination: as kept, as given by the page, or as guessed."""

    def __init__(
        self,
        job: ImportJob,
        user: Any,
        given: Mapping[str, Any] | None = None,
        *,
        redraw: bool = False,
        anew: bool = False,
    ) -> None:
        self.job, self._user, self._given, self._redraw = job, user, given, redraw
        self.editable = may_import(user) and job.state in MAY_BE_MAPPED
        self.where = Where(user, given, job=job, redraw=redraw, look=self.editable, anew=anew)
        self.where.usual_matching = self._usual_matching()
        self.faults: list[tuple[str, str]] = []
        self._faults_by_place: dict[int, list[str]] = {}

    @property
    def form(self) -> DestinationForm:
        return self.where.form

    @property
    def stepper(self) -> dict[str, Any]:
        return stepper_of(self.job)

    @cached_property
    def columns(self) -> list[dict[str, Any]]:
        return list(actions.head(self.job)["columns"])

    @cached_property
    def choices(self) -> dict[int, ColumnTarget]:
        """What each column that is imported feeds, by its place."""
        known = {one.name for one in self.where.fields}
        chosen = [self._choice(place, column["header"], known) for place, column in enumerate(self.columns)]
        return {choice.column: choice for choice in chosen if choice}

    @cached_property
    def mapping(self) -> ColumnMapping:
        return ColumnMapping(tuple(self.choices[place] for place in sorted(self.choices)))

    @cached_property
    def rows(self) -> list[ColumnRow]:
        return [self.row(place) for place in range(len(self.columns))]

    @property
    def left_out(self) -> int:
        return len(self.columns) - len(self.choices)

    def row(self, place: int) -> ColumnRow:
        """The column at this place (0-based)."""
        column, choice = self.columns[place], self.choices.get(place)
        name = choice.field if choice else ""
        told = dict.fromkeys(text for key in ("first", "longest", "oddest") if (text := column[key].strip()))
        open_ = may_see_people(self._user)
        return ColumnRow(
            place=place,
            header=column["header"],
            samples=[text if open_ else mask(text) for text in told],
            filled=column["filled"],
            rows=self.job.rows,
            suggestion=self._suggested[place],
            target=self._by_name.get(name) or (TargetField(name, Kind.LINE, name) if name else None),
            choice=choice,
            options=self._options.chosen(name),
            is_key=name in self.where.keys,
            is_listed=name in self._by_name,
            faults=self._faults_by_place.get(place, []),
        )

    def tell(self, faults: Sequence[tuple[str, dict[str, str]]]) -> None:
        """Put each fault beside the columns or the control it is about, and into the list at the top."""
        codes = {code for code, _params in faults}
        for code, params in faults:
            if code == "matching_unknown" and "match_field_missing" in codes:
                continue  # the same thing, said less well
            text = fault_text(code, self._in_words(params))
            places = [place for place, choice in self.choices.items() if _is_about(choice, params)]
            for place in places:
                self._faults_by_place.setdefault(place, []).append(text)
            if places:
                self.faults.append((f"field-{places[0]}", text))
            else:
                self.form.add_error(CONTROLS.get(code), text)

    @cached_property
    def _suggested(self) -> list[Suggestion]:
        return suggestions(self.job, self.where.connection, self.where.fields)

    @cached_property
    def _by_name(self) -> dict[str, TargetField]:
        return {one.name: one for one in self.where.fields}

    @cached_property
    def _options(self) -> FieldOptions:
        return FieldOptions(self.where.fields)

    def _usual_matching(self) -> str:
        guessed = {suggestion.field for suggestion in self._suggested}
        return "phone" if "phones" in guessed and "email" not in guessed else "email"

    def _choice(self, place: int, header: str, known: set[str]) -> ColumnTarget | None:
        if self._given is None:
            return self._kept_choice(place, header)
        name = self._typed(place, "other") or self._typed(place, "field")
        if self._redraw and name and name not in known and self.where.fields_known:
            name = self._suggested[place].field or ""  # it was chosen for another database
        empty = self._typed(place, "empty") or "keep"
        order = self._typed(place, "order")
        return ColumnTarget(place, header, name, date_order=order, empty=empty) if name else None

    def _kept_choice(self, place: int, header: str) -> ColumnTarget | None:
        if self.job.mapping_plain:
            return next((target for target in self.job.mapping.targets if target.column == place), None)
        return self._suggested[place].target(place, header)

    def _typed(self, place: int, name: str) -> str:
        return str((self._given or {}).get(f"{name}-{place}", "")).strip()[:100]

    def _in_words(self, params: Mapping[str, str]) -> dict[str, str]:
        """The params of a fault with fields named as the page names them."""
        told = dict(params)
        for name in {"field", "fields"} & params.keys():
            named = (self._by_name.get(one) for one in params[name].split(", "))
            told[name] = ", ".join(title_of(one) for one in named if one) or params[name]
        return told


def _is_about(choice: ColumnTarget, params: Mapping[str, str]) -> bool:
    if "header" in params:
        return choice.header == params["header"] and params.get("field", choice.field) == choice.field
    return "headers" in params and params.get("field") == choice.field
