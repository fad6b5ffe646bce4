"""A whole dashboard of its own, as `manage.py up` starts it, in a temporary folder."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests

from dashboard.local import ROOT

READY_SECONDS = 90.0
STOP_SECONDS = 20.0
# What a deployment chooses must not reach the stack that is measured: the embedded default is.
CHOICES = (
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEYS", "ALTCRAFT_ALLOWED_HOSTS", "ALLOWED_HOSTS", "DEBUG",
    "CSRF_TRUSTED_ORIGINS", "BEHIND_PROXY", "EMAIL_URL", "LOG_LEVEL", "TIME_ZONE", "UPLOAD_LIMIT_BYTES",
)  # fmt: skip


class BenchFailed(Exception):
    """Why there are no figures, in one line for a person."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack: its process, where its pages are, and the environment of commands that work beside it."""

    pid: int
    url: str
    environment: Mapping[str, str]


@contextlib.contextmanager
def running_stack(folder: Path) -> Iterator[Stack]:
    """Start `manage.py up` under `folder`, wait for its pages, stop it at the end. Raises BenchFailed."""
    environment = {name: value for name, value in os.environ.items() if name not in CHOICES}
    environment |= {"DATA_DIR": str(folder / "var")}
    port, sandbox_port = free_ports(2)
    command = [sys.executable, "manage.py", "up", "--port", str(port), "--sandbox-port", str(sandbox_port)]
    log = folder / "up.log"
    with log.open("w") as told:
        up = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for_pages(up, url, log)
        yield Stack(up.pid, url, environment)
    finally:
        _stop(up)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on now."""
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def _wait_for_pages(up: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while up.poll() is None and time.monotonic() < end:
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{url}/healthz", timeout=2).ok:
                return
        time.sleep(0.2)
    lines = [line for line in log.read_text().splitlines() if line.strip()]
    raise BenchFailed(f"manage.py up did not start: {lines[-1] if lines else 'it said nothing.'}")


def _stop(up: "subprocess.Popen[bytes]") -> None:
    up.send_signal(signal.SIGTERM)
    try:
        up.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        up.kill()
        up.wait()
