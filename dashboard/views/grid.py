"""Several people typed, or pasted, into a grid: an import of as many rows."""

from dataclasses import replace
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import importers_only
from dashboard.forms.profile import GridWhereForm
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from dashboard.typed.entry import begin, entry_of
from dashboard.typed.grid import MOST_ROWS, Grid
from dashboard.typed.keeping import keeps_what_was_typed
from dashboard.typed.pasting import Pasting
from dashboard.typed.table import TypedTable, moved
from dashboard.where import REDRAWING, Where
from imports import actions
from imports.models import Connection
from imports.wording import fault_text

PUTTING = frozenset({"paste", "place"})  # buttons that put what was pasted into the grid
CHANGING = PUTTING | {"add_rows", "remove_row", "forget"}


class GridWhere(Where):
    form_class = GridWhereForm


@never_cache
@require_http_methods(["GET", "POST"])
@keeps_what_was_typed
@importers_only
def form_several(request: Request) -> HttpResponse:
    """Type several people. A POST checks them and goes on to the check's page; buttons of the grid only redraw."""
    given = request.POST if request.method == "POST" else None
    asked = (REDRAWING | CHANGING) & (given or {}).keys()
    redraw = given is not None and (bool(asked) or _has_pasted(given))
    where = GridWhere(
        request.user, given, uploads=request.FILES, redraw=redraw, anew=given is not None and "refresh" in given
    )
    grid = Grid(given, fields=where.fields, keys=where.keys)
    pasting = _changed(given, grid, where, hold=bool(asked - PUTTING)) if given and redraw else None
    where.columns = [(n, column.title) for n, (_place, column) in enumerate(grid.free)]
    if given is None or redraw:
        return _page(request, where, grid, pasting, part="#form" if request.htmx else "")
    if not where.is_valid() or where.connection is None:
        return _page(request, where, grid, status=422)
    return _check(request, where, grid, where.connection)


def _has_pasted(given: QueryDict) -> bool:
    """Whether a pasted table waits: it goes into the rows, or is left out, before anything is checked."""
    return "forget" not in given and bool(given.get("pasted", "").strip("\r\n"))


def _changed(given: QueryDict, grid: Grid, where: Where, *, hold: bool) -> Pasting | None:
    """Do what a button asks of the grid; what was pasted waits where it was another button."""
    if "add_rows" in given:
        grid.more_rows()
    if "remove_row" in given:
        grid.without_row(given.get("remove_row", ""))
    return Pasting(given, grid, where.fields, hold=hold) if _has_pasted(given) else None


def _check(request: Request, where: Where, grid: Grid, connection: Connection) -> HttpResponse:
    """Judge every cell as the check of a file would; only a grid without a fault becomes an import."""
    table = _table(where, grid)
    if not _is_right(where, grid, table, connection):
        return _page(request, where, grid, status=422)
    try:
        job = begin(request, connection, table, _("Typed profiles %(time)s"))
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return _page(request, where, grid, status=422)
    return redirect("job_check", uuid=job.uuid)


def _table(where: Where, grid: Grid) -> TypedTable:
    """The rules name columns by their place among those that feed no field; the table has them among all."""
    chosen = where.destination()
    places = [place for place, _column in grid.free]
    rules = tuple(moved(rule, places) for rule in chosen.subscriptions)
    return TypedTable(
        grid.headers, grid.typed(), grid.mapping(chosen.phone_region), replace(chosen, subscriptions=rules)
    )


def _is_right(where: Where, grid: Grid, table: TypedTable, connection: Connection) -> bool:
    faults = table.faults(connection)
    if not table.rows:
        where.form.add_error(None, _("Nothing was filled in."))
    for code, params in faults:
        where.tell(code, params, fault_text(code, params))
    if faults or not table.rows:
        return False
    problems = table.problems(connection)
    for problem in problems:
        grid.tell(problem.index, problem.column, fault_text(problem.code, problem.params))
    return not problems and where.is_valid()


def _page(
    request: Request, where: Where, grid: Grid, pasting: Pasting | None = None, *, part: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "where": where,
        "form": where.form,
        "grid": grid,
        "rows": grid.drawn(),
        "faults": grid.faults(),
        "pasting": pasting,
        "entry": entry_of(request.POST if request.method == "POST" else None),
        "most": MOST_ROWS,
    }
    return render(request, f"form/several.html{part}", context, status=status)
