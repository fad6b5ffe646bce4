"""One import into a platform that will misbehave, and its end in the foreground."""

from typing import Any

from imports import actions
from imports.models import Attempt, Connection, ImportJob
from tests.factories import fresh, make_sending_job

S_AND_X = {"argnames": "safe", "argvalues": [True, False], "ids": ["S", "X"]}
TOKEN = "token-to-be-seen-nowhere-4711"


def people(count: int, start: int = 0) -> list[str]:
    return [f"person{number}@example.com" for number in range(start, start + count)]


def table(addresses: list[str]) -> str:
    return "E-mail,First name\n" + "".join(f"{address},Person\n" for address in addresses)


def begun(by: Any, url: str, *, rows: int = 4, safe: bool = True, token: str = TOKEN, **limits: Any) -> ImportJob:
    """An import a person has sent, nothing of which has gone out. S skips triggers, X does not."""
    return begun_on(by, account(url, token, **limits), people(rows), safe=safe)


def account(url: str, token: str = TOKEN, *, deadline: int = 0, **limits: Any) -> Connection:
    """An account of the platform; `deadline` in seconds may be shorter than a person may choose."""
    connection = actions.add_connection(name=f"Account at {url}", base_url=url, token=token, by=None, **limits)
    if deadline:
        Connection.objects.filter(pk=connection.pk).update(deadline_seconds=deadline)
        connection.refresh_from_db()
    return connection


def begun_on(by: Any, connection: Any, addresses: list[str], *, safe: bool = True) -> ImportJob:
    return make_sending_job(by, connection, table(addresses), database_id=1, skip_triggers=safe)


def ended(job: ImportJob, clock: Any) -> ImportJob:
    """Worked on in the foreground until it is final or waits for a person; back-offs move the clock by hand."""
    actions.drain(job.pk, sleep=clock.sleep)
    return fresh(job)


def kinds(job: ImportJob) -> list[tuple[str, str]]:
    """What became of each attempt that is over: class and reason, in order."""
    return list(Attempt.objects.filter(batch__job=job).order_by("pk").values_list("kind", "reason"))
