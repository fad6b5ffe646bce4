"""The task for 10,000 rows, and the worker's application:
`celery -A dashboard.benchmark.naive.tasks worker -P prefork -c 2`."""

import os
from collections.abc import Sequence
from typing import Any

import requests
from celery import Celery

from dashboard.benchmark import chosen
from dashboard.benchmark.naive import configured  # noqa: F401 - models exist only after it
from dashboard.benchmark.naive.models import Row
from dashboard.benchmark.naive.validating import Bad, profile_of

TASK_ROWS = 10_000
CHUNK = 1_000  # rows a request, and rows a bulk_update

app = Celery("naive", broker=os.environ["NAIVE_BROKER"])
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)


@app.task
def send_rows(upload_id: int, first: int, address: str) -> None:
    """Judge, send and write back rows `first` to `first` + TASK_ROWS of an upload."""
    rows = list(
        Row.objects.filter(upload=upload_id, number__gte=first, number__lt=first + TASK_ROWS).order_by("number")
    )
    for start in range(0, len(rows), CHUNK):
        _send(rows[start : start + CHUNK], address)


def _send(rows: Sequence[Row], address: str) -> None:
    good, profiles = [], []
    for row in rows:
        try:
            profiles.append(profile_of(row.payload))
            good.append(row)
        except Bad as fault:
            row.status, row.error_text = "invalid", str(fault)[:300]
    asked = {"token": chosen.TOKEN, "db_id": chosen.DATABASE, "matching": chosen.MATCHING, "data": profiles}
    answer: dict[str, Any] = requests.post(address, json=asked, timeout=60).json()
    for row, result in zip(good, answer["result"], strict=True):
        row.status = "rejected" if result["error"] else "accepted"
        row.error_code, row.error_text = result["error"], result["error_text"]
        row.profile_id = result["profile_id"]
    Row.objects.bulk_update(rows, ["status", "error_code", "error_text", "profile_id"], batch_size=CHUNK)
