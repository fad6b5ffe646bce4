"""A whole dashboard of its own, as `manage.py up` starts it, in a temporary folder."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import requests

from dashboard.benchmark.databases import fresh_database
from dashboard.benchmark.ports import free_ports
from dashboard.benchmark.programs import BenchFailed, bare_environment, last_words, stop
from dashboard.local import ROOT

READY_SECONDS = 90.0
STOP_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack: its process, where its pages are, and the environment of commands that work beside it."""

    pid: int
    url: str
    environment: Mapping[str, str]


@contextlib.contextmanager
def running_stack(folder: Path, *, server: str = "", platforms: Sequence[str] = ()) -> Iterator[Stack]:
    """Start `manage.py up` under `folder`, wait for its pages, stop it at the end. Raises BenchFailed.

    `server` is a PostgreSQL server to keep its database on ("" keeps it in SQLite), `platforms` the addresses its
    accounts may be at besides its own sandbox.
    """
    with contextlib.ExitStack() as held:
        environment = bare_environment(DATA_DIR=str(folder / "var"))
        if platforms:
            environment["ALTCRAFT_ALLOWED_HOSTS"] = ",".join(urlsplit(address).netloc for address in platforms)
        if server:
            environment["DATABASE_URL"] = held.enter_context(fresh_database(server))
        yield held.enter_context(_up(folder, environment))


@contextlib.contextmanager
def _up(folder: Path, environment: dict[str, str]) -> Iterator[Stack]:
    port, sandbox_port = free_ports(2)
    command = [sys.executable, "manage.py", "up", "--port", str(port), "--sandbox-port", str(sandbox_port)]
    log = folder / "up.log"
    with log.open("w") as told:
        up = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for_pages(up, url, log)
        allowed = ",".join(filter(None, [environment.get("ALTCRAFT_ALLOWED_HOSTS"), f"127.0.0.1:{sandbox_port}"]))
        yield Stack(up.pid, url, environment | {"ALTCRAFT_ALLOWED_HOSTS": allowed, "INSECURE_LOCAL": "1"})
    finally:
        stop(up, seconds=STOP_SECONDS)


def _wait_for_pages(up: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while up.poll() is None and time.monotonic() < end:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{url}/healthz", timeout=2).ok:
                return
        time.sleep(0.2)
    raise BenchFailed(f"manage.py up did not start: {last_words(log.read_text())}")
