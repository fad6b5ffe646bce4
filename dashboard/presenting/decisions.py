"""What is known about a batch without a readable answer, and what each decision would mean."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting.words import attempt_class, attempt_reason
from imports import actions
from imports.models import Attempt, Batch, ImportJob
from imports.results import answer_text


def known_about(job: ImportJob, batch: Batch, *, in_clear: bool) -> dict[str, Any]:
    """Tries, what came back, until when a repeat is recognised, and the decisions open for this batch."""
    tries = list(batch.attempts.all())
    last = tries[-1] if tries else None
    until = actions.repeat_until(batch)
    return {
        "tries": [_told(attempt) for attempt in tries],
        "last": last,
        "came_back": answer_text(job, last).get("raw", "") if last and in_clear else "",
        "until": until,
        "waits_since": last.ended_at if last else None,
        "choices": choices(job, batch, in_time=until is None or until > timezone.now()),
    }


def choices(job: ImportJob, batch: Batch, *, in_time: bool) -> list[dict[str, Any]]:
    """The four decisions as components/choice.html takes them."""
    rows = {"count": number(batch.rows)}
    taken = ngettext(
        "%(count)s row becomes accepted by your word, without a profile ID. Right if you see the person in Altcraft.",
        "%(count)s rows become accepted by your word, without profile IDs. Right if you see the people in Altcraft.",
        batch.rows,
    )
    lost = ngettext(
        "%(count)s row becomes not sent. It can be sent later with a new import.",
        "%(count)s rows become not sent. They can be sent later with a new import.",
        batch.rows,
    )
    again = _("If they did arrive, sending them again reaches them twice.")
    twice = ngettext("risk: %(count)s person", "risk: %(count)s people", batch.rows) % rows
    return [
        _repeat(job, in_time=in_time),
        {"value": "arrived", "title": _("Take them as arrived"), "note": taken % rows},
        {
            "value": "not_arrived",
            "title": _("Take them as not arrived"),
            "note": f"{lost % rows} {again}",
            "risk": twice if job.unsafe_reasons else "",
        },
        {
            "value": "close",
            "title": _("Close without knowing"),
            "note": _("The rows stay “outcome unknown” in the report for good, and the import can finish."),
        },
    ]


def _repeat(job: ImportJob, *, in_time: bool) -> dict[str, Any]:
    note = _(
        "It carries the same request number: the platform recognises the repeat, does nothing twice and answers as the "
        "first time."
    )
    if not in_time:
        note = _("Not possible any more: the platform remembers a request for one day only, and that is over.")
    return {
        "value": "repeat",
        "title": _("Repeat the same request"),
        "note": note,
        "advised": in_time,
        "disabled": not in_time,
        "risk": _("nothing is done twice") if in_time else "",
        "risk_hue": "accepted",
    }


def _told(attempt: Attempt) -> dict[str, Any]:
    """One try as an entry of a timeline."""
    why = attempt_reason(attempt.reason) if attempt.reason else ""
    status = f"HTTP {attempt.http_status}." if attempt.http_status else ""
    return {
        "attempt": attempt,
        "title": attempt_class(attempt.kind),
        "text": " ".join(part for part in (why, status) if part),
    }
