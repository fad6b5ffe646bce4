"""News of a person's imports for the page they are looking at, whatever page that is."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard.figures import quoted
from imports.models import ImportJob, Notice, reach_of
from imports.states import JobState

MOST = 3
APPROVALS = {  # by Notice.code
    "approval": lazy("%(title)s waits for your approval."),
    "approval_given": lazy("%(title)s was approved."),
    "approval_refused": lazy("%(title)s was sent back by an approver."),
    "approval_withdrawn": lazy("%(title)s is not to be approved any more."),
    "approval_expired": lazy("The approval of %(title)s is over: a day has passed."),
    "approval_void": lazy("The approval of %(title)s is void: it was changed."),
}
J = JobState


def news_of(request: HttpRequest) -> dict[str, Any]:
    """`toasts`: text and address; `since`: the moment up to which the page knows everything, for its next question."""
    found = _found(request)
    shown = [one for one in found if str(one.job.uuid) not in request.headers.get("HX-Current-URL", "")]
    return {
        "toasts": [{"text": _text(one), "url": reverse("job", args=[one.job.uuid])} for one in shown[:MOST]],
        "since": f"{found[0].at.timestamp():.6f}" if found else request.GET.get("since", ""),
        "running": _running(request),
    }


def _found(request: HttpRequest) -> list[Notice]:
    """Newest first, at most a few."""
    mine = Notice.objects.filter(user_id=request.user.pk or 0, at__gt=_since(request)).newest_first()
    return list(reach_of(request.user).narrow(mine, "job__team")[: 2 * MOST])


def _running(request: HttpRequest) -> bool:
    moving = ImportJob.objects.visible_to(request.user).moving()
    return moving.filter(created_by_id=request.user.pk).exists()


def _since(request: HttpRequest) -> datetime:
    try:
        return datetime.fromtimestamp(float(request.GET.get("since", "")), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _text(notice: Notice) -> str:
    title = quoted(notice.job.title)
    if notice.kind == Notice.ENDED:
        ended = _("%(title)s was stopped.") if notice.state == J.CANCELLED else _("%(title)s has ended.")
        return ended % {"title": title}
    if notice.code in APPROVALS:
        return str(APPROVALS[notice.code]) % {"title": title}
    if notice.code == "purge_soon":
        return _("%(title)s is about to lose its rows: nobody has sent it.") % {"title": title}
    if notice.state == J.CHECKED:
        return _("%(title)s was checked and can be sent.") % {"title": title}
    return _("%(title)s waits for you.") % {"title": title}
