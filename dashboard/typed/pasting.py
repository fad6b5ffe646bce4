"""A table pasted into the grid: put where it was pasted, or matched with the fields first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.typed.grid import MOST_COLUMNS, MOST_ROWS, Grid
from imports import actions
from imports.mapping import TargetField

LONGEST = 2_000_000  # characters
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class PastedColumn:
    """A column of what was pasted: the name above it if any, some of its cells, the field chosen or guessed."""

    place: int
    name: str
    samples: list[str]
    chosen: str


class Pasting:
    """What a page's buttons ask of a pasted table.

    It is put at once where it fits and its first line is a row; else `columns` ask which field each column feeds.
    `fault` says why nothing was put. `text` is what stays to be pasted; with `hold` all of it does, for another button
    was pressed.
    """

    def __init__(self, given: QueryDict, grid: Grid, fields: Sequence[TargetField], *, hold: bool) -> None:
        self.fault, self.columns, self.done = "", list[PastedColumn](), 0
        self.text, self._given, self._grid = given.get("pasted", ""), given, grid
        self._matched = "pasted-field-0" in given
        self.headed = "first_line" in given
        self.row, self.place = _corner(given, grid)
        if self._too_long() or (hold and not self._matched):
            return
        found = actions.look_at_pasted(self.text, fields)
        chosen = self._chosen(found.fields)
        if not self._matched:
            self.headed = found.header is not None
        if hold or not self._put(found.rows, chosen):
            self._ask(found.rows, chosen)

    def _put(self, rows: Sequence[Sequence[str]], chosen: Sequence[str]) -> bool:
        """Write the cells into the grid; False when something has to be asked or told first."""
        width = len(chosen)
        if self._too_many(len(rows) - self.headed, width):
            return False
        if "place" in self._given:
            self.fault = _fault_of(chosen)
            if not self.fault:
                self._grid.with_columns([name for name in chosen if name])
                self._fill(rows[self.headed :], [self._grid.place_of(name) if name else -1 for name in chosen])
            return not self.fault
        fits = not self.headed and not self._matched and self.place + width <= len(self._grid.columns)
        if fits:
            self._fill(rows, range(self.place, self.place + width))
        return fits

    def _ask(self, rows: Sequence[Sequence[str]], chosen: Sequence[str]) -> None:
        if self.fault and not self._matched:
            return  # it will not fit, whatever feeds what
        names = rows[0] if self.headed else [""] * len(chosen)
        below = rows[self.headed :]
        self.columns = [
            PastedColumn(place, " ".join(names[place].split()), _samples(below, place), name)
            for place, name in enumerate(chosen)
        ]

    def _chosen(self, guessed: Sequence[str]) -> list[str]:
        known = {column.name for column in self._grid.offered}
        places = range(len(guessed))
        asked = [self._given.get(f"pasted-field-{n}", "") for n in places] if self._matched else guessed
        return [name if name in known else "" for name in asked]

    def _fill(self, rows: Sequence[Sequence[str]], places: Sequence[int]) -> None:
        self._grid.reach(self.row + len(rows))
        for down, cells in enumerate(rows):
            for place, text in zip(places, cells, strict=True):
                if place >= 0:
                    self._grid.put(self.row + down, place, text)
        self._grid.at = (self.row, max(0, min((place for place in places if place >= 0), default=0)))
        self.done, self.text = len(rows), ""

    def _too_long(self) -> bool:
        if len(self.text) > LONGEST:
            self.fault = _("This table is too long to paste. Save it as a file and upload that.")
        return bool(self.fault)

    def _too_many(self, rows: int, width: int) -> bool:
        free = MOST_ROWS - self.row
        if rows > free:
            told = {"rows": number(rows), "most": number(MOST_ROWS), "free": number(max(0, free))}
            self.fault = (
                ngettext(
                    "%(rows)s row was pasted, and the form has room for %(free)s more of %(most)s. Import the table as"
                    " a file instead.",
                    "%(rows)s rows were pasted, and the form has room for %(free)s more of %(most)s. Import the table"
                    " as a file instead.",
                    rows,
                )
                % told
            )
        elif width > MOST_COLUMNS:
            self.fault = _("The table has too many columns for the form. Import it as a file instead.")
        return bool(self.fault)


def _corner(given: QueryDict, grid: Grid) -> tuple[int, int]:
    """The cell a paste begins at: the one it was pasted into, else the first row that holds nobody."""
    row, place = given.get("paste_row", ""), given.get("paste_column", "")
    if row.isdecimal() and place.isdecimal() and int(row[:4]) < MOST_ROWS and int(place[:4]) < len(grid.columns):
        return int(row[:4]), int(place[:4])
    return len(grid.typed()), 0


def _fault_of(chosen: Sequence[str]) -> str:
    if not any(chosen):
        return _("Choose a field for at least one column.")
    if any(chosen.count(name) > 1 for name in filter(None, chosen)):
        return _("Two columns feed the same field. Choose another field for one of them.")
    return ""


def _samples(rows: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place][:60] for row in rows if row[place].strip()][:SAMPLES]
