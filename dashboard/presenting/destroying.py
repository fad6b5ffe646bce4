"""What is destroyed and when, in words: the line under every import, acts of destruction, the page of retention."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from dashboard.access import ADMIN, AUDITOR, roles_of
from dashboard.fieldnames import TITLES
from dashboard.figures import number
from dashboard.presenting.sentences import shown_state
from imports import actions
from imports.models import Destruction, DestructionKind, HistoryEvent, ImportJob, reach_of
from imports.results import totals
from imports.states import BEFORE_SENDING, MAY_BE_PURGED

KINDS: Mapping[str, str | Promise] = {
    DestructionKind.RETENTION: lazy("Days of keeping are over"),
    DestructionKind.BY_HAND: lazy("One import, by hand"),
    DestructionKind.PERSON: lazy("One person, from all imports"),
}
BASIS: Mapping[str, str | Promise] = {
    DestructionKind.RETENTION: lazy(
        "The purpose of processing is reached; the days of keeping set for the team are over."
    ),
    DestructionKind.BY_HAND: lazy("Decision of an administrator."),
    DestructionKind.PERSON: lazy("Request of the person, or of somebody entitled to make it."),
}
OVERDUE: Mapping[str, str | Promise] = {
    "sending": lazy("It is still being sent."),
    "paused": lazy("It is paused: let it go on, or stop it."),
    "held": lazy("Sending is held up: clear the cause, or stop it."),
    "needs_decision": lazy("Some batches have no answer: decide about them."),
    "cancelling": lazy("It is being stopped; batches without an answer wait for a decision."),
}
ACT_READERS = frozenset({ADMIN, AUDITOR})


def day(value: date) -> str:
    """A day as the page's language writes it."""
    return dateformat.format(value, "j E Y" if (get_language() or "").startswith("ru") else "j M Y")


def kept_until(job: ImportJob) -> str:
    """When rows and file of an import go, or went."""
    if job.purged_at is not None:
        return _("Rows and file were destroyed on %(day)s.") % {"day": day(job.purged_at.date())}
    if job.state in MAY_BE_PURGED:
        told = _("Rows and file are destroyed on %(day)s.") % {"day": day(job.purged_on)}
        return " ".join([told, _("Any change starts the days anew.")]) if job.state in BEFORE_SENDING else told
    days = job.team.retention_days
    text = ngettext(
        "Rows and file are destroyed %(count)s day after it has ended.",
        "Rows and file are destroyed %(count)s days after it has ended.",
        days,
    )
    return text % {"count": number(days)}


def act_of(job: ImportJob, user: Any) -> Destruction | None:
    """The act by which an import's data went, for those who may read acts."""
    event = HistoryEvent.objects.filter(job_id=job.pk, verb="job_purged").first()
    if event is None or not roles_of(user) & ACT_READERS:
        return None
    return visible_acts(user).filter(pk=event.details.get("act")).first()


def visible_acts(user: Any) -> Any:
    """Acts of the teams this person sees; those of every team (a person erased) for who sees every team."""
    return reach_of(user).narrow(Destruction.objects.select_related("team"))


@dataclass(frozen=True, slots=True)
class Waiting:
    """An import on the page of retention: when it goes, or why it stays."""

    job: ImportJob
    state: str
    on: date
    why: str | Promise = ""


def waiting(jobs: Iterable[ImportJob], *, overdue: bool = False) -> list[Waiting]:
    """Imports with what the page says of them."""
    return [
        Waiting(job, shown_state(job, totals(job)), job.purged_on, OVERDUE.get(job.state, "") if overdue else "")
        for job in jobs
    ]


@dataclass(frozen=True, slots=True)
class ActRow:
    """One import in an act."""

    job: ImportJob
    rows: int
    categories: str
    key_at: datetime | None
    objects_at: datetime | None
    numbers: str = ""


@dataclass(frozen=True, slots=True)
class ActTold:
    """An act of destruction in words."""

    act: Destruction
    kind: str | Promise
    basis: str | Promise
    how: str
    categories: str
    imports: int
    count: int
    rows: list[ActRow]
    events: list[tuple[HistoryEvent, int | None, str]]


def act_told(act: Destruction) -> ActTold:
    """Everything the page of an act, its file and its print show."""
    events = list(actions.extract_of(act))
    rows = [_row(job, events) for job in actions.jobs_of(act)]
    found = dict.fromkeys(name for row in rows for name in row.categories.split(", ") if name)
    counts = (act.counts.get("imports", 0), act.counts.get("rows", 0))
    return ActTold(act, KINDS[act.kind], BASIS[act.kind], _how(act), ", ".join(found), *counts, rows, events)


def _row(job: ImportJob, events: Iterable[tuple[HistoryEvent, int | None, str]]) -> ActRow:
    mine = [event for event, _number, _hash in events if event.job_id == job.pk]
    at = {event.verb: event.at for event in mine}
    told: Mapping[str, Any] = next(
        (event.details for event in mine if event.verb in ("job_purged", "person_erased")), {}
    )
    numbers = ", ".join(number(one) for one in told.get("numbers", ()))
    begun = at.get("job_purged") or at.get("person_erased")
    return ActRow(job, told.get("rows") or 0, _categories(job), begun, at.get("objects_removed") or begun, numbers)


def _categories(job: ImportJob) -> str:
    names = (str(TITLES.get(target.field, target.field.lstrip("_"))) for target in job.mapping.targets)
    return ", ".join(dict.fromkeys(names)) or _("everything the file held")


def _how(act: Destruction) -> str:
    if act.kind == DestructionKind.PERSON:
        return _(
            "The person's cells, prepared profiles, problems, corrections and answers were overwritten in the "
            "encrypted objects of each import; source files, prepared downloads and raw answers, which cannot be "
            "changed, were deleted."
        )
    return _(
        "The encryption key of each import was destroyed, by which all of its stored objects and sealed values became "
        "unreadable for good; then the objects were deleted from the storage and the sealed values from the database."
    )


OUTCOMES_TOLD: Mapping[str, str | Promise] = {
    "accepted": pgettext_lazy("one person", "accepted by Altcraft"),
    "rejected": pgettext_lazy("one person", "rejected by Altcraft"),
    "unknown": pgettext_lazy("one person", "may have arrived: no readable answer"),
    "pending": pgettext_lazy("one person", "still being sent"),
    actions.REACHED: pgettext_lazy("one person", "accepted, or may have arrived"),
}
