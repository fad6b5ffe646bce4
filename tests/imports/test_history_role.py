"""PostgreSQL with a role that can add to the history and nothing else: the very lines of docs/history.md."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from imports import actions
from imports.chain import EVENTS, LINKS
from imports.models import Connection, HistoryEvent
from tests.factories import make_done_job

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DOCS = Path(__file__).parents[2] / "docs/history.md"
ROLE = "dashboard_of_a_test"


def snippet() -> list[str]:
    (found,) = re.findall(r"```sql\n(.*?)```", DOCS.read_text(), re.DOTALL)
    lines = re.sub(r"\bdashboard\b", ROLE, found).replace("LOGIN PASSWORD '...'", "NOLOGIN")
    return [line for line in lines.split(";") if line.strip()]


@pytest.fixture
def own_storage(settings: Any, tmp_path: Path) -> None:
    """Heads of other tests' histories must not be met."""
    place = {"location": tmp_path, "allow_overwrite": True}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": place}
    settings.STORAGES = settings.STORAGES | {"default": files}


@pytest.fixture
def as_role() -> Iterator[None]:
    """Everything in the test is done by that role; the owner takes it away again."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {ROLE}")
        for statement in snippet():
            cursor.execute(statement)
        cursor.execute(f"SET ROLE {ROLE}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute(f"DROP OWNED BY {ROLE}")
            cursor.execute(f"DROP ROLE {ROLE}")


def refused(statement: str) -> None:
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.usefixtures("own_storage", "as_role")
def test_the_dashboard_works_as_a_role_that_cannot_touch_what_is_written(
    as_anna: Any, as_vera: Any, anna: Any, account: Connection
) -> None:
    job = make_done_job(anna, account)
    assert as_anna.get(reverse("job_results", args=[job.uuid])).status_code == 200
    assert as_vera.get(reverse("history")).status_code == 200
    assert actions.verify_history().intact
    assert {"job_done", "people_viewed", "history_verified"} <= set(HistoryEvent.objects.values_list("verb", flat=True))
    for table in (EVENTS, LINKS):
        refused(f"UPDATE {table} SET id = 0" if table == EVENTS else f"UPDATE {table} SET number = 0")
        refused(f"DELETE FROM {table}")
        refused(f"TRUNCATE {table}")
        refused(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        refused(f"DROP TABLE {table}")
