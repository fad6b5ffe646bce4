"""In which imports a person stands: every cell of every import is read, so a worker does it and a page tells how far.

Whoever takes a search holds a lease and looks through one import after another for a turn. What was found is kept after
each of them, so that a worker that dies costs the import it was in and no more. Whom it is about is kept sealed, for a
day at most.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from imports.actions import clock
from imports.actions.acts import person_hash
from imports.actions.asking import contacts_in
from imports.actions.errors import Refused
from imports.history import record
from imports.models import HistoryEvent, ImportJob, PersonSearch
from imports.results import Somebody, rows_of
from imports.states import BEFORE_SENDING, FINISHED
from imports.vault import Sealed, open_text, seal_text

log = logging.getLogger(__name__)

SHORTEST: Final = 3  # characters; what is shorter stands in far too many cells
LEASE: Final = timedelta(seconds=60)
TELL_SECONDS: Final = 1.0  # how often a worker tells that it lives
KEPT: Final = timedelta(days=1)
MOST_FAILURES: Final = 5
TOO_OFTEN, NOT_LOOKED, NOT_ALLOWED = "search_too_often", "search_failed", "search_not_allowed"


class _Overtaken(Exception):
    """Another worker has taken the search over, or nobody wants it any more."""


@dataclass(frozen=True, slots=True)
class Stands:
    """An import a person stands in, and in how many rows; `blocked`: it is being sent, or waits for a decision."""

    job: ImportJob
    rows: int
    blocked: bool


def look_for_person(text: str, *, by: Any) -> PersonSearch:
    """Have a person looked for in every import `by` sees. The same question asked twice is one. Raise Refused:
    "person_missing"."""
    who = somebody(text)
    hashed, now = person_hash(who.form), clock.now()
    with transaction.atomic():
        same = PersonSearch.objects.select_for_update().filter(asked_by=by, person_hash=hashed, ended_at=None)
        if (known := same.first()) is not None:
            return known
        asked = {"asked_by": by, "asked_at": now, "person_hash": hashed, "sealed_person": seal_text(who.asked)}
        made = PersonSearch.objects.create(**asked, imports=_jobs_of(by).count())
        record("person_asked", by=by, search=made.pk)
    return made


def go_on_looking(pk: int, *, seconds: float) -> bool:
    """Look on for a turn, if nobody else does; whether something is left for another turn."""
    if (search := _claim(pk)) is None:
        return False
    try:
        return _looked_for_a_turn(search, time.monotonic() + seconds)
    except _Overtaken:
        return False
    except OSError as fault:
        log.warning("search %s goes on when the storage is back: %s", pk, type(fault).__name__)
        _keep_if_ours(search, failures=0)  # its lease brings it back
        return False
    except Exception:
        log.exception("search %s could not go on", pk)
        _end(search, fault=NOT_LOOKED)
        return False


def searches_to_go_on() -> list[int]:
    """Those a bell should be rung for."""
    return list(PersonSearch.objects.waiting(clock.now()).values_list("pk", flat=True))


def found_by_search(search: PersonSearch) -> list[Stands]:
    """What it has found so far, as the imports are now."""
    rows = dict(search.found)
    jobs = ImportJob.objects.kept().filter(pk__in=rows).select_related("connection", "team").order_by("pk")
    return [Stands(job, rows[job.pk], job.state not in FINISHED | BEFORE_SENDING) for job in jobs]


def asked_person(search: PersonSearch) -> str:
    """Whom it is about. Raise Refused("person_missing") when no key opens it any more."""
    try:
        return open_text(search.sealed_person)
    except Sealed:
        raise Refused("person_missing") from None


def forget_searches() -> int:
    """What nobody has come back to for a day goes, and with it whom it was about."""
    return PersonSearch.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()[0]


def somebody(text: str) -> Somebody:
    """The person a text asks for. Raise Refused("person_missing")."""
    asked = next(iter(contacts_in(text)), text.strip()) if "@" in text else text.strip()
    if len(asked) < SHORTEST:
        raise Refused("person_missing")
    return Somebody(asked)


def erased_before(job: ImportJob) -> set[int]:
    """Rows that were erased by acts before, or by this one before it was cut short."""
    told = HistoryEvent.objects.filter(job_id=job.pk, verb="person_erased").values_list("details", flat=True)
    return {number for details in told for number in details.get("numbers", ())}


def _claim(pk: int) -> PersonSearch | None:
    """One that has killed its workers again and again is given up."""
    now = clock.now()
    search = PersonSearch.objects.waiting(now).filter(pk=pk).select_related("asked_by").first()
    if search is None:
        return None
    if search.failures >= MOST_FAILURES:
        _end(search, fault=TOO_OFTEN)
        return None
    mine = PersonSearch.objects.waiting(now).filter(pk=pk, turn=search.turn)
    if not mine.update(lease_until=now + LEASE, turn=F("turn") + 1, failures=F("failures") + 1):
        return None
    search.turn += 1
    return search


def _looked_for_a_turn(search: PersonSearch, end: float) -> bool:
    if not search.asked_by.is_active:
        _end(search, fault=NOT_ALLOWED)
        return False
    who, tell, jobs = Somebody(open_text(search.sealed_person)), _teller(search), _jobs_of(search.asked_by)
    for pk in list(jobs.filter(pk__gt=search.last_job).order_by("pk").values_list("pk", flat=True)):
        rows = _rows_in(ImportJob.objects.select_related("connection").get(pk=pk), who, tell)
        search.found += [[pk, rows]] if rows else []
        search.looked += 1
        _keep(search, found=search.found, last_job=pk, looked=search.looked, failures=0)
        if time.monotonic() >= end:
            _keep(search, lease_until=None)
            return True
    _end(search)
    return False


def _rows_in(job: ImportJob, who: Somebody, tell: Callable[[], None]) -> int:
    """Nothing of an import whose rows went meanwhile."""
    erased = erased_before(job)
    try:
        found = rows_of(job, who, tell=tell)
        return sum(number not in erased for _slice, rows in found for number in rows.values())
    except (FileNotFoundError, Sealed):
        return 0


def _teller(search: PersonSearch) -> Callable[[], None]:
    """Says now and then that the worker lives, so that nobody takes the search over."""
    told_at = time.monotonic()

    def tell() -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELL_SECONDS:
            told_at = time.monotonic()
            _keep(search, lease_until=clock.now() + LEASE)

    return tell


def _keep(search: PersonSearch, **fields: Any) -> None:
    if not _keep_if_ours(search, **fields):
        raise _Overtaken


def _keep_if_ours(search: PersonSearch, **fields: Any) -> bool:
    """Fenced by the turn that holds the lease."""
    return PersonSearch.objects.filter(pk=search.pk, turn=search.turn, ended_at=None).update(**fields) == 1


def _end(search: PersonSearch, *, fault: str = "") -> None:
    with transaction.atomic():
        ended = _keep_if_ours(search, ended_at=timezone.now(), lease_until=None, fault=fault)
        if ended and not fault:
            record("person_searched", search=search.pk, imports=len(search.found))


def _jobs_of(user: Any) -> "QuerySet[ImportJob]":
    return ImportJob.objects.visible_to(user).filter(purged_at=None)
