"""What is known about a batch that waits for a person, and what each decision would mean."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import number
from dashboard.presenting import words
from dashboard.presenting.options import asked_of
from imports import actions
from imports.masking import hide_people
from imports.models import Attempt, Batch, ImportJob
from imports.results import answer_text, rows_by_word
from imports.states import MAY_BE_REPEATED, BatchState


def known_about(job: ImportJob, batch: Batch, *, in_clear: bool) -> dict[str, Any]:
    """Tries, what came back, until when a repeat is recognised, who may still be at it, and the decisions open."""
    tries = list(batch.attempts.order_by("number"))
    last = tries[-1] if tries else None
    until, sender_until = actions.repeat_until(batch), actions.sender_may_live_until(batch)
    in_time = until is None or until > timezone.now()
    return {
        "tries": [_told(attempt) for attempt in tries],
        "last": last,
        "came_back": hide_people(answer_text(job, last).get("raw", "")) if last and in_clear else "",
        "until": until,
        "in_time": in_time,
        "sender_until": sender_until,
        "waits_since": last.ended_at if last else None,
        "asked": asked_of(job.destination, job.connection) if job.destination and job.connection else [],
        "operation": words.operation(job.destination) if job.destination else "",
        "held_for": words.held_for(batch.held_for),
        "choices": choices(job, batch, in_time=in_time, alone=sender_until is None),
    }


def choices(job: ImportJob, batch: Batch, *, in_time: bool, alone: bool) -> list[dict[str, Any]]:
    """The decisions as components/choice.html takes them. `alone`: the old sender is known to have ended."""
    goes_on = job.state in MAY_BE_REPEATED
    if batch.state == BatchState.HELD:
        return [_retry(batch, in_time=in_time, goes_on=goes_on), _give_up(job, batch)]
    return [
        _repeat(in_time=in_time, alone=alone, goes_on=goes_on),
        _again(job, batch.rows, goes_on=goes_on),
        _arrived(batch.rows),
        _not_arrived(job, batch.rows, alone=alone),
        {
            "value": "close",
            "title": _("Close without knowing"),
            "note": _("The rows stay “outcome unknown” in the report for good, and the import can finish."),
        },
    ]


def told_by_people(job: ImportJob) -> list[str]:
    """What of the sum people have said and Altcraft has not; a sentence for each word."""
    told = {
        "arrived": lambda count: ngettext(
            "%(count)s of the accepted was taken as arrived by a person; Altcraft did not answer.",
            "%(count)s of the accepted were taken as arrived by a person; Altcraft did not answer.",
            count,
        ),
        "not_arrived": lambda count: ngettext(
            "%(count)s of those not sent was taken as not arrived by a person; Altcraft did not answer.",
            "%(count)s of those not sent were taken as not arrived by a person; Altcraft did not answer.",
            count,
        ),
        "close": lambda count: ngettext(
            "%(count)s was closed by a person without knowing.",
            "%(count)s were closed by a person without knowing.",
            count,
        ),
        "stopped": lambda count: ngettext(
            "%(count)s was on its way without an answer when the import was stopped.",
            "%(count)s were on their way without an answer when the import was stopped.",
            count,
        ),
    }
    said = rows_by_word(job)
    return [tell(said[word]) % {"count": number(said[word])} for word, tell in told.items() if said.get(word)]


def people_reached_twice(rows: int) -> str:
    """The risk of sending again as new, with the number of people."""
    text = ngettext(
        "If it did arrive, %(count)s person may get the same message a second time.",
        "If they did arrive, up to %(count)s people may get the same message a second time.",
        rows,
    )
    return text % {"count": number(rows)}


def _repeat(*, in_time: bool, alone: bool, goes_on: bool) -> dict[str, Any]:
    note = _(
        "It carries the same request number: the platform recognises the repeat, does nothing twice and answers as the "
        "first time."
    )
    if not goes_on:
        note = _("Not possible: this import is being stopped, nothing of it is sent any more.")
    elif not in_time:
        note = _("Not possible any more: the platform remembers a request for one day only, and that is over.")
    elif not alone:
        note = _("Not possible yet: whoever sent it may still be at it.")
    possible = in_time and alone and goes_on
    return {
        "value": "repeat",
        "title": _("Repeat the same request"),
        "note": note,
        "advised": possible,
        "disabled": not possible,
        "risk": _("nothing is done twice") if possible else "",
        "risk_hue": "accepted",
    }


def _again(job: ImportJob, rows: int, *, goes_on: bool) -> dict[str, Any]:
    note = _("A new request, which the platform does not recognise. A second person has to confirm it.")
    if not goes_on:
        note = _("Not possible: this import is being stopped, nothing of it is sent any more.")
    return {
        "value": "again",
        "title": _("Send again as new"),
        "note": f"{note} {people_reached_twice(rows)}" if goes_on else note,
        "disabled": not goes_on,
        "risk": _risk(rows),
        "who": _("with a second person"),
    }


def _arrived(rows: int) -> dict[str, Any]:
    text = ngettext(
        "%(count)s row becomes accepted by your word, without a profile ID. Right if you see the person in Altcraft.",
        "%(count)s rows become accepted by your word, without profile IDs. Right if you see the people in Altcraft.",
        rows,
    )
    return {"value": "arrived", "title": _("Take them as arrived"), "note": text % {"count": number(rows)}}


def _not_arrived(job: ImportJob, rows: int, *, alone: bool) -> dict[str, Any]:
    lost = ngettext(
        "%(count)s row becomes not sent. It can be sent later with a new import.",
        "%(count)s rows become not sent. They can be sent later with a new import.",
        rows,
    ) % {"count": number(rows)}
    again = _("If they did arrive, sending them again reaches them twice.")
    return {
        "value": "not_arrived",
        "title": _("Take them as not arrived"),
        "note": f"{lost} {again}" if alone else _("Not possible yet: whoever sent it may still be at it."),
        "disabled": not alone,
        "risk": _risk(rows) if job.unsafe_reasons else "",
    }


def _retry(batch: Batch, *, in_time: bool, goes_on: bool) -> dict[str, Any]:
    note = _("It carries the same request number as before, and nothing is applied twice.")
    if not goes_on:
        note = _("Not possible: this import is being stopped, nothing of it is sent any more.")
    elif not in_time:
        note = _("It gets a new request number: the platform has forgotten the old one. Nothing is applied twice.")
    return {"value": "retry", "title": _("Try again"), "note": note, "advised": goes_on, "disabled": not goes_on}


def _give_up(job: ImportJob, batch: Batch) -> dict[str, Any]:
    if actions.may_have_arrived(batch):
        note = ngettext(
            "%(count)s row stays “outcome unknown”: one of the tries may have arrived.",
            "%(count)s rows stay “outcome unknown”: one of the tries may have arrived.",
            batch.rows,
        )
    else:
        note = ngettext(
            "%(count)s row becomes not sent. It can be sent later with a new import.",
            "%(count)s rows become not sent. They can be sent later with a new import.",
            batch.rows,
        )
    return {"value": "give_up", "title": _("Give up on it"), "note": note % {"count": number(batch.rows)}}


def _risk(rows: int) -> str:
    return ngettext("risk: %(count)s person", "risk: %(count)s people", rows) % {"count": number(rows)}


def _told(attempt: Attempt) -> dict[str, Any]:
    """One try as an entry of a timeline."""
    why = words.attempt_reason(attempt.reason) if attempt.reason else ""
    status = f"HTTP {attempt.http_status}." if attempt.http_status else ""
    error = _("Error %(code)s.") % {"code": attempt.error} if attempt.error else ""
    return {
        "attempt": attempt,
        "title": words.attempt_class(attempt.kind),
        "text": " ".join(part for part in (why, status, error) if part),
    }
