"""Why an import that is being sent does not move right now: what happened, what comes next, who has to act."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import elapsed, number, quoted
from dashboard.presenting.queue import CALM, queue_fault
from dashboard.presenting.words import attempt_reason
from imports import actions
from imports.models import Attempt, Batch, Connection, ImportJob, SendingStop, SweepRun
from imports.results import Progress, asked_to_wait_since
from imports.states import HELD_FOR_LOOK, NEEDS_A_LOOK, BatchState, JobState
from imports.wording import what, what_to_do

B, J = BatchState, JobState
MOST_NAMED = 3
SAY_AFTER = timedelta(seconds=8)
ASK_AFTER = timedelta(seconds=60)
SINCE_AFTER, ADVISE_AFTER = timedelta(minutes=5), timedelta(hours=1)
ABOUT_THE_TOKEN = ("token_refused", "access_refused")


@dataclass(frozen=True, slots=True)
class Pause:
    """A notice: `lead` in bold (before `until`, if there is one), then `text`; what a person can do about it.

    `since`: from when on the platform has asked to wait and said nothing else.

    `stopped`: all sending is, which the bar of the page need not say once more. `look`: it waits for somebody to look
    at its answers, after the first rows ("canary") or because too much was rejected ("brake"); `least`: the share above
    which it may brake again.
    """

    hue: str
    icon: str
    lead: str
    text: str = ""
    until: datetime | None = None
    resume: bool = False
    decide: bool = False
    stopped: bool = False
    look: str = ""
    least: int = 1
    since: datetime | None = None


def pause_of(job: ImportJob, now: Progress) -> Pause | None:
    """The reason for a pause; None while batches are on their way."""
    counts = dict(now.batches)
    if job.state == J.HELD:
        return _held(job)
    if job.state == J.NEEDS_DECISION or (job.state == J.CANCELLING and counts.get(B.UNKNOWN)):
        return _parked(job, now, counts)
    if job.state == J.CANCELLING:
        return _stopping(counts)
    if job.state == J.PAUSED:
        return _paused(job, counts)
    if (stop := actions.standing_stop()) is not None:
        return _all_stopped(stop, counts)
    if job.connection is not None and job.connection.disabled_at:
        return _switched_off(job.connection)
    if now.waits_until is not None:
        return _blocked(job, now.waits_until)
    return None if counts.get(B.SENDING) else _idle(job, now)


def _paused(job: ImportJob, counts: dict[str, int]) -> Pause:
    who = ((job.hold or {}).get("params") or {}).get("who") or _("a command at a terminal")
    lead = _("Paused by %(who)s at") % {"who": who}
    text = _("Nothing is lost: press Continue to go on where it was.")
    decide = bool(counts.get(B.UNKNOWN))
    return Pause("notsent", "pause", lead, _listed(text, _on_wire(counts)), job.state_changed_at, True, decide)


def _all_stopped(stop: SendingStop, counts: dict[str, int]) -> Pause:
    who = stop.stopped_by_name or _("a command at a terminal")
    told = _("%(who)s stopped all sending: %(why)s.") % {"who": who, "why": stop.reason.rstrip(".")}
    text = _("It goes on by itself when an administrator lets it.")
    return Pause("invalid", "pause", told, _listed(text, _on_wire(counts)), stopped=True)


def _on_wire(counts: dict[str, int]) -> str:
    wire = counts.get(B.SENDING, 0)
    text = ngettext(
        "%(count)s batch is on the wire and will still be answered.",
        "%(count)s batches are on the wire and will still be answered.",
        wire,
    )
    return text % {"count": number(wire)} if wire else ""


def _listed(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _held(job: ImportJob) -> Pause:
    hold = job.hold or {}
    code, params = hold.get("code", ""), hold.get("params") or {}
    if code in NEEDS_A_LOOK:
        return _to_be_looked_at(job, code, params)
    params = params | {"reason": attempt_reason(params["reason"])} if params.get("reason") else params
    to_do = what_to_do(code, params)
    if code in ABOUT_THE_TOKEN and _token_replaced(job):
        to_do = _("The token was replaced since. Press Continue to go on with it.")
    return Pause("invalid", "pause", what(code, params), to_do, resume=True)


def _to_be_looked_at(job: ImportJob, code: str, params: dict[str, str]) -> Pause:
    """Green where nothing was rejected."""
    grouped = in_figures(params)
    clean = code == HELD_FOR_LOOK and not job.rejected_rows and params.get("unknown") in (None, "0")
    hue, icon = ("accepted", "check") if clean else ("invalid", "pause")
    least = -(-100 * job.rejected_rows // job.answered_rows) if job.answered_rows else 1
    return Pause(hue, icon, what(code, grouped), what_to_do(code, grouped), look=code, least=max(1, least))


def in_figures(params: Mapping[str, str]) -> dict[str, str]:
    """Counts of a pause grouped as the page's language does."""
    return {name: number(int(value)) if value.isdecimal() else value for name, value in params.items()}


def _token_replaced(job: ImportJob) -> bool:
    set_at = job.connection.token_set_at if job.connection else None
    return set_at is not None and set_at > job.state_changed_at


def _switched_off(connection: Connection) -> Pause:
    who = connection.disabled_by_name
    by_somebody = _("The connection was switched off by %(who)s.") % {"who": who}
    lead = by_somebody if who else _("The connection is switched off.")
    text = _("Nothing more is sent and nothing is lost. It goes on by itself when an administrator switches it on.")
    return Pause("notsent", "pause", lead, text)


def _parked(job: ImportJob, now: Progress, counts: dict[str, int]) -> Pause:
    if counts.get(B.UNKNOWN):
        rows = now.sums.unknown if now.sums else 0
        lead = ngettext(
            "For %(count)s profile there is no readable answer.", "For %(count)s profiles there is no readable answer.",
            rows,
        ) % {"count": number(rows)}  # fmt: skip
        text = _("Repeating could reach people twice, so a person decides. The other rows are not held up by this.")
        return Pause("unknown", "unknown", lead, text, decide=True, resume=bool(counts.get(B.HELD)))
    held = counts.get(B.HELD, 0)
    lead = ngettext(
        "%(count)s batch was tried several times without success.",
        "%(count)s batches were tried several times without success.",
        held,
    ) % {"count": number(held)}
    text = _("Nothing was applied twice. Press Continue to try again, or stop the import.")
    return Pause("invalid", "pause", lead, text, resume=True)


def _stopping(counts: dict[str, int]) -> Pause:
    return Pause("notsent", "notsent", _("Stopping: nothing more is sent."), _on_wire(counts))


def _nothing_lost() -> str:
    return _("Nothing is lost and nothing is sent twice. You can close this page.")


def _asked_to_wait(since: datetime, until: datetime) -> Pause:
    """Nobody has to act: whoever says so will say otherwise one day. After an hour it is worth a question."""
    lasts = timezone.now() - since
    advice = _("Perhaps a limit of the account is used up: your administrator or Altcraft's support can tell.")
    text = _listed(_nothing_lost(), advice if lasts > ADVISE_AFTER else "")
    lead = _("Altcraft asks to wait. Sending goes on by itself at")
    return Pause("invalid", "clock", lead, text, until, since=since if lasts > SINCE_AFTER else None)


def _blocked(job: ImportJob, until: datetime) -> Pause:
    if since := asked_to_wait_since(job):
        return _asked_to_wait(since, until)
    last = Attempt.objects.filter(batch__job__connection=job.connection).exclude(kind="").order_by("-pk").first()
    why = attempt_reason(last.reason) if last is not None and last.reason else ""
    text = _listed(why, _nothing_lost())
    if job.connection is not None and job.connection.opened_at:
        failures = job.connection.failures_in_row
        rests = ngettext(
            "Resting after %(count)s call without an answer. The next look is at",
            "Resting after %(count)s calls without an answer. The next look is at",
            failures,
        )
        return Pause("invalid", "clock", rests % {"count": number(failures)}, text, until)
    lead = _("Altcraft cannot be reached. The next try is at")
    return Pause("invalid", "clock", lead, text, until)


def _idle(job: ImportJob, now: Progress) -> Pause | None:
    """Nothing is on the wire and nothing forbids it: it has not begun, waits for a next try, or for its turn."""
    if now.next_try_at is not None and not now.due:
        if since := asked_to_wait_since(job):
            return _asked_to_wait(since, now.next_try_at)
        return Pause("invalid", "clock", _("Some batches wait for their next try at"), until=now.next_try_at)
    others = Batch.objects.filter(job__connection=job.connection, state=B.SENDING).exclude(job=job)
    if others.exists():
        return _behind_others(job)
    return _quiet(job, timezone.now() - (job.last_claim_at or job.started_at or timezone.now()))


def _behind_others(job: ImportJob) -> Pause:
    """Whose turn it is: the other imports of the same account, by name while they are few and all of the same team."""
    rivals = ImportJob.objects.filter(connection=job.connection, state=J.SENDING).exclude(pk=job.pk).order_by("pk")
    found = list(rivals.values_list("title", "team")[: MOST_NAMED + 1])
    titles = [title for title, team in found if team == job.team_id]
    count = rivals.count() if len(found) > MOST_NAMED else max(1, len(found))  # it may just be stopping
    text = ngettext(
        "%(count)s other import of the same account is being sent; they take turns, batch by batch.",
        "%(count)s other imports of the same account are being sent; they take turns, batch by batch.",
        count,
    ) % {"count": number(count)}
    named = ", ".join(quoted(title) for title in titles) if count <= MOST_NAMED and len(titles) == len(found) else ""
    return Pause("pending", "pending", _("Waits for its turn."), _listed(text, f"{named}." if named else ""))


def _nobody_listens(now: datetime) -> Pause | None:
    """Every worker looks around four times a minute; when none has for a minute, there is none."""
    last = SweepRun.objects.values_list("ended_at", flat=True).first()
    if last is not None and now - last < ASK_AFTER:
        return None
    text = _("Nothing is lost. Ask your administrator whether the sending program runs; it goes on by itself then.")
    if last is None:
        return Pause("invalid", "clock", _("Nobody listens to the queue: no worker has been seen yet."), text)
    return Pause("invalid", "clock", _("Nobody listens to the queue: no worker has been seen since"), text, last)


def _workers_busy(job: ImportJob) -> Pause | None:
    """Workers are there, and all of them have something else in hand."""
    busy = Batch.objects.filter(state=B.SENDING).exclude(job__connection=job.connection)
    imports = busy.values("job").distinct().count()
    if not imports:
        return None
    lead = ngettext(
        "The workers are busy with %(count)s import into another account.",
        "The workers are busy with %(count)s imports into other accounts.",
        imports,
    ) % {"count": number(imports)}
    return Pause("pending", "pending", lead, _("It goes on as soon as one of them is free."))


def _quiet(job: ImportJob, since: timedelta) -> Pause | None:
    """Batches are ready and nobody has taken one for a while."""
    if fault := queue_fault():
        return Pause("invalid", "clock", fault, str(CALM))
    if since > SAY_AFTER and (busy := _workers_busy(job)):
        return busy
    if since > ASK_AFTER:
        if absent := _nobody_listens(timezone.now()):
            return absent
        text = _("Nothing is lost. Ask your administrator whether the sending program runs; it goes on by itself then.")
        return Pause(
            "invalid", "clock", _("Nothing has moved for %(time)s.") % {"time": elapsed(since.total_seconds())}, text
        )
    text = _("You can close this page and come back: it is sent without you.")
    if job.last_claim_at is None:
        return Pause("pending", "pending", _("Sending starts within 15 seconds."), text)
    return Pause("pending", "pending", _("Sending goes on within 15 seconds."), text) if since > SAY_AFTER else None
