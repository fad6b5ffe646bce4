"""Bad rows as a grid one can type into, and the corrections made so far, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard.presenting.problems import column_name
from dashboard.presenting.rowtable import reason_of, shown_columns
from imports import actions
from imports.models import Correction, ImportJob
from imports.results import Row, rows_at
from imports.vault import Sealed
from imports.wording import column_letter, fault_text

MOST_COLUMNS = 9
KINDS = {
    "cells": lazy("typed"),
    "replaced": lazy("all alike replaced"),
    "dates": lazy("read as dates"),
    "emptied": lazy("emptied"),
}
ORDERS = {"dmy": lazy("day first"), "mdy": lazy("month first"), "ymd": lazy("year first")}


@dataclass(slots=True)
class Cell:
    """One cell to type into; `faults` stand beneath it, `told` is who has corrected it."""

    name: str
    column: int
    text: str
    lines: bool
    faults: list[str] = field(default_factory=list)
    told: str = ""


@dataclass(slots=True)
class Line:
    number: int
    cells: list[Cell]
    faults: list[str]


@dataclass(slots=True)
class Grid:
    """Bad rows with the columns they are bad in and what else helps to know them; `told`: faults of whole rows."""

    headers: list[tuple[int, str, str]]
    lines: list[Line]
    hidden: int

    @property
    def told(self) -> bool:
        return any(line.faults for line in self.lines)


def grid_of(job: ImportJob, rows: Sequence[Row], typed: QueryDict | None = None) -> Grid:
    """The rows of a page; what a person has typed stands in for what the table holds."""
    columns = _columns(job, rows)
    headers = [(column, column_letter(column), job.headers[column]) for column in columns]
    before = _answers_before(job, rows)
    lines = [_line(row, columns, typed or QueryDict(), before.get(row.number, "")) for row in rows]
    return Grid(headers, lines, len(actions.own_columns(job)) - len(columns))


def changed_cells(given: QueryDict) -> dict[tuple[int, int], str]:
    """Row, column and text of every cell of the form; a browser's line ends are those of the table."""
    found = {}
    for name, text in given.items():
        kind, _dash, place = name.partition("-")
        row, _dash, column = place.partition("-")
        if kind == "cell" and row.isdecimal() and column.isdecimal() and len(row) < 10 and len(column) < 6:
            found[int(row), int(column)] = str(text).replace("\r\n", "\n")
    return found


def truly_changed(given: QueryDict, rows: Iterable[Row]) -> dict[tuple[int, int], str]:
    """The cells of the form that differ from the table in more than the spelling of a line end."""
    held = {(row.number, column): cell for row in rows for column, cell in enumerate(row.cells)}
    return {
        place: text
        for place, text in changed_cells(given).items()
        if place in held and text != held[place].replace("\r\n", "\n").replace("\r", "\n")
    }


def corrections_of(job: ImportJob) -> list[dict[str, Any]]:
    """What was corrected and stands, the newest first; never a value."""
    return [_told(job, made) for made in Correction.objects.standing(job).defer("sealed_cells")[:20]]


def _told(job: ImportJob, made: Correction) -> dict[str, Any]:
    where = column_name(job, made.column) if made.column >= 0 else _("several columns")
    return {"made": made, "where": where, "kind": KINDS.get(made.kind, made.kind)}


def _columns(job: ImportJob, rows: Sequence[Row]) -> list[int]:
    """The bad columns of these rows first, then those that tell who it is; never those a download added."""
    own = actions.own_columns(job)
    bad = [column for row in rows for column, _code, _params in row.faults if column >= 0]
    wanted = [column for column in dict.fromkeys([*bad, *shown_columns(job)]) if column in own]
    return sorted(wanted[:MOST_COLUMNS])


def _answers_before(job: ImportJob, rows: Sequence[Row]) -> dict[int, str]:
    """What the platform said of these rows in the import this one follows."""
    keys = {row.number: actions.original_row(job, row.cells) for row in rows}
    numbers = {key.row for key in keys.values() if key is not None}
    try:
        found = rows_at(job.follows, numbers) if job.follows is not None and numbers else {}
    except (FileNotFoundError, Sealed):
        return {}  # the data of that import is gone
    told = {number: found[key.row] for number, key in keys.items() if key is not None and key.row in found}
    return {number: _answer(row) for number, row in told.items() if row.error}


def _answer(row: Row) -> str:
    code, text, advice = reason_of(row, masked=False)
    return _("Altcraft refused it the last time: %(answer)s") % {"answer": f"{code} {text}. {advice}".strip(" .")}


def _line(row: Row, columns: Sequence[int], typed: QueryDict, before: str) -> Line:
    faults: dict[int, list[str]] = {}
    for column, code, params in row.faults:
        faults.setdefault(column, []).append(fault_text(code, params))
    whole = [text for column, texts in faults.items() if column not in columns for text in texts]
    whole += [before] if before else []
    return Line(row.number, [_cell(row, column, faults.get(column, []), typed) for column in columns], whole)


def _cell(row: Row, column: int, faults: list[str], typed: QueryDict) -> Cell:
    name = f"cell-{row.number}-{column}"
    text = typed.get(name, row.cells[column] if column < len(row.cells) else "")
    _own, by, merged_from = row.corrected.get(column, ("", "", 0))
    told = _("taken from row %(row)s") % {"row": merged_from} if merged_from else ""
    told = told or (_("corrected by %(who)s") % {"who": by} if by else "")
    return Cell(name, column, text, "\n" in text or "\r" in text or len(text) > 60, faults, told)
