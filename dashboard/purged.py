"""Pages of an import whose rows were destroyed: what is left of it, in the place of whatever was asked for."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from dashboard.access import Gone, is_house_admin
from dashboard.presenting import decisions, destroying, problems, sentences, words
from dashboard.presenting.charts import pace_chart
from dashboard.redirects import go_to
from dashboard.requests import Request
from imports.models import ImportJob
from imports.results import reasons, totals
from imports.vault import Sealed

GONE = 410


class PurgedMiddleware:
    """Answers for every page that needs rows which are no longer there: they were destroyed before it was asked for,
    or while it was being made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: Request, fault: Exception) -> HttpResponse | None:
        """The page of what is left; None for whatever has another cause."""
        job = fault.job if isinstance(fault, Gone) else _destroyed_meanwhile(request, fault)
        if job is None:
            return None
        if request.method == "POST" or request.htmx:
            messages.error(request, _("The rows and files of this import were destroyed. Nothing was changed."))
            return go_to(request, "job_results", job)
        return purged_page(request, job, status=GONE)


def _destroyed_meanwhile(request: Request, fault: Exception) -> ImportJob | None:
    if not isinstance(fault, Sealed | FileNotFoundError):
        return None
    uuid = request.resolver_match.kwargs.get("uuid") if request.resolver_match else None
    mine = ImportJob.objects.visible_to(request.user).exclude(purged_at=None)
    found = mine.filter(uuid=uuid) if uuid is not None else mine.none()
    return found.select_related("connection", "source", "team").first()


def purged_page(request: HttpRequest, job: ImportJob, *, status: int = 200) -> HttpResponse:
    """Counts, reasons and who did it; of the rows only that they are gone."""
    answer = render(request, "destroying/purged.html", _left(request.user, job), status=status)
    add_never_cache_headers(answer)
    return answer


def _left(user: Any, job: ImportJob) -> dict[str, Any]:
    sums, why = totals(job), reasons(job)
    return {
        "job": job,
        "sums": sums,
        "verdict": sentences.verdict(job, sums),
        "told_by_people": decisions.told_by_people(job),
        "target": words.target(job),
        "rejections": problems.answered_groups(job, why, may_explain=is_house_admin(user)),
        "faults": problems.found_groups(job, why, page="job_results", masked=True),
        "pace": pace_chart(job),
        "act": destroying.act_of(job, user),
    }
