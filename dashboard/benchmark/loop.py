"""The tight loop: one process, one thread, no Celery, no database, nothing kept:
`python -m dashboard.benchmark.loop FILE ADDRESS validated|plain|ceiling`.

It does what must be done to a file in any design: read it, clean and judge every cell, write the profiles' JSON, post
it, read the answers. `validated` does so with the product's own functions on whole columns, the quickest there are;
`plain` judges nothing. `ceiling` only posts: the validated bodies of the first rows, again and again.
"""

import csv
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import requests

from dashboard.benchmark import chosen
from imports.mapping import ColumnMapping
from imports.profiles import build_profiles
from imports.validation import clean_slice, with_order

SLICE = 10_000  # rows that are cleaned at a time
CEILING_BATCHES = 20  # different bodies
CEILING_ROUNDS = 10  # times each is posted

Columns = Sequence[Sequence[str]]


@dataclass(slots=True)
class Sums:
    """Rows by what became of them."""

    rows: int = 0
    invalid: int = 0
    accepted: int = 0
    rejected: int = 0


class Platform:
    """Posts profiles over one kept-alive connection and counts what is answered."""

    def __init__(self, address: str, sums: Sums) -> None:
        self._address, self._sums = address, sums
        self._session = requests.Session()
        self._session.trust_env = False

    def take(self, profiles: Sequence[bytes]) -> None:
        for start in range(0, len(profiles), chosen.PROFILES):
            self.post(chosen.body(profiles[start : start + chosen.PROFILES]))

    def post(self, body: bytes) -> None:
        answer = self._session.post(self._address, data=body, headers={"Content-Type": "application/json"}, timeout=60)
        result = orjson.loads(answer.content)["result"]
        taken = sum(1 for row in result if row["error"] == 0)
        self._sums.accepted += taken
        self._sums.rejected += len(result) - taken


def looped(path: Path, address: str, how: str) -> dict[str, Any]:
    """The sums and the seconds of one pass over the file."""
    sums = Sums()
    platform = Platform(address, sums)
    begun = time.perf_counter()
    decided: ColumnMapping | None = None
    for headers, columns in slices(path):
        sums.rows += len(columns[0])
        decided = decided or mapped(headers, columns)
        profiles = WAYS[how](headers, columns, decided)
        sums.invalid += len(columns[0]) - len(profiles)
        platform.take(profiles)
    return told(sums, time.perf_counter() - begun)


def ceiling(path: Path, address: str) -> dict[str, Any]:
    """The same, of posting alone: bodies are made before the clock starts."""
    bodies: list[bytes] = []
    for headers, columns in slices(path):
        profiles = validated(headers, columns, mapped(headers, columns))
        bodies += [
            chosen.body(profiles[start : start + chosen.PROFILES]) for start in range(0, len(profiles), chosen.PROFILES)
        ]
        if len(bodies) >= CEILING_BATCHES:
            break
    sums = Sums()
    platform = Platform(address, sums)
    begun = time.perf_counter()
    for _ in range(CEILING_ROUNDS):
        for body in bodies:
            platform.post(body)
    seconds = time.perf_counter() - begun
    sums.rows = sums.accepted + sums.rejected
    return told(sums, seconds)


def slices(path: Path) -> Iterator[tuple[list[str], Columns]]:
    """The header and the cells of up to SLICE rows in columns."""
    with path.open(encoding="utf-8", newline="") as source:
        lines = csv.reader(source)
        headers = next(lines)
        while rows := list(islice(lines, SLICE)):
            yield headers, list(zip(*rows, strict=True))


def mapped(headers: Sequence[str], columns: Columns) -> ColumnMapping:
    """The mapping with the order of day and month in each date column, told from the first slice."""
    targets = chosen.mapping(headers).targets
    return ColumnMapping(
        tuple(with_order(target, chosen.TARGET_FIELDS[target.field], columns[target.column]) for target in targets)
    )


def validated(headers: Sequence[str], columns: Columns, mapping: ColumnMapping) -> list[bytes]:
    """The JSON texts of the good rows, column by column."""
    cleaned = clean_slice(columns, mapping, chosen.TARGET_FIELDS, matching=chosen.MATCHING, match_field="")
    bad = {problem.index for problem in cleaned.problems}
    good = [index for index in range(len(columns[0])) if index not in bad]
    lines = build_profiles(cleaned.values, good, subscriptions=chosen.RULES, nested_email=True, wrapped=False)
    return lines.splitlines()


def plain(headers: Sequence[str], columns: Columns, mapping: ColumnMapping) -> list[bytes]:
    """All columns of all rows as they are, under the names of their fields: nothing is judged."""
    return [orjson.dumps(dict(zip(chosen.FIELDS, row, strict=True))) for row in zip(*columns, strict=True)]


WAYS = {"validated": validated, "plain": plain}


def told(sums: Sums, seconds: float) -> dict[str, Any]:
    """The sums, the seconds, and the processor seconds of the whole process. Exits when a row is missing."""
    if sums.rows != sums.invalid + sums.accepted + sums.rejected:
        raise SystemExit(f"the loop's sum does not close: {sums}")
    plain = {"rows": sums.rows, "invalid": sums.invalid, "rejected": sums.rejected}
    return plain | {"seconds": seconds, "cpu": time.process_time()}


if __name__ == "__main__":
    file, where, way = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    print(json.dumps(ceiling(file, where) if way == "ceiling" else looped(file, where, way)))
