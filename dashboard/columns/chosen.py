"""Which field each column feeds: as kept with the job, as given by the page, or as guessed."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from dashboard.access import is_admin
from dashboard.columns.choices import NEVER_CLEARED, ChoiceReader
from dashboard.guesses import Suggestion, suggestions
from dashboard.where import Where
from imports.mapping import ColumnMapping, ColumnTarget, TargetField
from imports.models import ImportJob


class Chosen:
    """The choices for every column of one job. `redraw` takes them for a page that is shown again."""

    def __init__(
        self,
        job: ImportJob,
        user: Any,
        given: Mapping[str, Any] | None,
        *,
        columns: Sequence[Mapping[str, Any]],
        where: Where,
        redraw: bool,
    ) -> None:
        self._job, self._user, self._given, self._redraw = job, user, given, redraw
        self._columns, self._where = columns, where

    @cached_property
    def by_place(self) -> dict[int, ColumnTarget]:
        """What each column that is imported feeds, by its place."""
        chosen = [self._choice(place, column["header"]) for place, column in enumerate(self._columns)]
        return {choice.column: choice for choice in chosen if choice}

    @cached_property
    def mapping(self) -> ColumnMapping:
        return ColumnMapping(tuple(self.by_place[place] for place in sorted(self.by_place)))

    @cached_property
    def suggested(self) -> list[Suggestion]:
        """The guess for each column."""
        where = self._where
        return suggestions(self._job, where.connection, where.fields, database_id=where.database_id, user=self._user)

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
        return sum(self._job.rows - self._columns[place]["filled"] for place in emptied)

    @cached_property
    def _by_name(self) -> dict[str, TargetField]:
        return {one.name: one for one in self._where.fields}

    def _choice(self, place: int, header: str) -> ColumnTarget | None:
        if self._given is None:
            return self._kept(place, header)
        name = self._typed(place, "other") or self._typed(place, "field")
        if self._redraw and name and name not in self._by_name and self._where.fields_known:
            name = self.suggested[place].field or ""  # it was chosen for another database
        reader = ChoiceReader(self._given, place, admin=is_admin(self._user), kept=self._kept(place, header))
        return reader.target(header, name, self._by_name.get(name)) if name else None

    def _kept(self, place: int, header: str) -> ColumnTarget | None:
        if self._job.mapping_plain:
            return next((target for target in self._job.mapping.targets if target.column == place), None)
        return self.suggested[place].target(place, header)

    def _typed(self, place: int, name: str) -> str:
        return str((self._given or {}).get(f"{name}-{place}", "")).strip()[:100]
