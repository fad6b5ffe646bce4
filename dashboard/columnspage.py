"""What the page of columns shows: each column with its values, the field chosen for it, and what is wrong with that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.access import is_admin, may_import, may_see_people
from dashboard.columnchoices import STATUSES, ChoiceReader, offered_actions, region_choices
from dashboard.fieldnames import KINDS, FieldOptions, title_of
from dashboard.figures import mask
from dashboard.forms.destination import DestinationForm
from dashboard.guesses import Suggestion, suggestions
from dashboard.steps import stepper_of
from dashboard.where import Where
from imports import actions
from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField, match_channels
from imports.models import ImportJob
from imports.states import MAY_BE_MAPPED
from imports.wording import column_letter, fault_text


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
    admin: bool = False
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
        if self.target is None or self.target.name in ("email", "profile_id", "subscriptions"):
            return False
        return self.filled < self.rows or (self.choice is not None and self.choice.empty == "clear")

    @property
    def judged(self) -> bool:
        """Whether a value can be wrong for the field."""
        return self.target is not None and (self.target.kind != Kind.LINE or self.bad != "refuse")

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
        return self.target is not None and self.target.kind in (Kind.OBJECT, Kind.OBJECTS) and bool(self.actions)

    @property
    def regions(self) -> list[tuple[str, Any]]:
        """Countries of phones without a code, for a column of phones."""
        is_phone = self.target is not None and self.target.kind == Kind.PHONES
        return region_choices(self.choice.region if self.choice else "") if is_phone else []

    @property
    def statuses(self) -> list[tuple[str, Any]]:
        """What a status or a priority in a column of subscriptions can do."""
        return list(STATUSES.items()) if self.target and self.target.kind == Kind.SUBSCRIPTIONS else []

    @property
    def unusual(self) -> bool:
        """Whether one of the choices that are folded away was made."""
        kept = self.choice
        made = kept is not None and bool(kept.action or kept.submatch or kept.region or kept.on_bad != "refuse")
        return made or bool(self.statuses)

    @property
    def more(self) -> bool:
        return bool(self.judged or self.actions or self.regions)

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
        uploads: Any = None,
        redraw: bool = False,
        anew: bool = False,
    ) -> None:
        self.job, self._user, self._given, self._redraw = job, user, given, redraw
        self.editable = may_import(user) and job.state in MAY_BE_MAPPED
        self.where = Where(user, given, job=job, uploads=uploads, redraw=redraw, look=self.editable, anew=anew)
        self.where.usual_matching = self._usual_matching()
        self.where.columns = [(n, _column_name(n, column["header"])) for n, column in enumerate(self.columns)]
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
        target = self._by_name.get(name)
        reader = ChoiceReader(self._given, place, admin=is_admin(self._user), kept=self._kept_choice(place, header))
        return reader.target(header, name, target.kind if target else Kind.LINE) if name else None

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
