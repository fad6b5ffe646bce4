"""Links for support: made and taken back by those who import, opened by whoever has one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard.access import get_job, importers_only
from dashboard.limiting import is_too_often
from dashboard.presenting import problems, sentences
from dashboard.presenting.filters import Asked
from dashboard.presenting.outcomes import chips_of
from dashboard.presenting.rowtable import row_table
from dashboard.redirects import go_to
from dashboard.requests import Request
from dashboard.telling import tell_refusal
from imports import actions
from imports.models import SharedLink
from imports.results import reasons, row_page, totals

MOST_VISITS, MOST_GUESSES = 60, 10  # a minute
LISTED = 50


@never_cache
@require_http_methods(["GET", "POST"])
@importers_only
def job_links(request: Request, uuid: UUID) -> HttpResponse:
    """The links of an import; a POST makes one, whose address is shown this once."""
    job, made = get_job(request.user, uuid), ""
    if request.method == "POST":
        try:
            _link, token = actions.make_link(job, by=request.user)
        except actions.Refused as fault:
            tell_refusal(request, fault)
        else:
            made = request.build_absolute_uri(reverse("shared", args=[token]))
    links = SharedLink.objects.filter(job=job).order_by("-pk")[:LISTED]
    context = {"job": job, "links": links, "made": made, "allowed": settings.SHARED_LINKS}
    return render(request, "shared/links.html", context)


@require_POST
@importers_only
def job_link_revoke(request: Request, uuid: UUID, pk: int) -> HttpResponse:
    """Take a link back at once."""
    job = get_job(request.user, uuid)
    actions.revoke_link(get_object_or_404(SharedLink, pk=pk, job=job), by=request.user)
    return go_to(request, "job_links", job)


@login_not_required
@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """What a link shows: counts, reasons, rows with their values masked. No file, no way on, and no word on why not."""
    guesser = f"guess:{request.META.get('REMOTE_ADDR', '')}"
    if is_too_often(f"shared:{actions.digest(token)[:32]}", most=MOST_VISITS):
        return _told(request, {}, status=429)
    link = actions.open_link(token)
    if link is None:
        return _told(request, {}, status=429 if is_too_often(guesser, most=MOST_GUESSES) else 404)
    return _told(request, _shown(request, link))


def _shown(request: HttpRequest, link: SharedLink) -> dict[str, Any]:
    job, asked = link.job, Asked.from_query(request.GET)
    sums, why = totals(job), reasons(job)
    rows, more = row_page(job, asked.rows, after=asked.after, before=asked.before)
    return {
        "link": link,
        "job": job,
        "sums": sums,
        "verdict": sentences.verdict(job, sums),
        "rejections": problems.answered_groups(job, why),
        "faults": problems.found_groups(job, why, page="job_results", masked=True),
        "chips": chips_of(sums),
        "asked": asked,
        "table": row_table(job, rows, masked=True),
        "pager": asked.pager(rows, more),
    }


def _told(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    answer = render(request, "shared/result.html" if context else "shared/closed.html", context, status=status)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # the address is the secret
    return answer
