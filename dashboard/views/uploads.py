"""Bringing a table in: a file, or cells pasted from a spreadsheet."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import importers_only
from dashboard.forms.blank import BlankForm
from dashboard.forms.uploads import FileForm, PasteForm
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.telling import RefusalAt
from imports import actions, tasks
from imports.models import ImportJob, Preset, Team

MOST_PRESETS = 100  # offered beside the file
WRONG = 422  # the page comes back with what is wrong; htmx shows it like any other answer


@never_cache
@require_http_methods(["GET", "POST"])
@importers_only
def job_new(request: Request) -> HttpResponse:
    """Choose a file; it is stored, read when it is small, and shown as it was read."""
    if request.method == "GET":
        return _page(request, FileForm(initial=_asked(request), user=request.user))
    form = FileForm(request.POST, request.FILES, user=request.user)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with RefusalAt(form, "file"):
            preset, team = _chosen(request, form)
            kept: dict[str, Any] = {"name": file.name, "size": file.size, "by": request.user, "team": team}
            job = actions.create_job(chunks=file.chunks(), **kept)
            if preset:
                actions.choose_preset(job, preset, by=request.user)
            return _read(request, job)
    return _page(request, form, status=WRONG)


@never_cache
@require_POST
@importers_only
def job_paste(request: Request) -> HttpResponse:
    """A pasted table is a file of tab-separated text."""
    form = PasteForm(request.POST, user=request.user)
    if form.is_valid():
        chunks = [form.cleaned_data["text"].encode("utf-8", "replace")]
        name = _("Pasted table %(time)s") % {"time": timezone.localtime().strftime("%Y-%m-%d %H:%M")}
        with RefusalAt(form, "text"):
            kept: dict[str, Any] = {"by": request.user, "team": form.cleaned_data.get("team")}
            return _read(request, actions.create_job(chunks=chunks, name=name, kind="paste", **kept))
    return _page(request, FileForm(user=request.user), form, status=WRONG)


def _asked(request: Request) -> dict[str, Any]:
    """What a link to this page has chosen already: a preset, and with it whose the file is."""
    text = request.GET.get("preset", "")
    known = Preset.objects.visible_to(request.user).filter(pk=int(text) if text.isdecimal() and len(text) < 10 else 0)
    preset = known.first()
    return {"preset": preset.pk, "team": preset.team_id} if preset else {}


def _chosen(request: Request, form: FileForm) -> tuple[Preset | None, Team | None]:
    """The preset the file was uploaded for, where this person has it, and whose it is. Raise Refused when they are of
    different teams: before anything is stored."""
    number, team = form.cleaned_data["preset"], form.cleaned_data.get("team")
    preset = Preset.objects.visible_to(request.user).filter(pk=number).first() if number else None
    if preset and team and preset.team_id != team.pk:
        raise actions.Refused("preset_of_another_team", name=preset.name)
    return preset, team


def _read(request: Request, job: ImportJob) -> HttpResponse:
    tasks.read_soon(job)
    return go_to(request, "job_file", job)


def _page(
    request: Request, file_form: FileForm, paste_form: PasteForm | None = None, *, status: int = 200
) -> HttpResponse:
    paste_form = paste_form or PasteForm(user=request.user)
    context = {"file_form": file_form, "paste_form": paste_form, "limit": settings.UPLOAD_LIMIT_BYTES}
    if request.htmx:
        return render(request, "jobs/new.html#faults", context, status=status)
    presets = Preset.objects.visible_to(request.user).select_related("team").by_use()[:MOST_PRESETS]
    context["presets"], context["several"] = presets, "team" in file_form.fields
    return render(request, "jobs/new.html", context | {"blank_form": BlankForm(user=request.user)}, status=status)
