"""The threads of a sending process, shared between accounts.

An account whose platform hangs keeps its threads until the deadline of each call. So one account never has more than
half of a process's threads, and only one of them waits for longer than a moment.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

SHORT = 1.0  # seconds anybody may wait
LONGEST = 5.0  # seconds one may wait; after that the sweep, or whoever is free then, looks again


class Seats:
    """Who works for which account in this process. `each` is the most threads for one account, 0 for no limit."""

    def __init__(self) -> None:
        self.each = 0
        self._taken: Counter[int] = Counter()
        self._waiting: set[int] = set()
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, account: int) -> Iterator[bool]:
        """A seat for the length of the block; False when the account has all of its seats."""
        with self._lock:
            got = not self.each or self._taken[account] < self.each
            self._taken[account] += got
        try:
            yield got
        finally:
            with self._lock:
                self._taken[account] -= got

    def wait(self, account: int, seconds: float | None) -> bool:
        """Wait for what is due soon; False, at once, when it is not worth keeping a thread for."""
        if seconds is None or seconds > LONGEST:
            return False
        if seconds <= SHORT:
            time.sleep(seconds + 0.01)
            return True
        with self._lock:
            if account in self._waiting:
                return False
            self._waiting.add(account)
        try:
            time.sleep(seconds + 0.01)
        finally:
            with self._lock:
                self._waiting.discard(account)
        return True
