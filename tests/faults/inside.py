"""What a house is asked for, called in its own process: small words over the product's actions and its tables."""

from typing import Any

from django.db import connection
from django.utils import timezone

from imports import actions, tasks
from imports.destination import Destination
from imports.mapping import ColumnMapping, ColumnTarget
from imports.models import Attempt, Batch, Connection, ImportJob
from imports.results import totals
from imports.states import MOVES_BY_ITSELF
from tests.faults import steward, worker

HEADERS = ("E-mail", "First name", "Phone")
FIELDS = ("email", "_fname", "phones")


def prepare(*, migrate: bool) -> None:
    """Make the tables where somebody else's database has none."""
    if migrate:
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)


def let_go_of_the_database() -> None:
    connection.close()


def start_worker(*, options: dict[str, Any]) -> int:
    return worker.start(options)


def start_beat(*, log: str) -> int:
    return worker.start_beat(log)


def status(*, pid: int) -> int | None:
    return steward.ENDED.get(pid)


def sql(*, query: str, parameters: list[Any]) -> list[list[Any]]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return [list(row) for row in cursor.fetchall()] if cursor.description else []


# --- work ---


def account(*, name: str, url: str, token: str, **limits: Any) -> int:
    """The connection of this name, made if it is not there. Its deadline may be shorter than a person may choose."""
    deadline = limits.pop("deadline_seconds")
    known = Connection.objects.filter(name=name).first()
    if known is None:
        known = actions.add_connection(name=name, base_url=url, token=token, by=None, **limits)
        Connection.objects.filter(pk=known.pk).update(deadline_seconds=deadline)
    return known.pk


def make_job(
    *, account: int, rows: int, unsafe: bool, send: bool, per_request: int | None, choices: dict[str, Any]
) -> int:
    """A file of invented people, read, mapped and checked; sent if wanted, its bells rung."""
    kept = Connection.objects.get(pk=account)
    if per_request:
        kept.profiles_per_request = per_request
        kept.save(update_fields=["profiles_per_request"])
    number = ImportJob.objects.count() + 1
    lines = [",".join(HEADERS), *(",".join(person(number, row)) for row in range(rows))]
    job = actions.create_job(chunks=["\n".join(lines).encode()], name=f"people{number}.csv", by=None)
    actions.read_job(job.pk)
    job.refresh_from_db()
    targets = tuple(
        ColumnTarget(place, header, field) for place, (header, field) in enumerate(zip(HEADERS, FIELDS, strict=True))
    )
    plain: dict[str, Any] = {"database_id": 1, "phone_region": "RU", "skip_triggers": not unsafe} | choices
    actions.map_columns(job, connection=kept, destination=Destination(**plain), mapping=ColumnMapping(targets), by=None)
    actions.begin_check(job, by=None)
    job = actions.drain(job.pk)
    assert job.state == "checked", f"the job is {job.state}"
    assert job.repeatable is not unsafe, job.unsafe_reasons
    if send:
        send_job(job=job.pk)
    return job.pk


def send_job(*, job: int) -> None:
    """A person's "Send", and the bell for it."""
    tasks.ring_send(actions.start_job(ImportJob.objects.get(pk=job), by=None))


def start_job(*, job: int) -> None:
    """A person's "Send", and nobody hears the bell."""
    actions.start_job(ImportJob.objects.get(pk=job), by=None)


def send_within(*, job: int, soft: float, hard: float) -> None:
    """The same, with a bell that carries its own time limits in seconds (bells carry those of who rings)."""
    started = actions.start_job(ImportJob.objects.get(pk=job), by=None)
    tasks.send_batches.apply_async(args=[started.connection_id], soft_time_limit=soft, time_limit=hard, retry=False)


def person(job: int, row: int) -> tuple[str, str, str]:
    """Invented, and to be found nowhere but in the platform and in sealed files."""
    return f"planted{row}.of{job}@example.com", f"Plantedname{row}", f"+7900{job:03d}{row:04d}"


def sweep() -> int:
    bells = actions.reconcile()
    for bell in bells:
        tasks.ring_bell(bell)
    return len(bells)


# --- what it has come to ---


def job_state(*, job: int) -> str:
    return str(ImportJob.objects.values_list("state", flat=True).get(pk=job))


def moving(*, jobs: list[int]) -> list[int]:
    """Those of the jobs (of all, for none) that a machine should be working on."""
    found = ImportJob.objects.filter(state__in=MOVES_BY_ITSELF)
    return list((found.filter(pk__in=jobs) if jobs else found).values_list("pk", flat=True))


def sums(*, job: int) -> dict[str, int]:
    counted = totals(ImportJob.objects.get(pk=job))
    return {**counted.to_plain(), "closes": counted.closes}


def batches(*, job: int) -> list[dict[str, Any]]:
    found = []
    for batch in Batch.objects.filter(job=job).order_by("number"):
        attempts = [
            {
                "number": one.number, "state": one.state, "kind": one.kind, "reason": one.reason,
                "request_id": str(one.request_id), "on_wire": one.on_wire_at is not None,
                "decision_number": one.decision_number, "answer": bool(one.sealed_answer),
            }
            for one in Attempt.objects.filter(batch=batch).order_by("number")
        ]  # fmt: skip
        found.append({
            "id": batch.pk, "number": batch.number, "state": str(batch.state), "rows": batch.rows,
            "tries": batch.tries, "accepted": batch.accepted, "request_id": str(batch.request_id), "attempts": attempts,
        })  # fmt: skip
    return found


def history(*, job: int | None = None) -> list[dict[str, Any]]:
    from imports.models import HistoryEvent

    found = HistoryEvent.objects.order_by("pk")
    if job is not None:
        found = found.filter(job_id=job)
    return [{"verb": one.verb, "job": one.job_id, "details": one.details} for one in found]


def let_leases_run_out() -> None:
    """As if so much time had passed: every lease is over."""
    now = timezone.now()
    Batch.objects.filter(lease_until__gt=now).update(lease_until=now)


def cancel(*, job: int) -> str:
    return str(actions.cancel_job(ImportJob.objects.get(pk=job), by=None).state)


def decide(*, batch: int, choice: str, reason: str = "seen on the platform") -> str:
    """A person's decision; the state of the batch after it, or "refused: CODE"."""
    try:
        found = actions.decide(Batch.objects.get(pk=batch), choice, by=None, reason=reason)
    except actions.Refused as fault:
        return f"refused: {fault.code}"
    return str(found.state)
