"""Who breaks things at random while work goes on: workers, the broker, the database. Drawn from a seed, counted."""

from __future__ import annotations

import contextlib
import heapq
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from tests.faults.house import House, Worker
from tests.faults.services import PrivatePostgres

PAUSE = (0.4, 1.6)  # seconds between two deeds
SLEEP = (3.0, 9.0)  # seconds a frozen worker sleeps; leases are shorter
DEEDS = {"kill a worker": 4, "kill a child": 5, "freeze a worker": 4, "kill Redis": 2, "crash PostgreSQL": 2}


class Monkey:
    """Keeps some workers running and does harm to them. `hire` starts the worker of a place in the line."""

    def __init__(
        self,
        house: House,
        seed: int,
        hire: list[Callable[[], Worker]],
        postgres: PrivatePostgres | None = None,
        deeds: dict[str, int] = DEEDS,
    ) -> None:
        self._deeds = {deed: often for deed, often in deeds.items() if postgres or "PostgreSQL" not in deed}
        self.house, self._postgres = house, postgres
        self._drawn = random.Random(seed)
        self._hire, self._workers = hire, [hired() for hired in hire]
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._timers: list[threading.Timer] = []
        self.counts: Counter[str] = Counter()
        self.killed: dict[int, float] = {}  # process -> when, in seconds since the epoch

    def rage(self, seconds: float) -> None:
        """Break something every now and then for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._wait(self._drawn.uniform(*PAUSE))
            (deed,) = self._drawn.choices(list(self._deeds), list(self._deeds.values()))
            if self._do(deed):
                self.counts[deed] += 1

    def calm(self) -> None:
        """Everything is up again, and nobody sleeps."""
        for timer in self._timers:
            timer.cancel()
        for worker in self._workers:
            worker.thaw()
        while self._later:
            heapq.heappop(self._later)[2]()
        for place, worker in enumerate(self._workers):
            if not self._alive(worker):
                self._workers[place] = self._hired(place)

    def dismiss(self) -> None:
        """Ask all workers to end; those that do not are killed."""
        for worker in self._workers:
            worker.stop()
        end = time.monotonic() + 20
        for worker in self._workers:
            while self._alive(worker) and time.monotonic() < end:
                time.sleep(0.05)
            worker.kill()

    def _do(self, deed: str) -> bool:
        place = self._drawn.randrange(len(self._workers))
        worker = self._workers[place]
        match deed:
            case "kill a worker":
                return self._kill(place, [worker.pid, *worker.children()], whole=True)
            case "kill a child":
                children = [pid for each in self._workers for pid in each.children()]
                return bool(children) and self._kill(place, [self._drawn.choice(children)], whole=False)
            case "freeze a worker":
                worker.freeze()
                self._thaw_later(worker)
            case "kill Redis":
                assert self.house.broker is not None
                self.house.broker.kill()
                self.later(self._drawn.uniform(0.3, 2.0), self.house.broker.start)
                self._wait(2.0)
            case "crash PostgreSQL":
                assert self._postgres is not None
                self._postgres.restart()
        return True

    def _thaw_later(self, worker: Worker) -> None:
        """In a thread: the sleeper may hold SQLite's lock, and whoever is asked something here would wait for it."""
        timer = threading.Timer(self._drawn.uniform(*SLEEP), worker.thaw)
        timer.daemon = True
        timer.start()
        self._timers.append(timer)

    def _kill(self, place: int, pids: list[int], *, whole: bool) -> bool:
        now = time.time()
        for pid in pids:
            self.killed.setdefault(pid, now)
        if whole:
            self._workers[place].signal(signal.SIGKILL)
            self.later(self._drawn.uniform(0.2, 1.0), lambda: self._replace(place))
        else:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pids[0], signal.SIGKILL)
        return True

    def _replace(self, place: int) -> None:
        if not self._alive(self._workers[place]):
            self._workers[place] = self._hired(place)

    def _hired(self, place: int) -> Worker:
        self.counts["workers started again"] += 1
        return self._hire[place]()

    @staticmethod
    def _alive(worker: Worker) -> bool:
        return worker.status is None

    def later(self, seconds: float, do: Callable[[], Any]) -> None:
        """Do this after so many seconds, between two deeds."""
        heapq.heappush(self._later, (time.monotonic() + seconds, len(self._later) + int(time.time() * 1000), do))

    def _wait(self, seconds: float) -> None:
        """Wait, and do meanwhile what is due."""
        end = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            while self._later and self._later[0][0] <= now:
                heapq.heappop(self._later)[2]()
            if time.monotonic() >= end:
                return
            time.sleep(max(0.0, min(0.05, end - time.monotonic())))
