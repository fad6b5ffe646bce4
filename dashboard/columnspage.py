"""What the page of columns shows: each column with its values, the field chosen for it, and what is wrong with that."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.access import is_admin, may_import, may_see_people
from dashboard.columnchoices import NEVER_CLEARED, ChoiceReader
from dashboard.columnpreset import PresetBox
from dashboard.columnrow import ColumnRow
from dashboard.fieldnames import FieldOptions, title_of
from dashboard.figures import mask, number
from dashboard.forms.destination import DestinationForm
from dashboard.guesses import Suggestion, suggestions
from dashboard.steps import stepper_of
from dashboard.where import Where
from imports import actions
from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField, match_channels
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED
from imports.wording import column_letter, fault_text

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
        self.job, self._user, self._given, self._redraw = job, user, given, redraw
        self.editable = may_import(user) and job.state in MAY_BE_MAPPED
        self.where = Where(user, given, job=job, uploads=uploads, redraw=redraw, look=self.editable, anew=anew)
        self.where.usual_matching = self._usual_matching()
        self.where.columns = [(n, _column_name(n, column["header"])) for n, column in enumerate(self.columns)]
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
        return ", ".join(title for title, _from in self.needs)

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
    def empty_all(self) -> str:
        """What empty cells mean for all columns alike, "keep" or "clear"; "each" where columns differ."""
        if self._given is not None and (asked := str(self._given.get("empty_all", ""))):
            return asked
        chosen = {one.empty for one in self.mapping.targets if one.field not in NEVER_CLEARED}
        return chosen.pop() if len(chosen) == 1 else ("each" if chosen else "keep")

    @property
    def clears(self) -> int:
        """How many fields would be cleared if empty cells did so in every column."""
        emptied = [one.column for one in self.mapping.targets if one.field not in NEVER_CLEARED]
        return sum(self.job.rows - self.columns[place]["filled"] for place in emptied)

    @property
    def required(self) -> list[tuple[str, str, str]]:
        """(outcome, what is needed, how it stands) for each thing the chosen way of finding people needs."""
        lacking = "pending" if self.needs_met else "invalid"
        told = []
        for (title, where), name in zip(self.needs, [*self.where.keys, ""], strict=False):
            said = ", ".join(part for part in (where, *self._key_figures(name)) if part)
            told.append(("accepted", title, said) if where else (lacking, title, _("no column feeds it yet")))
        return told

    def _key_figures(self, name: str) -> Iterator[str]:
        """How full the columns of a key are, and how often it repeats."""
        for place in [place for place, one in self.choices.items() if name and one.field == name]:
            missing, seen = self.job.rows - self.columns[place]["filled"], self.figures.get(place)
            text = ngettext("empty in %(count)s row", "empty in %(count)s rows", missing)
            yield text % {"count": number(missing)} if missing else _("filled in all rows")
            if seen and seen.found.repeats:
                text = ngettext("%(count)s repeat", "%(count)s repeats", seen.found.repeats)
                repeats = text % {"count": number(seen.found.repeats)}
                yield repeats if seen.whole else _("%(repeats)s in the rows looked at") % {"repeats": repeats}

    @cached_property
    def needs(self) -> list[tuple[str, str]]:
        """(what the chosen way of finding needs, where it comes from or "") for each; one of several is enough."""
        fed = [(title_of(self._by_name[name]) if name in self._by_name else name, name) for name in self.where.keys]
        found = [(title, self._feeding(name)) for title, name in fed]
        matching = str(self.form["matching"].value() or "") if "matching" in self.form.fields else ""
        if channels := match_channels(matching):
            rules = [one for one in self.where.rules.forms if one.channel in channels]
            found.append((_("A subscription below"), _("there is one") if rules else ""))
        return found

    @property
    def needs_met(self) -> bool:
        return not self.needs or any(where for _title, where in self.needs)

    def _feeding(self, name: str) -> str:
        return ", ".join(_column_name(n, one.header) for n, one in sorted(self.choices.items()) if one.field == name)

    @property
    def left_out(self) -> int:
        return len(self.columns) - len(self.choices)

    def row(self, place: int) -> ColumnRow:
        """The column at this place (0-based)."""
        column, choice = self.columns[place], self.choices.get(place)
        name = choice.field if choice else ""
        open_, figures = may_see_people(self._user), self.figures.get(place)
        bad = figures.found.examples[0][1] if figures and figures.found.examples else ""
        shown = (column["first"].strip(), bad, column["oddest"].strip(), column["longest"].strip())
        told = [text for text in dict.fromkeys(shown) if text][:SAMPLES]
        return ColumnRow(
            place=place,
            header=column["header"],
            samples=[text if open_ else mask(text) for text in told],
            filled=column["filled"],
            rows=self.job.rows,
            suggestion=self._suggested[place],
            target=self._field(name) if name else None,
            choice=choice,
            options=self._options.chosen(name),
            is_key=name in self.where.keys,
            is_listed=name in self._by_name,
            figures=figures,
            each_empty=self.empty_all == "each",
            open=open_,
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
    def _suggested(self) -> list[Suggestion]:
        where = self.where
        return suggestions(self.job, where.connection, where.fields, database_id=where.database_id, user=self._user)

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
        guessed = {suggestion.field for suggestion in self._suggested}
        return "phone" if "phones" in guessed and "email" not in guessed else "email"

    def _choice(self, place: int, header: str, known: set[str]) -> ColumnTarget | None:
        if self._given is None:
            return self._kept_choice(place, header)
        name = self._typed(place, "other") or self._typed(place, "field")
        if self._redraw and name and name not in known and self.where.fields_known:
            name = self._suggested[place].field or ""  # it was chosen for another database
        reader = ChoiceReader(self._given, place, admin=is_admin(self._user), kept=self._kept_choice(place, header))
        return reader.target(header, name, self._by_name.get(name)) if name else None

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


def _column_name(place: int, header: str) -> str:
    return f"{column_letter(place)}: {header.strip()[:60] or _('without a name')}"


def _is_about(choice: ColumnTarget, params: Mapping[str, str]) -> bool:
    if "header" in params:
        return choice.header == params["header"] and params.get("field", choice.field) == choice.field
    return "headers" in params and params.get("field") == choice.field
