"""Presets: who has which, renaming, sharing, their rule, deleting."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from dashboard.access import everybody, importers_only, may_import
from dashboard.presenting.words import place
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions
from imports.models import Preset

SHOWN = 200


@never_cache
@require_GET
@everybody
def preset_list(request: Request) -> HttpResponse:
    """A person's own presets and the shared ones, the last used first."""
    found = list(Preset.objects.visible_to(request.user).by_use()[:SHOWN])
    able = may_import(request.user)
    listed = [(one, place(one.destination), able and actions.may_change(one, request.user)) for one in found]
    return render(request, "presets/list.html", {"presets": listed})


@require_POST
@importers_only
def preset_change(request: Request, pk: int) -> HttpResponse:
    """Rename it, share it, set its rule."""
    preset = get_object_or_404(Preset.objects.visible_to(request.user), pk=pk)
    given = request.POST
    choices = {"shared": "shared" in given, "stop_when_odd": "stop_when_odd" in given}
    try:
        actions.change_preset(preset, name=given.get("name", ""), **choices, by=request.user)
        messages.success(request, _("The preset “%(name)s” was saved.") % {"name": preset.name})
    except actions.Refused as refused:
        tell_refusal(request, refused)
    return redirect("preset_list")


@require_POST
@importers_only
def preset_delete(request: Request, pk: int) -> HttpResponse:
    """Imports made with it stay as they are."""
    preset = get_object_or_404(Preset.objects.visible_to(request.user), pk=pk)
    try:
        actions.delete_preset(preset, by=request.user)
        messages.success(request, _("The preset “%(name)s” was deleted.") % {"name": preset.name})
    except actions.Refused as refused:
        tell_refusal(request, refused)
    return redirect("preset_list")
