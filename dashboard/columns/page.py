"""What the page of columns shows: each column with its values, the field chosen for it, and what is wrong with that."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from dashboard.access import is_admin, may_import, may_see_people
from dashboard.columns.chosen import Chosen
from dashboard.columns.needs import Needs, column_name
from dashboard.columns.preset import PresetBox
from dashboard.columns.row import ColumnRow
from dashboard.columns.worth import Worth
from dashboard.fieldnames import FieldOptions, title_of
from dashboard.figures import mask
from dashboard.forms.destination import DestinationForm
from dashboard.steps import stepper_of
from dashboard.where import Where
from imports import actions
from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED
from imports.wording import fault_text

SAMPLES = 4


class ColumnsPage:
    """One job's columns and destination: as kept, as given by the page, or as guessed."""

    def __init__(
        self,
        job: ImportJob,
        user: Any,
        given: Mapping[str, Any] | None = None,
        *,
        uploads: Any = None,
        redraw: bool = False,
        anew: bool = False,
    ) -> None:
        self.job, self._user = job, user
        self.editable = may_import(user) and job.state in MAY_BE_MAPPED
        self.where = Where(user, given, job=job, uploads=uploads, redraw=redraw, look=self.editable, anew=anew)
        self._chosen = Chosen(job, user, given, columns=self.columns, where=self.where, redraw=redraw)
        self.where.usual_matching = self._usual_matching()
        self.where.columns = [(n, column_name(n, column["header"])) for n, column in enumerate(self.columns)]
        self.draft_trouble = ""
        self.faults: list[tuple[str, str]] = []
        self._faults_by_place: dict[int, list[str]] = {}

    @property
    def sent(self) -> bool:
        """Whether the rows are on their way or have arrived."""
        return self.job.started_at is not None

    @property
    def fixed(self) -> bool:
        return not self.editable

    @property
    def form(self) -> DestinationForm:
        return self.where.form

    @property
    def place(self) -> str:
        """The account and database the rows go to, in words; "" when there is no account."""
        where = self.where
        if where.connection is None or not where.database_id:
            return ""
        name = dict(self.form.databases()).get(where.database_id, "")
        return f"{name} ({where.database_id}), {where.connection.name}" if name else where.connection.name

    @property
    def key_name(self) -> str:
        """What people are found by, in words."""
        return ", ".join(title for title, _from in self._needs.named)

    @property
    def required(self) -> list[tuple[str, str, str]]:
        """(outcome, what is needed, how it stands) for each thing the chosen way of finding people needs."""
        return self._needs.told(lambda: self.figures)

    @property
    def stepper(self) -> dict[str, Any]:
        return stepper_of(self.job)

    @cached_property
    def columns(self) -> list[dict[str, Any]]:
        return list(actions.head(self.job)["columns"])

    @property
    def choices(self) -> dict[int, ColumnTarget]:
        """What each column that is imported feeds, by its place."""
        return self._chosen.by_place

    @property
    def mapping(self) -> ColumnMapping:
        return self._chosen.mapping

    @property
    def empty_all(self) -> str:
        """What empty cells mean for all columns alike, "keep" or "clear"; "each" where columns differ."""
        return self._chosen.empty_all

    @property
    def clears(self) -> int:
        """How many fields would be cleared if empty cells did so in every column."""
        return self._chosen.clears

    @cached_property
    def rows(self) -> list[ColumnRow]:
        return [self.row(place) for place in range(len(self.columns))]

    @cached_property
    def remarked(self) -> int:
        """How many columns there is something to say about."""
        return sum(row.remarked for row in self.rows)

    @cached_property
    def figures(self) -> dict[int, actions.Figures]:
        """By column what its values are worth for the field chosen."""
        region = str(self.form["phone_region"].value() or "") if "phone_region" in self.form.fields else ""
        listed = {one.field: self._field(one.field) for one in self.mapping.targets}
        return actions.column_figures(self.job, self.mapping, listed, region=region)

    @cached_property
    def preset(self) -> PresetBox:
        return PresetBox(self.job, self._user, self.figures)

    @property
    def left_out(self) -> int:
        return len(self.columns) - len(self.choices)

    def row(self, place: int) -> ColumnRow:
        """The column at this place (0-based)."""
        column, choice = self.columns[place], self.choices.get(place)
        name = choice.field if choice else ""
        open_, figures, is_key = may_see_people(self._user), self.figures.get(place), name in self.where.keys
        target = self._field(name) if name else None
        bad = figures.found.examples[0][1] if figures and figures.found.examples else ""
        shown = (column["first"].strip(), bad, column["oddest"].strip(), column["longest"].strip())
        told = [text for text in dict.fromkeys(shown) if text][:SAMPLES]
        return ColumnRow(
            place=place,
            header=column["header"],
            samples=[text if open_ else mask(text) for text in told],
            filled=column["filled"],
            rows=self.job.rows,
            suggestion=self._chosen.suggested[place],
            target=target,
            choice=choice,
            options=self._options.chosen(name),
            worth=Worth(figures, target, choice, is_key, open_),
            is_key=is_key,
            is_listed=name in self._by_name,
            each_empty=self.empty_all == "each",
            admin=is_admin(self._user),
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
                self.where.tell(code, params, text)

    @cached_property
    def _needs(self) -> Needs:
        return Needs(self.where, self.choices, self.columns, self.job.rows)

    @cached_property
    def _by_name(self) -> dict[str, TargetField]:
        return {one.name: one for one in self.where.fields}

    def _field(self, name: str) -> TargetField:
        """The field of this name; one that is not listed is taken for a line of text."""
        return self._by_name.get(name) or TargetField(name, Kind.LINE, name)

    @cached_property
    def _options(self) -> FieldOptions:
        return FieldOptions(self.where.fields)

    def _usual_matching(self) -> str:
        guessed = {suggestion.field for suggestion in self._chosen.suggested}
        return "phone" if "phones" in guessed and "email" not in guessed else "email"

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
