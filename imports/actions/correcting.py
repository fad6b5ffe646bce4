"""Cells corrected before sending: an overlay sealed with the import, laid over the table whenever it is opened.

The file never changes. Only slices in which a cell was corrected are checked again; everything else of the plan is made
anew when the check closes (imports.actions.rechecking).
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import transaction
from django.utils import timezone

from imports.actions.errors import Refused
from imports.actions.followed import own_columns
from imports.actions.rechecking import begin_again, undecided
from imports.history import name_of, record
from imports.models import Correction, ImportJob, RowSlice
from imports.reading import DEFAULT_LIMITS, TableSlice, replace_unstorable
from imports.results import Fix, fixes_of, sealed_fixes

CELLS, REPLACED, DATES, EMPTIED = "cells", "replaced", "dates", "emptied"  # kinds of corrections
MOST_CELLS = 20_000  # at once

Cell = tuple[int, int]  # spreadsheet row, column
Told = list[tuple[int, int, str, str]]  # row, column, before, after


@dataclass(slots=True)
class _Overlay:
    """What the slices hold afterwards (their fields by id), and which cells differ from before."""

    touched: dict[int, dict[str, Any]] = field(default_factory=dict)
    told: Told = field(default_factory=list)


def correct_cells(
    job: ImportJob, cells: Mapping[Cell, str], *, seen: int, by: Any, kind: str = CELLS, column: int = -1
) -> Correction:
    """Let these cells go with other values, and begin to check their slices again. `seen` is the check whose page the
    person looked at; cells that hold the value already, and places outside the table, are passed over.

    Raise Refused: "nothing_corrected", "too_many_corrected", "cell_too_long", "checked_again_meanwhile".
    """
    overlay = _overlay(job, {place: _storable(value) for place, value in cells.items()}, name_of(by))
    return _keep(job, overlay, seen=seen, by=by, kind=kind, column=column)


def undo_correction(job: ImportJob, number: int, *, seen: int, by: Any) -> Correction:
    """Give the cells of one correction the values they had before it; cells corrected once more since stay as they
    are. Raise Refused: "not_undone", "checked_again_meanwhile"."""
    made = Correction.objects.standing(job).filter(pk=number).first()
    if made is None:
        raise Refused("not_undone")
    before = {(row, column): (was, now) for row, column, was, now in cells_of(job, made)}
    overlay = _overlay(job, {place: was for place, (was, _) in before.items()}, made.by_name, before)
    with transaction.atomic():
        if not Correction.objects.filter(pk=number, undone_at=None).update(undone_at=timezone.now()):
            raise Refused("not_undone")
        _begin(job, overlay, seen, by)
        record("correction_undone", by=by, job=job, cells=len(overlay.told), column=made.column)
    job.refresh_from_db()
    return made


def cells_of(job: ImportJob, made: Correction) -> Told:
    """Row, column, value before and value after of each cell of a correction."""
    return orjson.loads(job.vault.unseal(bytes(made.sealed_cells), made.cells_name))


def _keep(job: ImportJob, overlay: _Overlay, *, seen: int, by: Any, kind: str, column: int) -> Correction:
    if not overlay.told:
        raise Refused("nothing_corrected")
    columns = {place for _, place, _, _ in overlay.told}
    column = column if column >= 0 else min(columns) if len(columns) == 1 else -1
    with transaction.atomic():
        _begin(job, overlay, seen, by)
        told: dict[str, Any] = {"kind": kind, "cells": len(overlay.told), "column": column}
        made = Correction.objects.create(job=job, read_version=job.read_version, by_name=name_of(by), **told)
        made.sealed_cells = job.vault.seal(orjson.dumps(overlay.told), made.cells_name)
        made.save(update_fields=["sealed_cells"])
        record("cells_corrected", by=by, job=job, rows=len({row for row, *_ in overlay.told}), **told)
    job.refresh_from_db()
    return made


def _begin(job: ImportJob, overlay: _Overlay, seen: int, by: Any) -> None:
    anew = undecided(job, {column for _, column, _, _ in overlay.told})
    orders: dict[str, Any] = {"date_orders": None} if anew else {}
    begin_again(job, overlay.touched, seen=seen, by=by, everything=anew, **orders)


def _overlay(
    job: ImportJob, wanted: Mapping[Cell, str], by: str, only: Mapping[Cell, tuple[str, str]] | None = None
) -> _Overlay:
    if len(wanted) > MOST_CELLS:
        raise Refused("too_many_corrected", most=MOST_CELLS)
    found, own = _Overlay(), set(own_columns(job))
    wanted = {place: value for place, value in wanted.items() if place[1] in own}  # never a row's key
    for row_slice, here in _by_slice(job, wanted):
        read = TableSlice.from_parts(job.vault.parts(row_slice.table_name))
        fixes = {place: fix for place, fix in fixes_of(job.vault, row_slice).items() if not fix.merged_from}
        told = _lay(read, fixes, here, by, only or {})
        if told:
            found.told += told
            found.touched[row_slice.pk] = sealed_fixes(job, row_slice, fixes)
    return found


def _lay(
    read: TableSlice,
    fixes: dict[tuple[int, int], Fix],
    wanted: Mapping[Cell, str],
    by: str,
    only: Mapping[Cell, tuple[str, str]],
) -> Told:
    """Change `fixes` so that these cells have these values; what differs from before. A cell that gets the file's own
    value back is no longer corrected."""
    told: Told = []
    for (row, column), value in wanted.items():
        index = bisect_left(read.row_numbers, row)
        if index == len(read.row_numbers) or read.row_numbers[index] != row or not 0 <= column < len(read.columns):
            continue
        own = read.columns[column][index]
        now = fixes[index, column].value if (index, column) in fixes else own
        if value == now or ((row, column) in only and now != only[row, column][1]):
            continue
        fixes.pop((index, column), None)
        if value != own:
            fixes[index, column] = Fix(value, by)
        told.append((row, column, now, value))
    return told


def _by_slice(job: ImportJob, wanted: Mapping[Cell, str]) -> Iterator[tuple[RowSlice, dict[Cell, str]]]:
    rows = [row for row, _ in wanted]
    reach = {"first_row__lte": max(rows), "last_row__gte": min(rows)} if rows else {"pk": None}
    for row_slice in RowSlice.objects.current(job).filter(**reach):
        here = {
            (row, column): value
            for (row, column), value in wanted.items()
            if row_slice.first_row <= row <= row_slice.last_row
        }
        if here:
            yield row_slice, here


def _storable(value: str) -> str:
    """As the reader would have stored it. Raise Refused("cell_too_long")."""
    if len(value) > DEFAULT_LIMITS.cell:
        raise Refused("cell_too_long", length=len(value), limit=DEFAULT_LIMITS.cell)
    return replace_unstorable(value)
