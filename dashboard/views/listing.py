"""All imports: who, when, where to, what came of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from dashboard.access import everybody
from dashboard.forms.lists import JobFilter
from dashboard.presenting.filters import older_pager, whole
from dashboard.presenting.sentences import shown_state
from dashboard.presenting.words import target
from imports.models import ImportJob
from imports.results import totals_of

PAGE = 30


@never_cache
@require_GET
@everybody
def job_list(request: HttpRequest) -> HttpResponse:
    """Newest first, narrowed and paged by the address."""
    form = JobFilter(request.GET, user=request.user)
    jobs = form.narrow(ImportJob.objects.visible_to(request.user)).newest_first()
    page, pager = older_pager(request.GET, jobs, before=whole(request.GET.get("before")), size=PAGE)
    sums = totals_of(page)
    lines = [(job, sums[job.pk], shown_state(job, sums[job.pk]), target(job)) for job in page]
    filtered = any(request.GET.get(name) for name in form.fields)
    context = {"form": form, "lines": lines, "pager": pager, "filtered": filtered}
    return render(request, "jobs/list.html", context)
