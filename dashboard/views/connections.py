"""Accounts of the platform: for administrators only. Tokens are written here and never shown."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from dashboard.access import admins_only, get_account, sees_every_team
from dashboard.catalogue import LISTS, failure
from dashboard.forms.connections import ConnectionForm
from dashboard.presenting import probing
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import Connection, ImportJob
from imports.states import NEEDS_A_LOOK, JobState
from imports.wording import fault_text

FIELDS = {  # the control a refusal is about
    "token_missing": "token",
    "connection_name_taken": "name",
    "profiles_per_request_out_of_range": "profiles_per_request",
    "parallel_out_of_range": "parallel",
    "requests_per_second_out_of_range": "requests_per_second",
    "bytes_per_request_out_of_range": "megabytes",
    "deadline_out_of_range": "deadline_seconds",
    "approval_unknown": "approval",
}
MOST_HELD = 5


@never_cache
@require_GET
@admins_only
def connection_list(request: Request) -> HttpResponse:
    """Every account this admin answers for, with what ails it."""
    mine = Connection.objects.managed_by(request.user).select_related("team").order_by("name")
    return render(request, "connections/list.html", {"connections": mine, "several": sees_every_team(request.user)})


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def connection_new(request: Request) -> HttpResponse:
    """Add an account; afterwards it can be tried."""
    form = ConnectionForm(request.POST if request.method == "POST" else None, connection=Connection(), request=request)
    if form.is_valid():
        plain = {name: form.cleaned_data[name] for name in ("name", "base_url", "token")}
        try:
            made = actions.add_connection(**plain, by=request.user, **form.whose(), **form.limits())
        except actions.Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _("The account was added. Try it now: the test changes nothing there."))
            return redirect("connection", pk=made.pk)
    return render(request, "connections/edit.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@admins_only
def connection(request: Request, pk: int) -> HttpResponse:
    """One account: its settings, the test, its lists."""
    kept = get_account(request.user, pk)
    form = ConnectionForm(request.POST if request.method == "POST" else None, connection=kept, request=request)
    if form.is_valid():
        plain = {name: form.cleaned_data[name] for name in ("name", "base_url", "token")}
        try:
            actions.change_connection(kept, by=request.user, **plain, **form.whose(), **form.limits())
        except actions.Refused as refused:
            _tell(form, refused)
        else:
            messages.success(request, _told_after(bool(form.cleaned_data["token"])))
            return redirect("connection", pk=pk)
    return _page(request, get_account(request.user, pk), form=form, status=422 if form.errors else 200)


@never_cache
@require_POST
@admins_only
def connection_test(request: Request, pk: int) -> HttpResponse:
    """Make every call that only reads, and say which work; what was seen stays on the page."""
    kept = get_account(request.user, pk)
    try:
        actions.test_connection(kept, by=request.user)
    except actions.Refused as refused:
        trouble = fault_text(refused.code, refused.params)
        return _page(request, kept, part="#calls" if request.htmx else "", trouble=trouble)
    return _page(request, kept, part="#calls" if request.htmx else "", tested=True)


@require_POST
@admins_only
def connection_off(request: Request, pk: int) -> HttpResponse:
    """Nothing more is sent by this account; its imports wait."""
    kept = get_account(request.user, pk)
    try:
        actions.switch_off(kept, by=request.user)
    except actions.Refused as refused:
        tell_refusal(request, refused)
    else:
        messages.success(request, _("The connection is switched off. Its imports wait; none of them is lost."))
    return redirect("connection", pk=pk)


@require_POST
@admins_only
def connection_on(request: Request, pk: int) -> HttpResponse:
    """The account is used again; its imports go on."""
    kept = get_account(request.user, pk)
    try:
        for job in actions.switch_on(kept, by=request.user):
            tasks.ring_send(job)
    except actions.Refused as refused:
        tell_refusal(request, refused)
    else:
        messages.success(request, _("The connection is switched on. What waited for it goes on."))
    return redirect("connection", pk=pk)


@never_cache
@require_POST
@admins_only
def catalogue_refresh(request: Request, pk: int) -> HttpResponse:
    """Fetch the lists anew, the fields of every database looked at before among them."""
    kept = get_account(request.user, pk)
    parts = [*LISTS, *(part for part in kept.catalogue if part.startswith("fields/"))]
    try:
        failed = actions.refresh_catalogue(kept, *parts, by=request.user)
    except actions.Refused as refused:
        tell_refusal(request, refused)
    else:
        for told in dict.fromkeys(failure(reason) for _part, reason in failed):
            messages.error(request, told)
        if not failed:
            messages.success(request, _("The lists are up to date."))
    return redirect("connection", pk=pk)


def _told_after(new_token: bool) -> str:
    if not new_token:
        return _("The changes were saved.")
    return _("The changes were saved with the new token. Test it, then press Continue on the imports it had stopped.")


def _tell(form: ConnectionForm, refused: actions.Refused) -> None:
    address = refused.code.startswith(("address", "host", "port"))
    form.add_error("base_url" if address else FIELDS.get(refused.code), fault_text(refused.code, refused.params))


def _page(request: Request, kept: Connection, *, part: str = "", status: int = 200, **extra: Any) -> HttpResponse:
    form = extra.pop("form", None) or ConnectionForm(connection=kept, request=request)
    databases = kept.part("databases") or []
    fields = {item["id"]: kept.part(f"fields/{item['id']}") for item in databases}
    context = {
        "form": form,
        "connection": kept,
        "databases": [(item, fields[item["id"]]) for item in databases],
        "calls": probing.calls_of(kept),
        "questions": probing.questions_of(kept),
        "held": _held_up(kept, request.user),
    }
    return render(request, f"connections/edit.html{part}", context | extra, status=status)


def _held_up(account: Connection, user: Any) -> list[ImportJob]:
    """Imports stopped for a cause that lies with the account; those that wait for a look at their answers are not."""
    held = ImportJob.objects.visible_to(user).filter(connection=account, state=JobState.HELD)
    return list(held.exclude(hold__code__in=NEEDS_A_LOOK).order_by("-pk")[:MOST_HELD])
