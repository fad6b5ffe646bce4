"""More programs of a house: beat, and management commands that run beside one another."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator

from dashboard.supervision import tether
from tests.faults.house import ROOT, House

_TETHER = [sys.executable, "-I", "-S", tether.__file__]


@contextlib.contextmanager
def running(house: House, name: str, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Python program of the house from here to the end of the block; its output goes to the house's logs."""
    with (house.logs / f"{name}.log").open("ab") as log:
        program = subprocess.Popen(
            [*_TETHER, sys.executable, *words], cwd=ROOT, env=house.environ,
            stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield program
    finally:
        program.kill()
        program.wait()


@contextlib.contextmanager
def beat(house: House, name: str = "beat") -> Iterator[subprocess.Popen[bytes]]:
    """Celery's beat with a schedule file of its own."""
    words = ["-m", "celery", "-A", "dashboard.celery", "beat", "-s", str(house.folder / name), "--pidfile="]
    with running(house, name, *words) as program:
        yield program


def visits(house: House, step: str) -> int:
    """How often workers came to a step that a stop names, stopped or not."""
    return len(list(house.steps.glob(f"{step}-*")))
