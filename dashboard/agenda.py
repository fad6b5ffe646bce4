"""What the start page tells: what waits for a person, what runs, what ended last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, IntegerField, Min, OuterRef, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.access import may_approve, may_import
from dashboard.figures import duration, elapsed, number
from dashboard.presenting import approvals
from dashboard.presenting.waiting import in_figures
from imports import actions
from imports.models import Batch, ImportJob, Proposal
from imports.results import Progress, Totals, progress, totals_of
from imports.states import (
    HELD_FOR_REJECTIONS,
    MOVES_BY_ITSELF,
    NEEDS_A_LOOK,
    SENT_OR_SENDING,
    BatchState,
    JobState,
)
from imports.wording import fault_text, what

J = JobState
ASKS_SOMEBODY = (
    J.NEEDS_DECISION,
    J.CANCELLING,
    J.HELD,
    J.PAUSED,
    J.APPROVED,
    J.CHECKED,
    J.WAITING_APPROVAL,
    J.UNREADABLE,
)
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
    waiting = list(_own_first(_asking(jobs), user)[:MOST_TODO])
    last = list(jobs.filter(state__in=SENT_OR_SENDING - {J.SENDING, J.CANCELLING}).order_by("-pk")[:MOST_LAST])
    seconds = _second_words(jobs, user)
    asked = [job.pk for job in waiting]
    running = jobs.filter(state__in=MOVES_BY_ITSELF).exclude(pk__in=asked).order_by("-pk")[:MOST_RUNNING]
    sums = totals_of(list({job.pk: job for job in (*waiting, *last)}.values()))
    return Agenda(
        todo=[*seconds.values(), *(entry(job, sums[job.pk], user) for job in waiting if job.pk not in seconds)],
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
    told = [job.title, made.pop("text", ""), _("waits for %(time)s") % {"time": waits}]
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


def _asking(jobs: Any) -> Any:
    """Those that wait for a person; of those being stopped only the ones with batches nobody knows about."""
    unknown = Exists(Batch.objects.filter(job=OuterRef("pk"), state=BatchState.UNKNOWN))
    return jobs.filter(state__in=ASKS_SOMEBODY).exclude(~unknown, state=J.CANCELLING)


def _second_words(jobs: Any, user: Any) -> dict[int, dict[str, Any]]:
    """By job the approval, or the proposal to send again as new, that this person may answer."""
    if not may_approve(user):
        return {}
    asked = actions.answerable_by(user).select_related("job__connection")[:MOST_TODO]
    return {one.job_id: approvals.entry(one, mine=True) for one in asked} | _proposals(jobs, user)


def _proposals(jobs: Any, user: Any) -> dict[int, dict[str, Any]]:
    open_ = Proposal.objects.standing(timezone.now()).filter(batch__job__in=jobs).exclude(proposer_id=user.pk)
    told = open_.values("batch__job", "batch__job__uuid", "batch__job__title", "proposer_name", "bundle")
    oldest_last = told.annotate(rows=Sum("batch__rows"), at=Min("proposed_at")).order_by("-at")
    return {one["batch__job"]: _second_word(one) for one in oldest_last}


def _second_word(one: Mapping[str, Any]) -> dict[str, Any]:
    title = ngettext(
        "%(who)s proposes to send %(count)s profile again as new",
        "%(who)s proposes to send %(count)s profiles again as new",
        one["rows"],
    ) % {"who": one["proposer_name"], "count": number(one["rows"])}
    waits = elapsed(max(60.0, (timezone.now() - one["at"]).total_seconds()))
    told = [one["batch__job__title"], _("A second person has to confirm it"), _("waits for %(time)s") % {"time": waits}]
    url = reverse("job_unknown", args=[one["batch__job__uuid"]])
    shown = {"hue": "unknown", "icon": "user", "title": title, "action": _("Decide"), "url": url}
    return shown | {"text": _listed(told)}


def _paused(job: ImportJob, sums: Totals) -> dict[str, Any]:
    hold = job.hold or {}
    why = what(hold["code"], hold.get("params")) if hold else ""
    title = ngettext("Paused, %(count)s profile waits", "Paused, %(count)s profiles wait", sums.pending)
    shown = title % {"count": number(sums.pending)}
    return _entry("notsent", "pause", shown, _("Look"), "job_sending", job) | {"text": why}


def _looked_at(job: ImportJob, sums: Totals, hold: Mapping[str, Any]) -> dict[str, Any]:
    """The first rows, or the brake: what was answered is the news, not that it waits."""
    code, params = hold["code"], in_figures(hold.get("params") or {})
    if code == HELD_FOR_REJECTIONS:
        made = _entry("invalid", "pause", _("Paused: too much was rejected"), _("Look"), "job_sending", job)
        return made | {"text": what(code, params)}
    title = _("First rows: %(accepted)s accepted, %(rejected)s rejected") % params
    text = ngettext(
        "%(count)s other row waits for your word", "%(count)s other rows wait for your word", sums.pending
    ) % {"count": number(sums.pending)}
    hue = "invalid" if sums.rejected or sums.unknown else "accepted"
    return _entry(hue, "flask", title, _("Look"), "job_sending", job) | {"text": text}


def _held(job: ImportJob, sums: Totals) -> dict[str, Any]:
    hold = job.hold or {}
    if hold.get("code") in NEEDS_A_LOOK:
        return _looked_at(job, sums, hold)
    why = what(hold["code"], hold.get("params")) if hold else _("Some batches wait for a person.")
    title = ngettext(
        "Sending is held up, %(count)s profile waits", "Sending is held up, %(count)s profiles wait", sums.pending
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


def _waiting_approval(job: ImportJob, sums: Totals) -> dict[str, Any]:
    title = ngettext(
        "%(count)s profile waits for an approval", "%(count)s profiles wait for an approval", sums.pending
    ) % {"count": number(sums.pending)}
    return _entry("accent", "shield", title, _("Look"), "job_approval", job)


def _approved(job: ImportJob, sums: Totals) -> dict[str, Any]:
    title = ngettext(
        "Approved: %(count)s profile can be sent", "Approved: %(count)s profiles can be sent", sums.pending
    ) % {"count": number(sums.pending)}
    return _entry("accepted", "shield", title, _("Look"), "job_check", job)


def _unreadable(job: ImportJob, sums: Totals) -> dict[str, Any]:
    fault = job.fault or {}
    why = fault_text(fault["code"], fault.get("params") or {}, short=True) if fault else ""
    return _entry("invalid", "invalid", _("A file could not be read"), _("Look"), "job_file", job) | {"text": why}


_ENTRIES = {
    J.NEEDS_DECISION: _unknown,
    J.CANCELLING: _unknown,
    J.HELD: _held,
    J.PAUSED: _paused,
    J.CHECKED: _checked,
    J.WAITING_APPROVAL: _waiting_approval,
    J.APPROVED: _approved,
    J.UNREADABLE: _unreadable,
}


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
