"""Several people typed into a grid: its columns, its cells, what was pasted, and what is wrong in a cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.http import QueryDict
from django.utils.translation import gettext as _

from dashboard.fieldnames import title_of
from dashboard.forms.profile import typeable
from dashboard.typed.table import distinct
from imports.mapping import ColumnMapping, ColumnTarget, Kind, TargetField

USUAL = ("email", "phones", "_fname", "_lname")
FREE = ("contact-1", "contact-2", "contact-3")  # feed no field: contacts and values for subscriptions
MOST_ROWS, FIRST_ROWS, MORE_ROWS = 200, 5, 5
MOST_COLUMNS = 40
LONGEST = 32_000  # characters, as a cell of a workbook
ONE_LINE = frozenset({Kind.EMAIL, Kind.INTEGER, Kind.FLOAT, Kind.DATE, Kind.BOOLEAN, Kind.ENUM, Kind.IP, Kind.SEX})
KEYBOARDS = {Kind.EMAIL: "email", Kind.PHONES: "tel", Kind.INTEGER: "numeric", Kind.FLOAT: "decimal"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `field` is None where it feeds none. `options` are worth suggesting while one types."""

    name: str
    title: str
    field: TargetField | None = None
    one_line: bool = False
    keyboard: str = ""
    options: tuple[str, ...] = ()


@dataclass(slots=True)
class Cell:
    """A cell as it is drawn. `focus`: the keyboard begins here."""

    id: str
    column: Column
    text: str
    faults: list[str] = field(default_factory=list)
    focus: bool = False


class Grid:
    """The grid as a page gave it, or a fresh one; the columns people are found by are always there."""

    def __init__(self, given: QueryDict | None, *, fields: Sequence[TargetField], keys: Sequence[str]) -> None:
        self._known = {one.name: _column_of(one) for one in typeable(fields, keys)}
        self._known |= {name: Column(name, _free_title(name)) for name in FREE}
        self.keys = [name for name in keys if name in self._known]
        self.columns = [self._known[name] for name in self._names(given)]
        self.rows = self._cells(given)
        self.at: tuple[int, int] | None = None
        self._faults: dict[tuple[int, int], list[str]] = {}

    @cached_property
    def offered(self) -> list[Column]:
        """Every column there may be, in the order fields are listed."""
        return list(self._known.values())

    @property
    def shown(self) -> set[str]:
        return {column.name for column in self.columns}

    @property
    def free(self) -> list[tuple[int, Column]]:
        """(place, column) of the columns that feed no field."""
        return [(place, column) for place, column in enumerate(self.columns) if column.field is None]

    @property
    def filled(self) -> int:
        """How many rows hold anybody."""
        return sum(any(map(str.strip, row)) for row in self.rows)

    @property
    def headers(self) -> list[str]:
        return distinct([column.title for column in self.columns])

    def mapping(self, region: str) -> ColumnMapping:
        """Each column with a field feeds it; the order of day and month is decided by the whole column."""
        headers = self.headers
        fed = ((place, column.field) for place, column in enumerate(self.columns) if column.field)
        return ColumnMapping(tuple(ColumnTarget(place, headers[place], one.name, region=region) for place, one in fed))

    def typed(self) -> list[list[str]]:
        """The rows up to the last one that holds anybody; empty ones between them keep their number."""
        last = max((place for place, row in enumerate(self.rows) if any(map(str.strip, row))), default=-1)
        return self.rows[: last + 1]

    def drawn(self) -> list[tuple[int, list[Cell]]]:
        """(number, its cells) of every row."""
        first = min(self._faults, default=self.at)
        return [
            (row + 1, [self._cell(row, place, first) for place in range(len(self.columns))])
            for row in range(len(self.rows))
        ]

    def tell(self, row: int, place: int, text: str) -> None:
        """Put a fault beside a cell; what is about a whole row stands with its key."""
        told = self._faults.setdefault((row, place if place >= 0 else self._key_place()), [])
        if text not in told:
            told.append(text)

    def faults(self) -> list[tuple[str, int, str, str]]:
        """(id of the cell, number of its row, name of its column, what is wrong), from left to right and down."""
        return [
            (self._id(row, place), row + 1, self.columns[place].title, text)
            for (row, place), texts in sorted(self._faults.items())
            for text in texts
        ]

    def more_rows(self) -> None:
        """A few empty rows at the end; the keyboard goes on in the first of them."""
        self.at = (min(len(self.rows), MOST_ROWS - 1), 0)
        self.reach(min(MOST_ROWS, len(self.rows) + MORE_ROWS))

    def without_row(self, number: str) -> None:
        if number.isdecimal() and 0 < int(number[:4]) <= len(self.rows):
            del self.rows[int(number) - 1]
            self.reach(1)
            self.at = (min(int(number), len(self.rows)) - 1, 0)

    def reach(self, rows: int) -> None:
        """Have at least so many rows."""
        self.rows += [[""] * len(self.columns) for _row in range(rows - len(self.rows))]

    def with_columns(self, names: Sequence[str]) -> None:
        """Show these columns besides the others."""
        for name in names:
            if name in self._known and name not in self.shown:
                self.columns.append(self._known[name])
                for row in self.rows:
                    row.append("")

    def place_of(self, name: str) -> int:
        return next((place for place, column in enumerate(self.columns) if column.name == name), -1)

    def put(self, row: int, place: int, text: str) -> None:
        """Write into a cell that is there."""
        one_line = self.columns[place].one_line
        self.rows[row][place] = (" ".join(text.splitlines()) if one_line else text)[:LONGEST]

    def _names(self, given: QueryDict | None) -> list[str]:
        if given is None:
            return self._with_keys([name for name in USUAL if name in self._known])
        had, wanted = given.getlist("had"), given.getlist("columns")
        kept = [name for name in had if name in wanted] + [name for name in wanted if name not in had]
        found = [name for name in dict.fromkeys(kept) if name in self._known][:MOST_COLUMNS]
        return self._with_keys(found or [name for name in USUAL if name in self._known])

    def _with_keys(self, names: list[str]) -> list[str]:
        return names if set(names) & set(self.keys) else [*self.keys, *names]

    def _cells(self, given: QueryDict | None) -> list[list[str]]:
        if given is None:
            return [[""] * len(self.columns) for _row in range(FIRST_ROWS)]
        lists = [[text[:LONGEST] for text in given.getlist(f"cell-{c.name}")[:MOST_ROWS]] for c in self.columns]
        count = max([1, *map(len, lists)])
        return [list(row) for row in zip(*(texts + [""] * (count - len(texts)) for texts in lists), strict=True)]

    def _cell(self, row: int, place: int, first: tuple[int, int] | None) -> Cell:
        text, faults = self.rows[row][place], self._faults.get((row, place), [])
        return Cell(self._id(row, place), self.columns[place], text, faults, first == (row, place))

    def _id(self, row: int, place: int) -> str:
        return f"cell-{row + 1}-{self.columns[place].name}"

    def _key_place(self) -> int:
        return next((place for place, column in enumerate(self.columns) if column.name in self.keys), 0)


def _column_of(field: TargetField) -> Column:
    suggested = {Kind.BOOLEAN: (_("yes"), _("no")), Kind.SEX: (_("female"), _("male"))}
    options = suggested.get(field.kind, field.options)
    keyboard = KEYBOARDS.get(field.kind, "")
    return Column(field.name, title_of(field), field, field.kind in ONE_LINE, keyboard, tuple(options))


def _free_title(name: str) -> str:
    return _("For a subscription %(number)s") % {"number": name.rpartition("-")[2]}
