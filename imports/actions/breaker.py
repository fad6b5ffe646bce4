"""Whether the platform is well, kept in the account's row for everybody who calls it.

After several calls without an answer the breaker opens: calls are kept back, and one probe at a time is let through,
ever more rarely. A probe is a batch that may be repeated, or a cheap list; never a batch that must not be sent twice.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from imports.actions import clock
from imports.actions.connections import LOOK_SECONDS, client_for
from imports.actions.errors import Refused
from imports.actions.holding import hold_job
from imports.altcraft import AnswerClass, CallFailed, catalogue
from imports.history import record
from imports.models import Attempt, Connection, ImportJob
from imports.states import JobState

FAILURES_TO_OPEN = 5
WINDOW, FAILURES_IN_WINDOW = 20, 10
OPEN_SECONDS, LONGEST_OPEN_SECONDS = 60.0, 300.0
PROBE_SECONDS = LOOK_SECONDS + 5.0
PATIENCE = timedelta(minutes=30)
PATIENCE_AT_START = timedelta(seconds=20)  # of an account that never answered: its address is wrong, say so soon
SILENT = frozenset({AnswerClass.NOT_SENT, AnswerClass.NO_ANSWER, AnswerClass.UNREADABLE})

_TROUBLED = (
    Q(failures_in_row__gt=0)
    | Q(recent_failures__gt=0)
    | Q(blocked_until__isnull=False)
    | Q(opened_at__isnull=False)
    | Q(failing_since__isnull=False)
)
_WELL: dict[str, Any] = {
    "failures_in_row": 0, "recent_failures": 0, "blocked_until": None, "opened_at": None, "failing_since": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A call without a usable answer: its class and reason, and whether it was the probe of an open breaker."""

    kind: str
    reason: str
    probe: bool = False


def lock(connection_id: int) -> Connection:
    """The account's row, locked: before any batch or job of it, whatever is done."""
    return Connection.objects.defer("catalogue").select_for_update().get(pk=connection_id)


def is_troubled(connection_id: int) -> bool:
    """Whether an answer would change the account's row; seldom, so it is asked without a lock."""
    return Connection.objects.filter(_TROUBLED, pk=connection_id).exists()


def at_once(account: Connection) -> int:
    """How many calls may run at the same time: while the platform does not answer, one notices that it is back."""
    return 1 if account.failures_in_row or account.opened_at else account.parallel


def keep_others_back(account: Connection, until: datetime) -> None:
    """While a probe is under way nothing else goes; `until` is when it must have ended."""
    Connection.objects.filter(pk=account.pk).update(blocked_until=until)


def give_up_probe(connection_id: int | None) -> None:
    """The probe did not take place; the next one may go."""
    Connection.objects.filter(pk=connection_id or 0).exclude(opened_at=None).update(blocked_until=None)


def go_on(account: Connection) -> None:
    """A person says the cause is cleared: no more waiting. An open breaker still wants its probe first."""
    fresh = {"blocked_until": None, "failures_in_row": 0, "recent_failures": 0, "failing_since": None}
    Connection.objects.filter(pk=account.pk).update(**fresh)


def note_wish(account: Connection, until: datetime) -> None:
    """The platform asked everybody to wait."""
    sooner = Q(blocked_until=None) | Q(blocked_until__lt=until)
    Connection.objects.filter(sooner, pk=account.pk).update(blocked_until=until)


def note_answer(account: Connection) -> None:
    """The platform spoke to a batch, whatever it said: all is well."""
    recent = 0 if account.opened_at else _shifted(account, failed=False)
    Connection.objects.filter(pk=account.pk).update(**_WELL | {"recent_failures": recent})
    if account.opened_at:
        record("calls_let_go", about=account.name)


def note_list(account: Connection) -> None:
    """A list came: batches may go again, one at a time, and the first that brings nothing opens the breaker again."""
    Connection.objects.filter(pk=account.pk).update(opened_at=None, blocked_until=None, recent_failures=0)
    record("calls_let_go", about=account.name)


def note_failure(account: Connection, fault: Fault) -> None:
    """A call brought nothing. Opens the breaker, or opens it for longer; holds the jobs when it has been too long."""
    now = clock.now()
    changes: dict[str, Any] = {"failing_since": account.failing_since or now}
    if account.opened_at is None:
        recent = _shifted(account, failed=True)
        failures = account.failures_in_row + 1
        if recent.bit_count() >= FAILURES_IN_WINDOW:
            failures = max(failures, FAILURES_TO_OPEN)
        changes |= {"failures_in_row": failures, "recent_failures": recent}
        if failures >= FAILURES_TO_OPEN:
            changes |= {"opened_at": now, "blocked_until": now + _open_for(failures)}
            record("calls_kept_back", about=account.name, reason=fault.reason)
    elif fault.probe:
        failures = account.failures_in_row + 1
        changes |= {"failures_in_row": failures, "blocked_until": now + _open_for(failures)}
    Connection.objects.filter(pk=account.pk).update(**changes)
    if _is_too_long(account, fault, now - changes["failing_since"], opened="opened_at" in changes):
        _hold_jobs(account, fault)


def probe(connection_id: int) -> None:
    """Ask the platform for a list and note whether it answered. The call is outside any transaction."""
    account = Connection.objects.defer("catalogue").get(pk=connection_id)
    fault = None
    try:
        catalogue.fetch_databases(client_for(account, deadline=LOOK_SECONDS))
    except CallFailed as failed:
        if failed.answer.kind in SILENT and failed.reason != "shape_unknown":
            fault = Fault(failed.answer.kind, failed.reason, probe=True)
    except Refused as refused:
        fault = Fault(AnswerClass.NOT_SENT, refused.code, probe=True)
    with transaction.atomic():
        account = lock(connection_id)
        if fault is None:
            note_list(account)
        else:
            note_failure(account, fault)


def _shifted(account: Connection, *, failed: bool) -> int:
    return (account.recent_failures << 1 | failed) & ((1 << WINDOW) - 1)


def _open_for(failures: int) -> timedelta:
    longer = OPEN_SECONDS * 2.0 ** min(max(0, failures - FAILURES_TO_OPEN), 12)
    return timedelta(seconds=min(LONGEST_OPEN_SECONDS, longer))


def _is_too_long(account: Connection, fault: Fault, failing: timedelta, *, opened: bool) -> bool:
    if failing > PATIENCE and (opened or account.opened_at is not None):
        return True
    early = opened or failing > PATIENCE_AT_START
    return early and fault.kind == AnswerClass.NOT_SENT and not _has_ever_answered(account)


def _has_ever_answered(account: Connection) -> bool:
    tries = Attempt.objects.filter(batch__job__connection=account, http_status__isnull=False)
    return account.catalogue_at is not None or tries.exists()


def _hold_jobs(account: Connection, fault: Fault) -> None:
    code = "unreachable" if fault.kind == AnswerClass.NOT_SENT else "not_answering"
    for job in ImportJob.objects.filter(connection=account, state=JobState.SENDING).order_by("pk"):
        hold_job(job, code, reason=fault.reason)
