"""One profile typed into a form: an import of a single row."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import importers_only
from dashboard.forms.profile import PREFIX, ProfileForm, WhereForm, contacts_as_columns, targets_of
from dashboard.requests import Request
from dashboard.where import REDRAWING, Where
from imports import actions, tasks
from imports.destination import Destination
from imports.mapping import ColumnMapping, TargetField
from imports.models import Connection, ImportJob
from imports.states import MAY_BE_MAPPED
from imports.wording import fault_text

Typed = Sequence[tuple[TargetField, str]]


class TypedWhere(Where):
    form_class = WhereForm
    typed = True


@never_cache
@require_http_methods(["GET", "POST"])
@importers_only
def form_new(request: Request) -> HttpResponse:
    """Type one profile. A POST checks it and goes on to the check's page; what is in REDRAWING only redraws."""
    given = request.POST if request.method == "POST" else None
    redraw = given is not None and bool(REDRAWING & given.keys())
    where = TypedWhere(request.user, given, redraw=redraw, anew=given is not None and "refresh" in given)
    form = ProfileForm(given, fields=where.fields, keys=where.keys)
    if given is None or redraw:
        form.full_clean()
        form.errors.clear()
        return _page(request, where, form, part="#form" if request.htmx else "")
    if not (where.is_valid() & form.is_valid()) or where.connection is None:
        return _page(request, where, form, status=422)
    return _check(request, where, form)


def _check(request: Request, where: Where, form: ProfileForm) -> HttpResponse:
    """Judge the values as the check of a file would; only a profile without a fault becomes an import."""
    typed, chosen = form.typed(), where.destination()
    mapping = ColumnMapping(targets_of(typed, chosen.phone_region))
    cells = [(target.header, text) for target, (_field, text) in zip(mapping.targets, typed, strict=True)]
    destination, contacts = contacts_as_columns(chosen, len(cells))
    cells += contacts
    connection: Connection = where.connection  # type: ignore[assignment]
    if not _is_right(where, form, typed, destination, mapping, [text for _name, text in cells]):
        return _page(request, where, form, status=422)
    try:
        job = _create(request, cells)
        if job.state not in MAY_BE_MAPPED:
            return redirect("job", uuid=job.uuid)
        actions.map_columns(job, connection=connection, destination=destination, mapping=mapping, by=request.user)
        actions.begin_check(job, by=request.user)
    except actions.Refused as refused:
        messages.error(request, fault_text(refused.code, refused.params))
        return _page(request, where, form, status=422)
    tasks.check_soon(job)
    return redirect("job_check", uuid=job.uuid)


def _is_right(
    where: Where, form: ProfileForm, typed: Typed, destination: Destination, mapping: ColumnMapping, cells: list[str]
) -> bool:
    connection: Connection = where.connection  # type: ignore[assignment]
    faults = actions.destination_faults(connection, destination)
    faults += actions.mapping_faults(connection, destination, mapping)
    for code, params in faults:
        where.tell(code, params, fault_text(code, params))
    if faults:
        return False
    for problem in actions.typed_problems(connection, destination, mapping, cells):
        if problem.column < len(typed):
            _tell(form, typed, problem.column, problem.code, problem.params)
        else:
            place = [rule.contact for rule in destination.subscriptions].index(f"column:{problem.column}")
            where.rules.forms[place].add_error("contact", fault_text(problem.code, problem.params))
    return form.is_valid() and where.is_valid()


def _tell(form: ProfileForm, typed: Typed, column: int, code: str, params: Mapping[str, str]) -> None:
    """Beside the field it is about; what is about the whole row stands with its key."""
    name = typed[column][0].name if column >= 0 else next(iter(form.keys), "")
    form.add_error(PREFIX + name if PREFIX + name in form.fields else None, fault_text(code, params))


def _create(request: Request, cells: Sequence[tuple[str, str]]) -> ImportJob:
    title = _("Typed profile %(time)s") % {"time": timezone.localtime().strftime("%Y-%m-%d %H:%M")}
    job = actions.create_form_job(values=cells, title=title, by=request.user)
    tasks.read_soon(job)
    job.refresh_from_db()
    return job


def _page(request: Request, where: Where, form: ProfileForm, *, part: str = "", status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {"where": where, "form": form, "where_form": where.form}
    return render(request, f"form/new.html{part}", context, status=status)
