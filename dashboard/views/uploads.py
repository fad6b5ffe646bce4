"""Bringing a table in: a file, or cells pasted from a spreadsheet."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import importers_only
from dashboard.forms.uploads import FileForm, PasteForm
from dashboard.redirects import go_to
from dashboard.requests import Request
from imports import actions, tasks
from imports.models import ImportJob
from imports.wording import fault_text

WRONG = 422  # the page comes back with what is wrong; htmx shows it like any other answer


@never_cache
@require_http_methods(["GET", "POST"])
@importers_only
def job_new(request: Request) -> HttpResponse:
    """Choose a file; it is stored, read when it is small, and shown as it was read."""
    if request.method == "GET":
        return _page(request, FileForm(), PasteForm())
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return _read(request, actions.create_job(chunks=file.chunks(), name=file.name, by=request.user))
        except actions.Refused as refused:
            form.add_error("file", fault_text(refused.code, refused.params))
    return _page(request, form, PasteForm(), status=WRONG)


@never_cache
@require_POST
@importers_only
def job_paste(request: Request) -> HttpResponse:
    """A pasted table is a file of tab-separated text."""
    form = PasteForm(request.POST)
    if form.is_valid():
        chunks = [form.cleaned_data["text"].encode("utf-8", "replace")]
        name = _("Pasted table %(time)s") % {"time": timezone.localtime().strftime("%Y-%m-%d %H:%M")}
        try:
            return _read(request, actions.create_job(chunks=chunks, name=name, by=request.user, kind="paste"))
        except actions.Refused as refused:
            form.add_error("text", fault_text(refused.code, refused.params))
    return _page(request, FileForm(), form, status=WRONG)


def _read(request: Request, job: ImportJob) -> HttpResponse:
    tasks.read_soon(job)
    return go_to(request, "job_file", job)


def _page(request: Request, file_form: FileForm, paste_form: PasteForm, *, status: int = 200) -> HttpResponse:
    context = {"file_form": file_form, "paste_form": paste_form, "limit": settings.UPLOAD_LIMIT_BYTES}
    template = "jobs/new.html#faults" if request.htmx else "jobs/new.html"
    return render(request, template, context, status=status)
