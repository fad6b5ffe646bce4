"""What was measured, what follows from it, and the floors it must reach. Pure: numbers in, numbers out."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

TIMES_FLOOR = 5.0  # check and send together, in rows/s of the yardstick
MEMORY_FLOOR = 450.0  # MB, all worker processes together, at the peak
PAGE_FLOOR = 1_000.0  # ms; beyond a second people lose the thread


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


@dataclass(frozen=True, slots=True)
class Round:
    """The yardstick's rows/s, only adding rows and finding them by e-mail first; then our stages, on the same file.

    MB at the peak; processor seconds from the upload to the last answer; seconds each page took to come.
    """

    yardstick: float
    yardstick_matching: float
    stages: Stages
    worker_mb: float
    stack_mb: float
    worker_cpu: float
    sandbox_cpu: float
    stack_cpu: float
    page_seconds: tuple[float, ...]
    failed_pages: int

    @property
    def times(self) -> float:
        return self.stages.check_and_send / self.yardstick

    @property
    def times_matching(self) -> float:
        return self.stages.check_and_send / self.yardstick_matching


@dataclass(frozen=True, slots=True)
class Figures:
    """All rounds together: medians of rates (rows/s) and processor seconds, the highest of peaks (MB), percentiles over
    all pages (ms)."""

    rounds: int
    rows: int
    yardstick: float
    yardstick_matching: float
    read: float
    check: float
    send: float
    check_and_send: float
    times: float
    times_matching: float
    worker_mb: float
    stack_mb: float
    worker_cpu: float
    sandbox_cpu: float
    stack_cpu: float
    pages: int
    failed_pages: int
    page_p50: float
    page_p95: float

    def floors(self) -> dict[str, bool]:
        """Each floor by the name of its figure, and whether it is reached."""
        return {
            "times": self.times >= TIMES_FLOOR,
            "worker_mb": self.worker_mb < MEMORY_FLOOR,
            "page_p95": self.page_p95 < PAGE_FLOOR and not self.failed_pages,
        }

    def to_plain(self) -> dict[str, Any]:
        """As JSON values, the floors with them."""
        return {**asdict(self), "floors": self.floors()}


def summary(rounds: Sequence[Round]) -> Figures:
    """The rounds as one. The ratio is the median of the rounds' own ratios: both sides of each ran close in time."""
    stages = [each.stages for each in rounds]
    pages = [seconds * 1_000 for each in rounds for seconds in each.page_seconds]
    return Figures(
        rounds=len(rounds),
        rows=stages[0].rows,
        yardstick=median(each.yardstick for each in rounds),
        yardstick_matching=median(each.yardstick_matching for each in rounds),
        read=median(stage.rows / stage.read_seconds for stage in stages),
        check=median(stage.rows / stage.check_seconds for stage in stages),
        send=median(stage.sent / stage.send_seconds for stage in stages),
        check_and_send=median(stage.check_and_send for stage in stages),
        times=median(each.times for each in rounds),
        times_matching=median(each.times_matching for each in rounds),
        worker_mb=max(each.worker_mb for each in rounds),
        stack_mb=max(each.stack_mb for each in rounds),
        worker_cpu=median(each.worker_cpu for each in rounds),
        sandbox_cpu=median(each.sandbox_cpu for each in rounds),
        stack_cpu=median(each.stack_cpu for each in rounds),
        pages=len(pages),
        failed_pages=sum(each.failed_pages for each in rounds),
        page_p50=percentile(pages, 50),
        page_p95=percentile(pages, 95),
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` percent of `values` do not exceed; no value is invented between two.

    Infinite when there is none: what was never measured must not pass a floor.
    """
    if not values:
        return float("inf")
    rank = -(-len(values) * share // 100)
    return sorted(values)[max(0, int(rank) - 1)]
