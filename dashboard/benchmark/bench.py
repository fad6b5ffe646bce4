"""One run of the bench: what was asked for, what has come out so far, what failed and what is to be told of figures."""

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dashboard.benchmark.databases import POSTGRES, SQLITE
from dashboard.benchmark.figures import Samples
from dashboard.benchmark.goals import Sizes
from imports.samples import big_csv

BAD_SHARE = 0.005  # of the rows; the light platform rejects 1 in 100 more: 1.5 % problems
LIMIT_SECONDS = 60.0  # for an import of no rows at all
LONGEST = 160  # characters of a failure
SLOWEST = 1_500.0  # rows/s; what is slower than that has failed


@dataclass
class Bench:
    """`server` is a PostgreSQL server, "" where there is none. `say` tells a person a line while it goes on.

    `naive_seconds`: how long the naive design may take for a file; it is stopped then.
    """

    sizes: Sizes
    rounds: int
    folder: Path
    server: str
    say: Callable[[str], None]
    naive_seconds: float = 30.0
    tries: int = 10
    round: int = 1
    samples: Samples = field(default_factory=Samples)
    notes: dict[str, str] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @property
    def databases(self) -> list[tuple[str, str]]:
        """The databases to measure on: (name, server)."""
        return [(SQLITE, ""), *([(POSTGRES, self.server)] if self.server else [])]

    @property
    def is_first(self) -> bool:
        return self.round == 1

    @property
    def is_last(self) -> bool:
        return self.round == self.rounds

    def file(self, rows: int) -> Path:
        """A file of so many people, always the same; written when first asked for."""
        path = self.folder / f"people-{rows}.csv"
        if not path.exists():
            big_csv(path.with_suffix(".new"), rows, bad_share=BAD_SHARE).rename(path)
        return path

    def add(self, name: str, value: float) -> None:
        self.samples.add(self.round, name, value)

    def tell(self, text: str) -> None:
        """A line for the person who waits, with the seconds since the start."""
        self.say(f"{time.monotonic() - self.begun:6.0f} s  round {self.round}  {text}")

    @contextlib.contextmanager
    def attempt(self, what: str) -> Iterator[None]:
        """One measurement. What goes wrong in it is kept as its failure, and the others go on."""
        try:
            yield
        except Exception as fault:  # noqa: BLE001 - whatever it is, the rest of the bench is worth having
            words = next(iter(str(fault).splitlines()), "") or type(fault).__name__
            told = f"{what}, round {self.round}: {words[:LONGEST]}"
            self.failures.append(told)
            self.tell(f"FAILED: {told}")


def patience(rows: int) -> float:
    """Seconds after which an import of so many rows has failed."""
    return LIMIT_SECONDS + rows / SLOWEST
