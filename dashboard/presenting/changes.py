"""What does not go as the file has it, in words: values left out or replaced, subscriptions that rows do not get."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.forms.subscriptions import CHANNELS
from dashboard.presenting.problems import column_name, shown_value
from imports.models import ImportJob
from imports.results import Kind, change_examples, changes
from imports.wording import what

EXAMPLES = 3
MOST = 20


@dataclass(frozen=True, slots=True)
class Changed:
    """One kind of change: how many rows, where, what was done and why, with a few values and their rows."""

    count: int
    where: str
    done: str
    why: str
    values: list[str] = field(default_factory=list)
    rows: list[tuple[int, str]] = field(default_factory=list)


def changed_groups(job: ImportJob, *, masked: bool) -> list[Changed]:
    """Every kind of change of the rows that passed the check, biggest first."""
    found = changes(job)[:MOST]
    examples = change_examples(job, [kind for kind, _rows in found], most=EXAMPLES)
    return [_group(job, kind, count, examples.get(kind, []), masked=masked) for kind, count in found]


def change_lines(job: ImportJob, kinds: list[Kind]) -> list[str]:
    """The changes of one row, a sentence each."""
    return [
        ": ".join(filter(None, [where_of(job, kind), " ".join(filter(None, told_of(job, kind)))])) for kind in kinds
    ]


def where_of(job: ImportJob, kind: Kind) -> str:
    """The column, or the subscription a row does not get."""
    if kind.rule < 0:
        return _("Column %(column)s") % {"column": column_name(job, kind.column)}
    rules = job.destination.subscriptions if job.destination else ()
    if kind.rule >= len(rules):
        return _("Subscription %(number)s") % {"number": kind.rule + 1}
    rule = rules[kind.rule]
    names = {item["id"]: item["name"] for item in (job.connection.part("resources") if job.connection else ()) or ()}
    told = {
        "channel": CHANNELS.get(rule.channel, rule.channel),
        "name": names.get(rule.resource_id, ""),
        "number": rule.resource_id,
    }
    return _("%(channel)s, resource %(name)s (%(number)s)") % told


def told_of(job: ImportJob, kind: Kind) -> tuple[str, str]:
    """(what is done, why)."""
    why = what(kind.code, {}) if kind.code else ""
    match kind.done:
        case "emptied":
            return _("The value is left out."), why
        case "replaced":
            return _("The value you set is sent in its place."), why
        case "unsubscribed":
            return _("Not subscribed."), why
    return _("Not subscribed."), _("The row has no contact for it.")


def _group(job: ImportJob, kind: Kind, count: int, seen: list[tuple[int, str]], *, masked: bool) -> Changed:
    done, why = told_of(job, kind)
    values = dict.fromkeys(shown_value(value, masked=masked) for _row, value in seen if value)
    rows = [(number, reverse("job_row", args=[job.uuid, number])) for number, _value in seen]
    return Changed(count, where_of(job, kind), done, why, list(values), rows)
