"""Acts of destruction: begun before anything goes, ended when the run is over, with the places of its history."""

import hashlib
import hmac
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from imports.history import name_of, record
from imports.models import Destruction, HistoryEvent, HistoryLink, ImportJob, LastingSecret, Team

PURPOSE = "people of acts of destruction"
LONGEST_REASON = 500


def begin_act(kind: str, *, team: Team | None, by: Any, reason: str = "") -> Destruction:
    """An act whose work is about to begin."""
    who = {"by_id": getattr(by, "pk", None), "by_name": name_of(by)}
    reason = reason.strip()[:LONGEST_REASON]
    return Destruction.objects.create(kind=kind, team=team, reason=reason, begun_at=timezone.now(), **who)


def end_act(act: Destruction, *, by: Any = None, **counts: int) -> Destruction | None:
    """Close an act with what its history tells; one of which nothing came goes. The closing line is its last."""
    jobs = sorted({event.job_id for event in events_of(act).exclude(verb="erasure_asked") if event.job_id})
    if not jobs and not counts:
        Destruction.objects.filter(pk=act.pk, ended_at=None).delete()
        return None
    told: dict[str, Any] = {"imports": len(jobs), "rows": _rows_of(act), "objects": _objects_of(act)} | counts
    with transaction.atomic():
        ended = {"ended_at": timezone.now(), "jobs": jobs, "counts": told, "sealed_person": ""}
        if Destruction.objects.filter(pk=act.pk, ended_at=None).update(**ended):
            record("act_written", by=by, about=f"{act.pk}", act=act.pk, why=act.kind, **told)
    places = HistoryLink.objects.filter(event__in=events_of(act)).order_by("number").values_list("number", flat=True)
    if places:
        Destruction.objects.filter(pk=act.pk).update(history_from=places[0], history_to=list(places)[-1])
    act.refresh_from_db()
    return act


def end_open_acts() -> int:
    """Close retention's acts of a run that was cut short: what it destroyed is told by the history."""
    left = Destruction.objects.filter(ended_at=None, kind="retention")
    return sum(end_act(act) is not None for act in left)


def events_of(act: Destruction) -> "QuerySet[HistoryEvent]":
    """Every line of the history that belongs to an act, oldest first."""
    return HistoryEvent.objects.filter(at__gte=act.begun_at, details__act=act.pk).order_by("pk")


def extract_of(act: Destruction) -> Iterator[tuple[HistoryEvent, int | None, str]]:
    """The same with each line's place in the chain and its hash."""
    for event in events_of(act).select_related("link"):
        link = getattr(event, "link", None)
        yield event, link.number if link else None, link.hash if link else ""


def record_act_download(act: Destruction, *, by: Any) -> None:
    """Somebody took an act, or its extract of the history, away."""
    record("act_downloaded", by=by, about=f"{act.pk}", number=act.pk)


def jobs_of(act: Destruction) -> "QuerySet[ImportJob]":
    """The imports an act is about."""
    return ImportJob.objects.filter(pk__in=act.jobs).select_related("team", "source").order_by("pk")


def person_hash(form: str) -> str:
    """A person in an act: a keyed hash, by which somebody who knows the address finds the act again."""
    return hmac.digest(LastingSecret.objects.of(PURPOSE), form.encode(), hashlib.sha256).hex()


def _rows_of(act: Destruction) -> int:
    told = events_of(act).filter(verb__in=["job_purged", "person_erased"])
    return sum(event.details.get("rows") or 0 for event in told)


def _objects_of(act: Destruction) -> int:
    return sum(event.details.get("objects") or 0 for event in events_of(act).filter(verb="objects_removed"))
