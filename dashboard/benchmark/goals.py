"""The floors and goals of issue 5, and what the samples say of each."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from dashboard.benchmark.databases import POSTGRES, SQLITE
from dashboard.benchmark.figures import Samples

SEARCH = "search by e-mail"
MET, FLOOR_MET, OPEN, UNKNOWN = "goal met", "floor met, goal open", "FLOOR OPEN", "not measured"
GOAL_OPEN = "goal open"  # of a line without a floor
Show = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows of the three files; ratios against slow yardsticks are taken on the middle one."""

    small: int
    middle: int
    big: int

    @classmethod
    def of(cls, big: int) -> "Sizes":
        """A tenth and a hundredth of it beside it: 10 k, 100 k, 1 M."""
        return cls(max(2, big // 100), max(2, big // 10), big)

    def all(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys((self.small, self.middle, self.big)))


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the issue's table. `measured` None: nothing was. `at_most`: the lower the better."""

    what: str
    measured: float | None
    floor: float | None
    goal: float
    unit: str
    at_most: bool = False

    @property
    def verdict(self) -> str:
        if self.measured is None:
            return UNKNOWN
        if self._reaches(self.goal):
            return MET
        if self.floor is None:
            return GOAL_OPEN
        return FLOOR_MET if self._reaches(self.floor) else OPEN

    @property
    def passes(self) -> bool:
        """Whether its floor is reached, where it has one; what was not measured reaches none."""
        return self.verdict in (MET, FLOOR_MET, GOAL_OPEN)

    def _reaches(self, bound: float) -> bool:
        assert self.measured is not None
        return self.measured <= bound if self.at_most else self.measured >= bound


def goals(samples: Samples, sizes: Sizes) -> Iterator[Goal]:
    """Every line, for each database that was measured."""
    databases = [name for name in (SQLITE, POSTGRES) if any(samples.below(f"ours/{name}"))] or [SQLITE]
    for database in databases:
        yield from _speed(samples, sizes, database)
    ratio = samples.ratio("latency/200/8/rate", "latency/0/8/rate")
    yield Goal("200 ms latency, parallel 8, to own rate without latency", ratio, 0.7, 0.9, "×")
    for database in databases:
        yield from _room(samples, sizes, database)
    for database in databases:
        yield from _pages(samples, sizes, database)
    xlsx = samples.median("workbooks/times")
    yield Goal("XLSX reading to openpyxl read_only, cells to cells", xlsx, 6, 8, "×")


def _speed(samples: Samples, sizes: Sizes, database: str) -> Iterator[Goal]:
    ours, middle = f"ours/{database}", sizes.middle
    loop = samples.ratio(f"{ours}/{sizes.big}/rate", f"loop/{sizes.big}/rate")
    bulk = samples.ratio(f"{ours}/{middle}/rate", f"bulk/{database}/{middle}/rate")
    quickest = samples.ratio(f"{ours}/{middle}/rate", f"quickest/{database}/{middle}/rate")
    naive = samples.ratio(f"{ours}/{middle}/rate", f"naive/{database}/{middle}/rate")
    yield Goal(f"{database}, {sizes.big:,} rows: check + send to the validated tight loop", loop, 0.5, 1.0, "×")
    yield Goal(f"{database}, {middle:,} rows: check + send to django-import-export, bulk", bulk, 10, 20, "×")
    yield Goal(f"{database}, {middle:,} rows: the same, in its quickest way", quickest, None, 10, "×")
    yield Goal(f"{database}, {middle:,} rows: check + send to the naive design", naive, 40, 60, "×")


def _room(samples: Samples, sizes: Sizes, database: str) -> Iterator[Goal]:
    big, middle = f"ours/{database}/{sizes.big}", f"ours/{database}/{sizes.middle}"
    grown = samples.ratio(f"{big}/worker_mb", f"{middle}/worker_mb")
    peak, stored, wire = samples.highest(f"{big}/worker_mb"), samples.median(f"{big}/bytes"), f"{big}/wire"
    sizes_told = f"{sizes.big:,} to {sizes.middle:,} rows"
    yield Goal(f"{database}: peak memory of all worker processes, {sizes_told}", grown, 1.15, 1.05, "×", at_most=True)
    yield Goal(
        f"{database}, {sizes.big:,} rows: peak memory of all worker processes", peak, 450, 350, "MB", at_most=True
    )
    yield Goal(f"{database}, {sizes.big:,} rows: stored in the database, a row", stored, 25, 16, "bytes", at_most=True)
    first = samples.median(wire)
    yield Goal(f"{database}, {sizes.big:,} rows: first batch on the wire after Send", first, 2, 1, "s", at_most=True)


def _pages(samples: Samples, sizes: Sizes, database: str) -> Iterator[Goal]:
    big, small = f"pages/{database}/{sizes.big}", f"pages/{database}/{sizes.small}"
    names = results_pages(samples, big)
    slowest = _highest(samples.median(f"{big}/{name}/p95") for name in names)
    grown = _highest(samples.ratio(f"{big}/{name}/p95", f"{small}/{name}/p95") for name in names)
    search = samples.median(f"{big}/{SEARCH}/p95")
    rows = f"{database}, {sizes.big:,} rows"
    yield Goal(f"{rows}: slowest results page, any filter and depth, p95", slowest, 120, 60, "ms", at_most=True)
    yield Goal(f"{rows}: the same to the same page at {sizes.small:,}, at worst", grown, None, 1.3, "×", at_most=True)
    yield Goal(f"{rows}: search by e-mail, p95", search, 250, 100, "ms", at_most=True)


def results_pages(samples: Samples, folder: str) -> list[str]:
    """The pages of rows in a folder: every filter at every depth, not the searches nor the other pages."""
    names = dict.fromkeys(name.rpartition("/")[0] for name in samples.below(folder))
    return [name for name in names if name.endswith((", first page", ", deep", ", backward"))]


def _highest(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)
