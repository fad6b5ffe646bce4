"""One profile typed into a form: an import of a single row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import importers_only, is_admin
from dashboard.forms.profile import PREFIX, ProfileForm, WhereForm, targets_of
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from dashboard.typed.entry import begin, entry_of
from dashboard.typed.keeping import keeps_what_was_typed
from dashboard.typed.table import TypedTable, distinct
from dashboard.where import REDRAWING, Where
from imports import actions
from imports.mapping import ColumnMapping, TargetField
from imports.models import Connection
from imports.wording import fault_text

Typed = Sequence[tuple[TargetField, str]]


class TypedWhere(Where):
    form_class = WhereForm
    typed = True


@never_cache
@require_http_methods(["GET", "POST"])
@keeps_what_was_typed
@importers_only
def form_new(request: Request) -> HttpResponse:
    """Type one profile. A POST checks it and goes on to the check's page; what is in REDRAWING only redraws."""
    given = request.POST if request.method == "POST" else None
    redraw = given is not None and bool(REDRAWING & given.keys())
    where = TypedWhere(
        request.user, given, uploads=request.FILES, redraw=redraw, anew=given is not None and "refresh" in given
    )
    form = ProfileForm(
        given,
        fields=where.fields,
        keys=where.keys,
        may_be_empty=bool(where.rules.forms),
        admin=is_admin(request.user),
    )
    if given is None or redraw:
        form.full_clean()
        form.errors.clear()
        return _page(request, where, form, part="#form" if request.htmx else "")
    if not (where.is_valid() & form.is_valid()) or where.connection is None:
        return _page(request, where, form, status=422)
    return _check(request, where, form, where.connection)


def _check(request: Request, where: Where, form: ProfileForm, connection: Connection) -> HttpResponse:
    """Judge the values as the check of a file would; only a profile without a fault becomes an import."""
    typed = form.typed()
    table = _table(where, form, typed)
    if not _is_right(where, form, typed, table, connection):
        return _page(request, where, form, status=422)
    try:
        job = begin(request, connection, table, _("Typed profile %(time)s"))
    except actions.Refused as refused:
        tell_refusal(request, refused)
        return _page(request, where, form, status=422)
    return redirect("job_check", uuid=job.uuid)


def _table(where: Where, form: ProfileForm, typed: Typed) -> TypedTable:
    chosen = where.destination()
    mapping = ColumnMapping(targets_of(typed, chosen.phone_region, form.changes()))
    headers = distinct([target.header for target in mapping.targets])
    return TypedTable(headers, [[text for _field, text in typed]], mapping, chosen).with_contacts()


def _is_right(where: Where, form: ProfileForm, typed: Typed, table: TypedTable, connection: Connection) -> bool:
    faults = table.faults(connection)
    for code, params in faults:
        where.tell(code, params, fault_text(code, params))
    if faults:
        return False
    for problem in table.problems(connection):
        if problem.column < len(typed):
            _tell(form, typed, problem.column, problem.code, problem.params)
        else:
            place = [rule.contact for rule in table.destination.subscriptions].index(f"column:{problem.column}")
            where.rules.forms[place].add_error("contact", fault_text(problem.code, problem.params))
    return form.is_valid() and where.is_valid()


def _tell(form: ProfileForm, typed: Typed, column: int, code: str, params: Mapping[str, str]) -> None:
    """Beside the field it is about; what is about the whole row stands with its key."""
    name = typed[column][0].name if column >= 0 else next(iter(form.keys), "")
    form.add_error(PREFIX + name if PREFIX + name in form.fields else None, fault_text(code, params))


def _page(request: Request, where: Where, form: ProfileForm, *, part: str = "", status: int = 200) -> HttpResponse:
    entry = entry_of(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"where": where, "form": form, "where_form": where.form, "entry": entry}
    return render(request, f"form/new.html{part}", context, status=status)
