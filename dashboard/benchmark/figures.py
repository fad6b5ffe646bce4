"""What was measured, by name and round, and what follows from it. Pure: numbers in, numbers out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median


@dataclass(frozen=True, slots=True)
class Stages:
    """Seconds each stage of one import took, from history, and the rows it worked on: `sent` of `rows` were good."""

    rows: int
    sent: int
    read_seconds: float
    check_seconds: float
    send_seconds: float

    @property
    def check_and_send(self) -> float:
        """Rows of the file per second, from the start of the check to the last answer; no pause of a person's."""
        return self.rows / (self.check_seconds + self.send_seconds)

    @property
    def seconds(self) -> float:
        """All stages, reading too."""
        return self.read_seconds + self.check_seconds + self.send_seconds


@dataclass
class Samples:
    """A number for each name and round. Names are paths, such as "ours/SQLite/1000000/rate"."""

    values: dict[str, dict[int, float]] = field(default_factory=dict)

    def add(self, round_number: int, name: str, value: float) -> None:
        self.values.setdefault(name, {})[round_number] = value

    def median(self, name: str) -> float | None:
        """Over the rounds; None for what was never measured."""
        found = self.values.get(name)
        return median(found.values()) if found else None

    def highest(self, name: str) -> float | None:
        return max(self.values[name].values()) if name in self.values else None

    def ratio(self, above: str, below: str) -> float | None:
        """The median of the rounds' own ratios, for both sides of each ran close in time; of rounds that have both."""
        ours, theirs = self.values.get(above, {}), self.values.get(below, {})
        shared = [ours[number] / theirs[number] for number in ours.keys() & theirs.keys() if theirs[number]]
        return median(shared) if shared else None

    def below(self, folder: str) -> Iterator[str]:
        """The names in a folder, without it, in the order they came."""
        start = f"{folder}/"
        return (name.removeprefix(start) for name in self.values if name.startswith(start))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` percent of `values` do not exceed; no value is invented between two.

    Infinite when there is none: what was never measured must not pass a floor.
    """
    if not values:
        return float("inf")
    rank = -(-len(values) * share // 100)
    return sorted(values)[max(0, int(rank) - 1)]
