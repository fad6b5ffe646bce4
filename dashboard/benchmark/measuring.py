"""One round: the yardstick, then a fresh stack, one after the other on the same file. Everything raises BenchFailed."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests

from dashboard.benchmark.figures import Round, Stages
from dashboard.benchmark.pages import Visitor, signed_in
from dashboard.benchmark.processes import Watch
from dashboard.benchmark.stack import BenchFailed, Stack, running_stack
from dashboard.local import ROOT
from imports.actions.demo import PASSWORD

PERSON = "marketer"


def measured_round(file: Path, profiles: int | None) -> Round:
    """Both sides on `file`; `profiles` a request, None for the connection's default."""
    yardstick, matching = measured_yardstick(file), measured_yardstick(file, key="email")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, running_stack(Path(folder)) as stack:
        person = _sign_in(stack)
        driver = _start(stack, file, profiles)
        with driver:
            uuid = _next_line(driver)["uuid"]
            with Watch(stack.pid) as watch, Visitor(person, f"{stack.url}/imports/{uuid}/") as visitor:
                told = _next_line(driver)
    return Round(
        yardstick=yardstick,
        yardstick_matching=matching,
        stages=stages_of(told),
        worker_mb=watch.worker_mb,
        stack_mb=watch.stack_mb,
        worker_cpu=watch.worker_cpu,
        sandbox_cpu=watch.sandbox_cpu,
        stack_cpu=watch.stack_cpu,
        page_seconds=tuple(visitor.seconds),
        failed_pages=visitor.failed,
    )


def measured_yardstick(file: Path, *, key: str = "") -> float:
    """Rows per second of django-import-export, which finds each row by `key` first if one is given."""
    command = [sys.executable, "-m", "dashboard.benchmark.yardstick", str(file), key]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BenchFailed(f"the yardstick failed: {_last(done.stderr)}")
    told = json.loads(done.stdout)
    return float(told["rows"] / told["seconds"])


def stages_of(told: Mapping[str, Any]) -> Stages:
    """The stages' times from what the driver printed. A sum without all rows is a failure."""
    at, sums = told["at"], told["totals"]
    done = sums["accepted"] + sums["invalid"] + sums["set_aside"]
    if done != sums["rows"]:
        raise BenchFailed(f"not every row came through: {sums}")
    return Stages(
        rows=sums["rows"],
        sent=sums["accepted"],
        read_seconds=at["file_read"] - at["job_created"],
        check_seconds=at["check_finished"] - at["check_begun"],
        send_seconds=at["job_done"] - at["sending_started"],
    )


def _sign_in(stack: Stack) -> requests.Session:
    try:
        return signed_in(stack.url, PERSON, PASSWORD)
    except requests.RequestException as fault:
        raise BenchFailed(f"the pages do not work: {fault}") from fault


def _start(stack: Stack, file: Path, profiles: int | None) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "dashboard.benchmark.drive", str(file), *([str(profiles)] if profiles else [])]
    environment = dict(stack.environment)
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def _next_line(driver: "subprocess.Popen[str]") -> dict[str, Any]:
    assert driver.stdout
    if line := driver.stdout.readline():
        return dict(json.loads(line))
    _, said = driver.communicate()
    raise BenchFailed(f"the import failed: {_last(said)}")


def _last(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "it said nothing.")
