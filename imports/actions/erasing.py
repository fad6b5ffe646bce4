"""One person erased from every import: asked for by an admin with a reason, carried out import by import, with an act.

It begins with a search (personsearch.py) that has ended. Whom it is about is kept sealed in the act until it is carried
out, and not a moment longer; then only a keyed hash stays, by which somebody who knows the address finds the act again.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import orjson
from django.db import transaction
from django.db.models import Q, QuerySet

from imports.actions import clock
from imports.actions.acts import begin_act, end_act, person_hash
from imports.actions.asking import hashes_in
from imports.actions.errors import Refused
from imports.actions.personsearch import asked_person, erased_before, found_by_search, somebody
from imports.actions.reached import forget_reached
from imports.actions.rowerasing import Rows, erase_rows
from imports.actions.sentpeople import people_keys
from imports.history import record
from imports.models import Destruction, DestructionKind, ImportJob, PersonSearch, RowSlice, Team
from imports.results import Somebody, rows_of
from imports.states import BEFORE_SENDING, FINISHED, JobState
from imports.vault import Sealed, open_text, seal_text

log = logging.getLogger(__name__)

MOST_NUMBERS = 200  # rows named in one line of the history
WAITS = frozenset({JobState.UPLOADED, JobState.READING, JobState.CHECKING})  # work on it ends in a moment
LEASE: Final = timedelta(minutes=5)  # of whoever erases, and until what had to wait is tried again


def ask_erasure(search: PersonSearch, *, team: Team | None, by: Any, reason: str, forget: bool = False) -> Destruction:
    """Have the person of a search that has ended erased from every import; the search goes. `forget`: also from what
    answers "was this person written to?".

    Raise Refused: "reason_missing", "person_missing", "search_not_over", "person_being_sent" (jobs).
    """
    if not reason.strip():
        raise Refused("reason_missing")
    if search.ended_at is None or search.fault:
        raise Refused("search_not_over")
    who = somebody(asked_person(search))
    blocked = [one.job.pk for one in found_by_search(search) if one.blocked]
    if blocked:
        raise Refused("person_being_sent", jobs=", ".join(map(str, blocked)))
    told = {"text": who.asked, "forget": forget}
    with transaction.atomic():
        if not PersonSearch.objects.filter(pk=search.pk).delete()[0]:
            raise Refused("search_not_over")  # asked for twice
        act = begin_act(DestructionKind.PERSON, team=team, by=by, reason=reason)
        act.person_hash = person_hash(who.form)
        act.sealed_person = seal_text(orjson.dumps(told).decode())
        act.save(update_fields=["person_hash", "sealed_person"])
        record("erasure_asked", by=by, about=f"{act.pk}", act=act.pk)
    return act


def carry_out_erasures() -> int:
    """Carry out what was asked for and is not done yet, whoever was at it; how many acts were ended. Safe to run twice,
    anywhere."""
    return sum(_carried_out(act) for act in _open().select_related("team").order_by("pk"))


def carry_out_due_erasures() -> int:
    """The same of those nobody is at, and that have not been tried a moment ago."""
    return sum(_claimed(pk) and _carried_out(Destruction.objects.select_related("team").get(pk=pk)) for pk in _due())


def erasures_are_due() -> bool:
    """Whether a bell should be rung."""
    return bool(_due())


def _open() -> "QuerySet[Destruction]":
    return Destruction.objects.filter(kind=DestructionKind.PERSON, ended_at=None).exclude(sealed_person="")


def _free() -> "QuerySet[Destruction]":
    return _open().filter(Q(lease_until=None) | Q(lease_until__lt=clock.now()))


def _due() -> list[int]:
    return list(_free().order_by("pk").values_list("pk", flat=True))


def _claimed(pk: int) -> bool:
    return _free().filter(pk=pk).update(lease_until=clock.now() + LEASE) == 1


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
        left += not _erase(job, who, act, _teller(act))
    if left:
        return False
    counts = {"not_searched": jobs.kept().filter(state=JobState.UNREADABLE).count()}
    if forget:
        counts["forgotten"] = _forget(text, jobs)
    end_act(act, **counts)
    return True


def _erase(job: ImportJob, who: Somebody, act: Destruction, tell: Callable[[], None]) -> bool:
    """False when it has to be tried again."""
    found = list(_rows(job, who, tell))
    numbers = {number for _slice, rows in found for number in rows.values()}
    new = numbers - erased_before(job)
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


def _erase_headers(job: ImportJob, who: Somebody) -> None:
    """A file without a header row has a person in its place."""
    if any(map(who.is_in, filter(None, job.headers))):
        plain = [target | {"header": ""} for target in job.mapping_plain]
        ImportJob.objects.filter(pk=job.pk).update(headers=[""] * len(job.headers), notes=[], mapping_plain=plain)


def _rows(job: ImportJob, who: Somebody, tell: Callable[[], None]) -> Iterator[tuple[RowSlice, Rows]]:
    """Nothing of an import whose rows went meanwhile."""
    try:
        yield from rows_of(job, who, tell=tell)
    except (FileNotFoundError, Sealed):
        return


def _teller(act: Destruction) -> Callable[[], None]:
    """Says once a slice that somebody is at it, so that nobody else begins."""

    def tell() -> None:
        Destruction.objects.filter(pk=act.pk).update(lease_until=clock.now() + LEASE)

    return tell


def _forget(text: str, jobs: "QuerySet[ImportJob]") -> int:
    keys = people_keys()
    sent = jobs.filter(sent_people__isnull=False).select_related("sent_people")
    return sum(forget_reached(job, job.sent_people, hashes_in(job, text), keys) for job in sent)


def _jobs_of(act: Destruction) -> Any:
    """The imports of the team whose admin asked; of every team where it was an admin of all."""
    jobs = ImportJob.objects.select_related("connection", "source", "team")
    return jobs.filter(team=act.team_id) if act.team_id else jobs
