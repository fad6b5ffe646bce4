"""The usual Celery recipe, as a control: acks_late, reject_on_worker_lost, autoretry, state written after the call."""

import os
from typing import Any

import requests
from celery import Celery

from tests.faults.inside import person

TIMEOUT = 2.0  # seconds, as in most tutorials

app = Celery("recipe", broker=os.environ["REDIS_URL"])
app.conf.update(
    task_default_queue="recipe",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    task_ignore_result=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 6,  # so that what a dead worker held comes back within the test
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    },
)


@app.task(autoretry_for=(Exception,), retry_backoff=0.2, retry_backoff_max=2, max_retries=12, retry_jitter=False)
def send(url: str, token: str, batch: int, rows: int) -> None:
    """Call, look at the status, then write down that it is done."""
    profiles = [{"email": person(1, batch * rows + row)[0]} for row in range(rows)]
    body: dict[str, Any] = {"token": token, "db_id": 1, "matching": "email", "data": profiles}
    answer = requests.post(f"{url}/api/v1.1/profiles/import_batch", json=body, timeout=TIMEOUT)
    answer.raise_for_status()
    if answer.json()["error"]:
        raise RuntimeError(answer.json()["error_text"])
    _done(batch)


def _done(batch: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE recipe SET done = 1 WHERE batch = %s", [batch])
    connection.close()


# --- asked by tests/faults/controls/recipe_stage.py ---


def begin(*, url: str, token: str, batches: int, rows: int) -> None:
    """A table of batches, and a message for each."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE recipe (batch integer PRIMARY KEY, done integer NOT NULL DEFAULT 0)")
        for batch in range(batches):
            cursor.execute("INSERT INTO recipe (batch) VALUES (%s)", [batch])
    for batch in range(batches):
        send.delay(url, token, batch, rows)


def left() -> int:
    """Batches nobody knows the end of."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM recipe WHERE done = 0")
        return int(cursor.fetchone()[0])
