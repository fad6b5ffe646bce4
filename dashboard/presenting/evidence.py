"""What was found when profiles of a batch were looked up, row by row, in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.figures import mask, number
from imports.models import Batch, Evidence, ImportJob
from imports.results import found_by
from imports.wording import what

CLOCKS_MAY_DIFFER = timedelta(minutes=2)
# verdict -> (hue, icon)
SIGNS = {"found": ("accepted", "eye"), "missing": ("notsent", "x"), "unclear": ("unknown", "unknown")}


def looks_at(job: ImportJob, batch: Batch, *, in_clear: bool) -> list[dict[str, Any]]:
    """Every look somebody took at this batch, newest first: the look, and a line for each profile."""
    sent_at = batch.attempts.exclude(on_wire_at=None).order_by("number").values_list("on_wire_at", flat=True).first()
    return [
        {
            "look": look,
            "told": summed_up(look),
            "lines": [_line(one, sent_at, in_clear=in_clear) for one in found_by(job, look)],
        }
        for look in batch.evidence.order_by("-looked_at", "-pk")
    ]


def summed_up(look: Evidence) -> str:
    """How many were found, in one sentence."""
    text = ngettext("%(found)s of %(count)s was found.", "%(found)s of %(count)s were found.", look.asked)
    return text % {"found": number(look.found), "count": number(look.asked)}


def _line(one: dict[str, Any], sent_at: datetime | None, *, in_clear: bool) -> dict[str, Any]:
    hue, icon = SIGNS[one["verdict"]]
    profile_id = one.get("profile_id") or ""
    return {
        "row": one["row"],
        "hue": hue,
        "icon": icon,
        "title": _verdict(one, sent_at),
        "text": _compared(one),
        "profile_id": profile_id if in_clear else mask(profile_id),
    }


def _verdict(one: dict[str, Any], sent_at: datetime | None) -> str:
    if one["verdict"] == "missing":
        return _("Not found")
    if one["verdict"] == "unclear":
        return _("No usable answer: %(reason)s") % {"reason": what(one.get("reason") or "")}
    if one.get("created") is None or sent_at is None:
        return _("Found")
    made = datetime.fromtimestamp(one["created"], UTC)
    new = made >= sent_at - CLOCKS_MAY_DIFFER
    return _("Found, made since the request went out") if new else _("Found, made before the request went out")


def _compared(one: dict[str, Any]) -> str:
    if one["verdict"] != "found":
        return ""
    if not one["differs"]:
        return _("Every value we sent and can compare is there.") if one["same"] else ""
    return _("Other than we sent it: %(fields)s") % {"fields": ", ".join(one["differs"])}
