"""One row's story as the entries of its page: tries, decisions, neighbours."""

import json
from typing import Any

from django.utils.translation import gettext as _

from dashboard.figures import filesize, number, quoted
from dashboard.presenting.exact import spread
from dashboard.presenting.verbs import DECISIONS
from dashboard.presenting.words import attempt_class, attempt_reason
from imports.models import Attempt, ImportJob
from imports.results import Row, Story, answer_text
from imports.states import CUT_FIRST, CUT_REFUSED, AttemptState

# class of an answer -> (hue, icon) of its entry
SIGNS = {
    "answered": ("accepted", "send"),
    "refused_request": ("rejected", "rejected"),
    "refused_all": ("invalid", "pause"),
    "no_answer": ("unknown", "unknown"),
    "unreadable": ("unknown", "unknown"),
    "": ("accent", "send"),
}


def tries(job: ImportJob, story: Story, *, in_clear: bool) -> list[dict[str, Any]]:
    """Each try of the row's batch: what became of it, and what came back where nothing else on the page tells it."""
    return [_try(job, story, attempt, in_clear=in_clear) for attempt in story.attempts]


def cut_from(story: Story) -> str:
    """What the row's batch was cut from, and why; "" for a batch as it was planned."""
    batch = story.batch
    if batch is None or batch.parent is None:
        return ""
    told = {"number": number(batch.parent.number), "size": filesize(batch.parent.body_bytes)}
    if batch.cut_reason == CUT_FIRST:
        return _("Cut from batch %(number)s before it was sent, because the first rows went alone") % told
    if batch.cut_reason == CUT_REFUSED:
        words = {**told, "words": quoted(batch.parent.refusal)}
        return _("Cut from batch %(number)s, which the platform refused as a whole: %(words)s") % words
    return _("Cut from batch %(number)s, because the platform refused %(size)s") % told


def answered_json(row: Row) -> str:
    """What Altcraft answered for this row alone, of the members we keep and where they hold something; "" where its
    batch has no answer of rows."""
    if row.error is None:
        return ""
    told = {"error": row.error, "error_text": row.error_text}
    told |= {"profile_id": row.profile_id} if row.profile_id else {}
    return spread(json.dumps(told, ensure_ascii=False))


def decisions(story: Story) -> list[dict[str, Any]]:
    """What people decided about the row's batch."""
    return [
        {
            "title": _("%(who)s decided: %(choice)s")
            % {"who": one.decided_by_name, "choice": DECISIONS.get(one.choice, one.choice)},
            "at": one.decided_at,
            "text": quoted(one.reason) if one.reason else "",
        }
        for one in (story.batch.decisions.order_by("number") if story.batch else ())
    ]


def _try(job: ImportJob, story: Story, attempt: Attempt, *, in_clear: bool) -> dict[str, Any]:
    answered = attempt.kind == "answered"
    hue, icon = SIGNS.get(attempt.kind, ("", "clock"))
    went = attempt.on_wire_at is not None
    never = attempt.state == AttemptState.ABANDONED
    return {
        "attempt": attempt,
        "hue": hue,
        "icon": icon,
        "went": went,
        "told": _("The sending program ended before it sent anything") if never else attempt_class(attempt.kind),
        "reason": attempt_reason(attempt.reason) if attempt.reason and not never else "",
        "other_id": bool(story.batch and attempt.request_id != story.batch.request_id),
        "raw": answer_text(job, attempt).get("raw", "") if in_clear and went and not answered else "",
    }
