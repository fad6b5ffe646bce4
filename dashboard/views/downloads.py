"""The rows of an import as a file: at once when it is soon made, else prepared by a worker."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from dashboard.access import get_job, importers_only
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.steps import stepper_of
from dashboard.telling import tell_refusal
from imports import actions, tasks
from imports.models import ImportJob, PreparedFile
from imports.wording import fault_text

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


class Wish(NamedTuple):
    """Which rows, and as what: `only` is "" for all or "problems"."""

    only: str
    form: str

    @classmethod
    def told_by(cls, query: QueryDict) -> "Wish":
        """Raise BadRequest for what nobody offers."""
        wish = cls(query.get("only", ""), query.get("form", "xlsx"))
        if wish.form not in TYPES or wish.only not in ("", "problems"):
            raise BadRequest(_("Choose XLSX or CSV, and all rows or only problem rows."))
        return wish

    def url(self, name: str, job: ImportJob) -> str:
        return f"{reverse(name, args=[job.uuid])}?{urlencode(self._asdict())}"

    def file_name(self, job: ImportJob) -> str:
        stem = slugify(job.title.rpartition(".")[0] or job.title, allow_unicode=True) or "import"
        return f"{stem}-{'problems' if self.only else 'rows'}.{self.form}"


@never_cache
@require_GET
@importers_only
def job_download(request: Request, uuid: UUID) -> HttpResponseBase:
    """All rows, or those with a problem, as a file; recorded, and only for those who may see people."""
    job, wish = get_job(request.user, uuid), Wish.told_by(request.GET)
    if not job.rows:
        return go_to(request, "job", job)
    if not actions.is_made_at_once(job, **wish._asdict()):
        return HttpResponseRedirect(wish.url("job_prepare", job))
    pieces = actions.download_rows(job, **wish._asdict(), by=request.user)
    return attached(pieces, wish.file_name(job), wish.form)


@never_cache
@require_http_methods(["GET", "POST"])
@importers_only
def job_prepare(request: Request, uuid: UUID) -> HttpResponse:
    """A large file: asked for, on its way, ready. Two clicks ask for one."""
    job = get_job(request.user, uuid)
    wish = Wish.told_by(request.POST if request.method == "POST" else request.GET)
    if not job.rows:
        return go_to(request, "job", job)
    if request.method == "POST":
        actions.ask_for_file(job, **wish._asdict(), by=request.user)
        tasks.ring(tasks.prepare_files, job.pk)
        return HttpResponseRedirect(wish.url("job_prepare", job))
    page = "jobs/preparing.html#live" if request.htmx else "jobs/preparing.html"
    return render(request, page, _told(job, wish))


def _told(job: ImportJob, wish: Wish) -> dict[str, Any]:
    file = PreparedFile.objects.asked(job, **wish._asdict())
    ready = file is not None and file.ready_at is not None
    return {
        "job": job,
        "steps": stepper_of(job),
        "wish": wish,
        "here": wish.url("job_prepare", job),
        "file": file,
        "ready": ready,
        "moving": file is not None and not ready and not file.fault,
        "outdated": file is not None and actions.is_outdated(file),
        "fault": fault_text(file.fault, {}) if file is not None and file.fault else "",
        "rows": file.rows if file else actions.rows_of_download(job, wish.only),
        "name": wish.file_name(job),
    }


@never_cache
@require_GET
@importers_only
def job_prepared(request: Request, uuid: UUID, pk: int) -> HttpResponseBase:
    """The prepared file itself; recorded."""
    job = get_job(request.user, uuid)
    file = get_object_or_404(PreparedFile.objects.select_related("job"), pk=pk, job=job)
    wish = Wish(file.only, file.form)
    try:
        pieces = actions.open_prepared(file, by=request.user)
    except actions.Refused as fault:
        tell_refusal(request, fault)
        return HttpResponseRedirect(wish.url("job_prepare", job))
    answer = attached(pieces, wish.file_name(job), wish.form)
    answer["Content-Length"] = str(file.size)
    return answer


def attached(pieces: Iterable[bytes], name: str, form: str) -> StreamingHttpResponse:
    """A file that is sent while it is made; one that breaks off is told by the browser to be incomplete."""
    answer = StreamingHttpResponse(pieces, content_type=TYPES[form])
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    if form == "xlsx":
        answer["Content-Encoding"] = "identity"  # it is compressed already, and its length is told
    return answer
