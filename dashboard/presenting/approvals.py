"""An approval in words: what is asked, what is odd, what goes out with everybody in it masked, and what was before."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import elapsed, mask, number
from dashboard.presenting import changes, options, problems, shapes, words
from imports import actions
from imports.models import Approval, ImportJob
from imports.results import Totals, reasons, totals
from imports.states import PLANNED, ApprovalState

SAMPLES = 3
CLOSED_SHOWN = 20
IN_CLEAR = ("channel", "status", "resource_id")  # of a profile: not a person's
S = ApprovalState


@dataclass(frozen=True, slots=True)
class Listed:
    """An approval in a list, with its import."""

    approval: Approval
    job: ImportJob
    title: str
    state: str


def asked_sentence(approval: Approval) -> str:
    """Who asks for what, with the number of profiles."""
    who = approval.asker_name or _("A command at a terminal")
    text = ngettext("%(who)s asks to send %(count)s profile", "%(who)s asks to send %(count)s profiles", approval.rows)
    return text % {"who": who, "count": number(approval.rows)}


def entry(approval: Approval, *, mine: bool) -> dict[str, Any]:
    """One that waits, as components/todo.html takes it."""
    job = approval.job
    told = [job.title, job.connection.name if job.connection else ""]
    told += [_("may write to people, or must not be repeated")] if approval.unsafe else []
    told += [
        _("waits for %(time)s") % {"time": elapsed(max(60.0, (timezone.now() - approval.asked_at).total_seconds()))}
    ]
    told += [_("%(time)s left") % {"time": elapsed(max(60.0, (approval.expires_at - timezone.now()).total_seconds()))}]
    shown = {"hue": "unknown" if approval.unsafe else "accent", "icon": "shield", "title": asked_sentence(approval)}
    shown |= {"text": " · ".join(filter(None, told)), "url": reverse("job_approval", args=[job.uuid])}
    return shown | {"action": _("Decide") if mine else _("Look")}


def shown_state(approval: Approval) -> str:
    """Its state as badges know it: an approval something was sent by is told from one that waits; so is one whose day
    is over before the sweep has come."""
    if approval.state == S.APPROVED and approval.used_at:
        return "used"
    over = approval.state in (S.OPEN, S.APPROVED) and approval.expires_at <= timezone.now()
    return S.EXPIRED if over else approval.state


def listed(approval: Approval) -> Listed:
    return Listed(approval, approval.job, asked_sentence(approval), shown_state(approval))


def standing_told(job: ImportJob, *, edits: bool = False) -> dict[str, Any]:
    """For the notice on pages of the import: the approval that counts now, or the one it came back with."""
    if job.state not in PLANNED or not job.plan_digest:
        return {}
    if (one := actions.standing_approval(job)) is not None:
        waits = one.state == S.OPEN and not edits
        return {"one": one, "names": names(actions.approvers_of(job)) if waits else []}
    last = None if edits else job.approvals.order_by("-pk").first()
    came_back = last is not None and last.state == S.REFUSED and last.digest == job.plan_digest
    return {"one": last, "back": True} if came_back else {}


def names(people: Iterable[Any]) -> list[str]:
    return [str(one.get_full_name() or one.get_username()) for one in people]


def seal(digest: str) -> str:
    """The beginning of a digest, to be compared by eye."""
    return " ".join(re.findall("....", digest[:16]))


def what_is_asked(job: ImportJob, approval: Approval | None) -> dict[str, Any]:
    """Everything an approver looks at. Nobody in it can be recognised."""
    sums, where, connection = totals(job), job.destination, job.connection
    planned = job.checked_at is not None and where is not None and connection is not None
    return {
        "sums": sums,
        "seal": seal(approval.digest) if approval else "",
        "people": _people(job, sums) if job.unsafe_reasons else "",
        "unsafe": words.unsafe(job),
        "shape": shapes.shape_told(job),
        "groups": problems.found_groups(job, reasons(job), page="job_check", masked=True),
        "changed": changes.changed_groups(job, masked=True),
        "target": words.target(job) if planned else "",
        "operation": words.operation(where) if where else "",
        "matching": words.matching(where) if where else "",
        "duplicates": words.DUPLICATES.get(where.duplicates, "") if where else "",
        "subscriptions": [*options.brought_subscriptions(job), *words.subscriptions(where, connection)]
        if where and connection
        else [],
        "options": options.asked_of(where, connection) if where and connection else [],
        "samples": masked_samples(job) if planned and not job.purged_at else [],
        "editors": actions.editors_of(job),
        "batches": job.batches.leaves().count(),
    }


def masked_samples(job: ImportJob) -> list[tuple[int, str]]:
    """(row, JSON) of some profiles as they would go, every value of a person masked."""
    found = actions.sample_profiles(job, most=SAMPLES)
    return [
        (row, orjson.dumps(_masked(orjson.loads(text)), option=orjson.OPT_INDENT_2).decode()) for row, text in found
    ]


def _masked(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {key: _masked(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, name) for inner in value]
    return value if value is None or isinstance(value, bool) or name in IN_CLEAR else mask(value)


def _people(job: ImportJob, sums: Totals) -> str:
    """How many people may be written to, or changed in a way no machine may repeat."""
    writes = job.destination is not None and (not job.destination.skip_triggers or job.destination.scenario_id)
    if writes:
        text = ngettext(
            "Up to %(count)s person may get a message.", "Up to %(count)s people may get a message.", sums.pending
        )
    else:
        text = ngettext(
            "%(count)s profile is changed in a way that must not be repeated.",
            "%(count)s profiles are changed in a way that must not be repeated.",
            sums.pending,
        )
    return text % {"count": number(sums.pending)}
