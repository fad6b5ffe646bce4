"""The sandbox with a fault for every second call with profiles, drawn from a seed; well again after {"reset": true}."""

import argparse
import random
import signal
import threading
from dataclasses import replace
from typing import Any, Final

from imports.sandbox.faults import NO_FAULTS, FaultDesk, Faults
from imports.sandbox.server import SandboxServer

SLOW = 0.8  # seconds a call takes at most besides, so that there is something to interrupt
# How often, and what. What comes late comes after the worker has given up, and is applied all the same.
DRAWN: Final[tuple[tuple[int, Faults], ...]] = (
    (52, NO_FAULTS),
    (6, Faults(drop="before")),
    (7, Faults(drop="after")),
    (4, Faults(drop="after", reset=True)),
    (5, Faults(answer="half")),
    (4, Faults(latency=3.0)),
    (4, Faults(result="short")),
    (3, Faults(result="long")),
    (4, Faults(status=429, retry_after="1")),
    (4, Faults(status=500, when="after")),
    (4, Faults(status=502, when="after")),
    (3, Faults(status=503, retry_after="1")),
)


class ChaoticDesk(FaultDesk):
    """Draws for each call until it is reset."""

    def __init__(self, server: SandboxServer, seed: int) -> None:
        super().__init__(NO_FAULTS, server._set, server.platform.settings)
        self._drawn = random.Random(seed)
        self._calm = False
        self._mine = threading.Lock()

    def change(self, given: dict[str, Any]) -> None:
        self._calm = self._calm or given.get("reset", False)
        super().change(given)

    def next_for(self, path: str) -> Faults:
        if self._calm or not path.rstrip("/").endswith("_batch"):
            return super().next_for(path)
        with self._mine:
            weights, faults = zip(*DRAWN, strict=True)
            fault = self._drawn.choices(faults, weights)[0]
            return replace(fault, latency=fault.latency + self._drawn.uniform(0.0, SLOW))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--profile-limit", type=int, default=0)
    asked = parser.parse_args()
    server = SandboxServer(port=asked.port, token=asked.token, profile_limit=asked.profile_limit)
    server.desk = server.api.desk = ChaoticDesk(server, asked.seed)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    with server:
        ended.wait()


if __name__ == "__main__":
    main()
