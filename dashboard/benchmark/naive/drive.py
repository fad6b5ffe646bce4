"""An import by the naive design: `python -m dashboard.benchmark.naive.drive FILE ADDRESS SECONDS`.

Stores the rows, rings for tasks and waits up to SECONDS for their end; a worker must listen on NAIVE_BROKER. Prints
seconds of storing and of the rest, and the rows by their status. "new" rows are those it did not come to.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count

from dashboard.benchmark.naive import configured  # noqa: F401 - models exist only after it
from dashboard.benchmark.naive.models import Row, Upload
from dashboard.benchmark.naive.tasks import TASK_ROWS, app, send_rows

STORED_AT_ONCE = 1_000
LOOK = 0.5
START_SECONDS = 60.0


def imported(path: Path, address: str, seconds: float) -> dict[str, Any]:
    """Seconds and rows by status. Waits for the worker first, which is not counted."""
    _wait_for_worker()
    begun = time.perf_counter()
    upload = Upload.objects.create(name=path.name)
    rows = _store(path, upload)
    stored = time.perf_counter()
    for first in range(0, rows, TASK_ROWS):
        send_rows.delay(upload.pk, first, address)
    while time.perf_counter() - begun < seconds and Row.objects.filter(upload=upload, status="new").exists():
        time.sleep(LOOK)
    counts = Row.objects.filter(upload=upload).values_list("status").annotate(rows=Count("pk")).order_by()
    worked = time.perf_counter() - stored
    return {"rows": rows, "store_seconds": stored - begun, "work_seconds": worked, "statuses": dict(counts)}


def _store(path: Path, upload: Upload) -> int:
    stored = 0
    with path.open(encoding="utf-8", newline="") as source:
        lines: Iterator[dict[str, str]] = csv.DictReader(source)
        while some := list(islice(lines, STORED_AT_ONCE)):
            numbered = enumerate(some, start=stored)
            Row.objects.bulk_create(Row(upload=upload, number=number, payload=cells) for number, cells in numbered)
            stored += len(some)
    return stored


def _wait_for_worker() -> None:
    end = time.monotonic() + START_SECONDS
    while not app.control.ping(timeout=0.5):
        if time.monotonic() > end:
            sys.exit("the worker does not answer")


if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Upload)
        editor.create_model(Row)
    print(json.dumps(imported(Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]))))
