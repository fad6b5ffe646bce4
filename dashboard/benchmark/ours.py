"""Our side: imports through a running stack, their times, memory, storage, and their pages afterwards."""

import contextlib
import subprocess
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import requests

from dashboard.benchmark.figures import Stages
from dashboard.benchmark.pages import Visitor, signed_in
from dashboard.benchmark.processes import Watch
from dashboard.benchmark.programs import BenchFailed, last_words, module, plain_of, stop, told_by
from dashboard.benchmark.stack import Stack
from dashboard.local import ROOT
from imports.actions.demo import PASSWORD

PERSON = "marketer"
PAGES_SECONDS = 900.0


class Imported:
    """One import: its uuid, what the driver told of it, and who watched."""

    def __init__(self, uuid: str, told: dict[str, Any], watch: Watch, visitor: Visitor | None) -> None:
        self.uuid, self.watch, self.visitor = uuid, watch, visitor
        self.stages = stages_of(told)
        self.wire = told["wire"]
        self.stored = told["stored"]
        self.whole_seconds = told["at"]["job_done"] - told["at"]["job_created"]


def imported(
    stack: Stack,
    file: Path,
    *,
    platform: str,
    seconds: float,
    profiles: int = 0,
    parallel: int = 0,
    visit: bool = False,
) -> Imported:
    """Import the file within `seconds`; with `visit` a person opens its page meanwhile. Raises BenchFailed."""
    person = _sign_in(stack) if visit else None
    with _driver(stack, file, platform, profiles, parallel, seconds) as driver:
        uuid = str(_next_line(driver)["uuid"])
        with contextlib.ExitStack() as held:
            watch = held.enter_context(Watch(stack.pid))
            page = f"{stack.url}/imports/{uuid}/"
            visitor = held.enter_context(Visitor(person, page)) if person else None
            told = _next_line(driver)
    return Imported(uuid, told, watch, visitor)


@contextlib.contextmanager
def under_way(stack: Stack, files: list[Path], *, platform: str, seconds: float) -> Iterator[None]:
    """While entered, these files are on their way too, each an import of its own; nobody waits for their end."""
    with contextlib.ExitStack() as held:
        for file in files:
            _next_line(held.enter_context(_driver(stack, file, platform, 0, 0, seconds)))
        yield


def pages(stack: Stack, uuids: list[str], *, tries: int) -> dict[str, dict[str, list[float]]]:
    """By uuid, [p50, p95] in ms of each page of these imports. Raises BenchFailed."""
    visiting = module("visiting", stack.url, tries, *uuids)
    return told_by(visiting, seconds=PAGES_SECONDS, environment=stack.environment)


def stages_of(told: Mapping[str, Any]) -> Stages:
    """The stages' times from what the driver printed. A sum without all rows is a failure."""
    at, sums = told["at"], told["totals"]
    sent = sums["accepted"] + sums["rejected"]
    if sent + sums["invalid"] + sums["set_aside"] != sums["rows"] or not sent:
        raise BenchFailed(f"not every row came through: {sums}")
    return Stages(
        rows=sums["rows"],
        sent=sent,
        read_seconds=at["file_read"] - at["job_created"],
        check_seconds=at["check_finished"] - at["check_begun"],
        send_seconds=at["job_done"] - at["sending_started"],
    )


def _sign_in(stack: Stack) -> requests.Session:
    try:
        return signed_in(stack.url, PERSON, PASSWORD)
    except requests.RequestException as fault:
        raise BenchFailed(f"the pages do not work: {fault}") from fault


@contextlib.contextmanager
def _driver(
    stack: Stack, file: Path, platform: str, profiles: int, parallel: int, seconds: float
) -> "Iterator[subprocess.Popen[str]]":
    command = module("drive", file, "--platform", platform, "--profiles", profiles, "--parallel", parallel)
    driver = subprocess.Popen(
        command, cwd=ROOT, env=dict(stack.environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    late = threading.Timer(seconds, driver.kill)
    late.start()
    try:
        yield driver
    finally:
        late.cancel()
        stop(driver)


def _next_line(driver: "subprocess.Popen[str]") -> dict[str, Any]:
    assert driver.stdout
    if line := driver.stdout.readline():
        return plain_of(line, ["dashboard.benchmark.drive"])
    _, said = driver.communicate()
    raise BenchFailed(f"the import failed: {last_words(said)}" if said.strip() else "the import did not end in time")
