"""A clock moved by hand."""

from collections.abc import Callable
from datetime import datetime, timedelta

LONGEST = timedelta(days=3)


class HandClock:
    """What `timezone.now()` says to the product; `sleep` moves it on and takes no time."""

    def __init__(self, real: Callable[[], datetime]) -> None:
        self._real = real
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return self._real() + self.moved

    def sleep(self, seconds: float) -> None:
        self.moved += timedelta(seconds=seconds)
        assert self.moved < LONGEST, "it never ends"
