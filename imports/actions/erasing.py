"""One person erased from every import: asked for by an admin with a reason, carried out import by import, with an act.

Whom it is about is kept sealed in the act until it is carried out, and not a moment longer; then only a keyed hash
stays, by which somebody who knows the address finds the act again.
"""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.db import transaction
from django.db.models import QuerySet

from imports.actions.acts import begin_act, end_act, person_hash
from imports.actions.asking import contacts_in, hashes_in
from imports.actions.errors import Refused
from imports.actions.reached import forget_reached
from imports.actions.rowerasing import Rows, erase_rows
from imports.actions.sentpeople import people_keys
from imports.history import record
from imports.models import Destruction, DestructionKind, HistoryEvent, ImportJob, RowSlice, Team
from imports.results import Somebody, rows_of
from imports.states import BEFORE_SENDING, FINISHED, JobState
from imports.vault import Sealed, open_text, seal_text

log = logging.getLogger(__name__)

SHORTEST = 3  # characters; what is shorter stands in far too many cells
MOST_NUMBERS = 200  # rows named in one line of the history
WAITS = frozenset({JobState.UPLOADED, JobState.READING, JobState.CHECKING})  # work on it ends in a moment


@dataclass(frozen=True, slots=True)
class Stands:
    """An import a person stands in, and in how many rows; `blocked`: it is being sent, or waits for a decision."""

    job: ImportJob
    rows: int
    blocked: bool


def find_person(text: str, jobs: "QuerySet[ImportJob]", *, by: Any) -> list[Stands]:
    """The imports among these whose rows are still there and hold this person in any cell. Raise Refused."""
    who = _somebody(text)
    found = [Stands(job, len(rows), job.state not in FINISHED | BEFORE_SENDING) for job, rows in _found(who, jobs)]
    record("person_asked", by=by, imports=len(found))
    return found


def ask_erasure(
    text: str, jobs: "QuerySet[ImportJob]", *, team: Team | None, by: Any, reason: str, forget: bool = False
) -> Destruction:
    """Have a person erased from these imports; `forget`: also from what answers "was this person written to?".

    Raise Refused: "reason_missing", "person_missing", "person_being_sent" (jobs).
    """
    if not reason.strip():
        raise Refused("reason_missing")
    who = _somebody(text)
    blocked = [one.job.pk for one in find_person(text, jobs, by=by) if one.blocked]
    if blocked:
        raise Refused("person_being_sent", jobs=", ".join(map(str, blocked)))
    told = {"text": who.asked, "forget": forget}
    with transaction.atomic():
        act = begin_act(DestructionKind.PERSON, team=team, by=by, reason=reason)
        act.person_hash = person_hash(who.form)
        act.sealed_person = seal_text(orjson.dumps(told).decode())
        act.save(update_fields=["person_hash", "sealed_person"])
        record("erasure_asked", by=by, about=f"{act.pk}", act=act.pk)
    return act


def carry_out_erasures() -> int:
    """Carry out what was asked for and is not done yet; how many acts were ended. Safe to run twice, anywhere."""
    waiting = Destruction.objects.filter(kind=DestructionKind.PERSON, ended_at=None).exclude(sealed_person="")
    return sum(_carried_out(act) for act in waiting.select_related("team").order_by("pk"))


def _carried_out(act: Destruction) -> bool:
    try:
        told = orjson.loads(open_text(act.sealed_person))
        return carry_out(act, told["text"], forget=told["forget"])
    except OSError as fault:
        log.warning("erasure %s goes on when the storage is back: %s", act.pk, type(fault).__name__)
    except Exception:
        log.exception("erasure %s could not be carried out", act.pk)
    return False


def carry_out(act: Destruction, text: str, *, forget: bool) -> bool:
    """Erase the person from one import after another; True when the act could be ended. What is being sent, read or
    checked at this moment is taken up again later."""
    who, jobs = Somebody(text), _jobs_of(act)
    left = jobs.filter(state__in=WAITS).count()
    for job in jobs.kept().exclude(state__in=WAITS).order_by("pk"):
        left += not _erase(job, who, act)
    if left:
        return False
    counts = {"not_searched": jobs.kept().filter(state=JobState.UNREADABLE).count()}
    if forget:
        counts["forgotten"] = _forget(text, jobs)
    end_act(act, **counts)
    return True


def _erase(job: ImportJob, who: Somebody, act: Destruction) -> bool:
    """False when it has to be tried again."""
    found = list(_rows(job, who))
    numbers = {number for _slice, rows in found for number in rows.values()}
    new = numbers - _erased_before(job)
    _erase_headers(job, who)
    if not new:
        return True
    if job.state not in FINISHED | BEFORE_SENDING:
        return False
    try:
        erase_rows(job, found, by=None)
    except Refused:
        return False
    named = sorted(new)[:MOST_NUMBERS]
    record("person_erased", job=job, rows=len(new), numbers=named, act=act.pk)
    return True


def _erased_before(job: ImportJob) -> set[int]:
    """Rows that were erased by acts before, or by this one before it was cut short."""
    told = HistoryEvent.objects.filter(job_id=job.pk, verb="person_erased").values_list("details", flat=True)
    return {number for details in told for number in details.get("numbers", ())}


def _erase_headers(job: ImportJob, who: Somebody) -> None:
    """A file without a header row has a person in its place."""
    if any(map(who.is_in, filter(None, job.headers))):
        plain = [target | {"header": ""} for target in job.mapping_plain]
        ImportJob.objects.filter(pk=job.pk).update(headers=[""] * len(job.headers), notes=[], mapping_plain=plain)


def _found(who: Somebody, jobs: "QuerySet[ImportJob]") -> Iterator[tuple[ImportJob, list[int]]]:
    for job in jobs.filter(purged_at=None).select_related("connection", "team").order_by("pk").iterator(chunk_size=100):
        erased = _erased_before(job)
        numbers = [number for _slice, rows in _rows(job, who) for number in rows.values() if number not in erased]
        if numbers:
            yield job, numbers


def _rows(job: ImportJob, who: Somebody) -> Iterator[tuple[RowSlice, Rows]]:
    """Nothing of an import whose rows went meanwhile."""
    try:
        yield from rows_of(job, who)
    except (FileNotFoundError, Sealed):
        return


def _forget(text: str, jobs: "QuerySet[ImportJob]") -> int:
    keys = people_keys()
    sent = jobs.filter(sent_people__isnull=False).select_related("sent_people")
    return sum(forget_reached(job, job.sent_people, hashes_in(job, text), keys) for job in sent)


def _jobs_of(act: Destruction) -> Any:
    """The imports of the team whose admin asked; of every team where it was an admin of all."""
    jobs = ImportJob.objects.select_related("connection", "source", "team")
    return jobs.filter(team=act.team_id) if act.team_id else jobs


def _somebody(text: str) -> Somebody:
    asked = next(iter(contacts_in(text)), text.strip()) if "@" in text else text.strip()
    if len(asked) < SHORTEST:
        raise Refused("person_missing")
    return Somebody(asked)
