"""What the start page tells: what waits for a person, what runs, what ended last."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.access import may_import
from dashboard.figures import duration, elapsed, number
from imports.models import ImportJob
from imports.results import Progress, Totals, progress, totals_of
from imports.states import MOVES_BY_ITSELF, SENT_OR_SENDING, JobState
from imports.wording import fault_text, what

J = JobState
ASKS_SOMEBODY = (J.NEEDS_DECISION, J.HELD, J.CHECKED, J.UNREADABLE)
MOST_TODO, MOST_RUNNING, MOST_LAST, MOST_DRAFTS = 8, 4, 6, 5


@dataclass(frozen=True, slots=True)
class Agenda:
    """`todo` are the entries of components/todo.html; running jobs come with their progress, others with their sums."""

    todo: list[dict[str, Any]]
    running: list[tuple[ImportJob, Progress]]
    last: list[tuple[ImportJob, Totals]]
    drafts: list[ImportJob]

    @property
    def busy(self) -> bool:
        """Whether there is more than drafts."""
        return bool(self.todo or self.running or self.last)

    @property
    def empty(self) -> bool:
        return not (self.busy or self.drafts)


def agenda_of(user: Any) -> Agenda:
    """Everything the start page shows this person, their own jobs first."""
    jobs = ImportJob.objects.visible_to(user).select_related("connection", "source")
    waiting = list(_own_first(jobs.filter(state__in=ASKS_SOMEBODY), user)[:MOST_TODO])
    last = list(jobs.filter(state__in=SENT_OR_SENDING - {J.SENDING, J.CANCELLING}).order_by("-pk")[:MOST_LAST])
    running = jobs.filter(state__in=MOVES_BY_ITSELF).order_by("-pk")[:MOST_RUNNING]
    sums = totals_of(list({job.pk: job for job in (*waiting, *last)}.values()))
    return Agenda(
        todo=[entry(job, sums[job.pk], user) for job in waiting],
        running=[(job, progress(job)) for job in running],
        last=[(job, sums[job.pk]) for job in last],
        drafts=list(_own_first(jobs.filter(state=J.READ), user)[:MOST_DRAFTS]),
    )


def entry(job: ImportJob, sums: Totals, user: Any) -> dict[str, Any]:
    """One thing to do: a sentence, the object and its age, one button."""
    made = _ENTRIES[JobState(job.state)](job, sums)
    if not may_import(user):
        made["action"] = _("Look")
    seconds = (timezone.now() - job.state_changed_at).total_seconds()
    waits = elapsed(seconds) if seconds >= 60 else duration(0)
    told = [job.title, made.pop("text", ""), _("Waits for %(time)s") % {"time": waits}]
    if job.created_by_id != user.pk:
        told.insert(1, job.created_by_name)
    return made | {"text": _listed(told), "job": job}


def _unknown(job: ImportJob, sums: Totals) -> dict[str, Any]:
    if not sums.unknown:
        return _held(job, sums)
    title = ngettext(
        "%(count)s profile: no readable answer from Altcraft", "%(count)s profiles: no readable answer from Altcraft",
        sums.unknown,
    )  # fmt: skip
    return _entry("unknown", "unknown", title % {"count": number(sums.unknown)}, _("Decide"), "job_unknown", job)


def _held(job: ImportJob, sums: Totals) -> dict[str, Any]:
    hold = job.hold or {}
    why = what(hold["code"], hold.get("params")) if hold else _("Some batches wait for a person.")
    title = ngettext(
        "Sending is paused, %(count)s profile waits", "Sending is paused, %(count)s profiles wait", sums.pending
    )
    shown = title % {"count": number(sums.pending)}
    return _entry("invalid", "pause", shown, _("Look"), "job_sending", job) | {"text": why}


def _checked(job: ImportJob, sums: Totals) -> dict[str, Any]:
    failed = ngettext("%(count)s row failed the check", "%(count)s rows failed the check", sums.invalid)
    text = failed % {"count": number(sums.invalid)} if sums.invalid else ""
    if not sums.pending:
        return _entry("invalid", "invalid", _("No row passed the check"), _("Look"), "job_check", job) | {"text": text}
    title = ngettext(
        "The check is over: %(count)s profile can be sent", "The check is over: %(count)s profiles can be sent",
        sums.pending,
    )  # fmt: skip
    shown = title % {"count": number(sums.pending)}
    return _entry("accepted", "check", shown, _("Look"), "job_check", job) | {"text": text}


def _unreadable(job: ImportJob, sums: Totals) -> dict[str, Any]:
    fault = job.fault or {}
    why = fault_text(fault["code"], fault.get("params") or {}, short=True) if fault else ""
    return _entry("invalid", "invalid", _("A file could not be read"), _("Look"), "job_file", job) | {"text": why}


_ENTRIES = {J.NEEDS_DECISION: _unknown, J.HELD: _held, J.CHECKED: _checked, J.UNREADABLE: _unreadable}


def _entry(hue: str, icon: str, title: str, action: str, url_name: str, job: ImportJob) -> dict[str, Any]:
    return {"hue": hue, "icon": icon, "title": title, "action": action, "url": reverse(url_name, args=[job.uuid])}


def _own_first(jobs: Any, user: Any) -> Any:
    mine = Case(When(created_by_id=user.pk, then=Value(0)), default=Value(1), output_field=IntegerField())
    urgent = Case(
        *(When(state=state, then=Value(place)) for place, state in enumerate(ASKS_SOMEBODY)),
        default=Value(9),
        output_field=IntegerField(),
    )
    return jobs.order_by(urgent, mine, "-state_changed_at")


def _listed(parts: Iterable[str]) -> str:
    return " · ".join(part.rstrip(".") for part in parts if part)
