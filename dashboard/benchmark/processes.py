"""The processes of a running stack and the memory they hold together. Linux only: it is read from /proc."""

import threading
from collections import defaultdict
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
EVERY = 0.2  # seconds
KILOBYTE = 1_024 / 1_000_000  # the kernel's kB, in MB


class PeakMemory:
    """While entered, keeps the highest PSS in MB of the workers, and of all descendants of `root` with them.

    PSS counts a page that several processes share once, divided among them, so that sums are true.
    """

    def __init__(self, root: int) -> None:
        self.workers = 0.0
        self.stack = 0.0
        self._root = root
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "PeakMemory":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            parents = _parents()
            sizes = {pid: pss(pid) for pid in [self._root, *descendants(self._root, parents)]}
            workers = [pid for pid in sizes if is_worker(_command(pid))]
            counted = set(workers).union(*(descendants(pid, parents) for pid in workers))
            self.workers = max(self.workers, sum(sizes.get(pid, 0.0) for pid in counted))
            self.stack = max(self.stack, sum(sizes.values()))
            if self._over.wait(EVERY):
                return


def descendants(root: int, parents: dict[int, int]) -> list[int]:
    """Every process below `root`, where `parents` names the parent of each."""
    children = defaultdict(list)
    for pid, parent in parents.items():
        children[parent].append(pid)
    found = []
    waiting = [root]
    while waiting:
        below = children[waiting.pop()]
        found += below
        waiting += below
    return found


def is_worker(command: list[str]) -> bool:
    """Whether a command line is that of a Celery worker; its pool and its reading children are found below it."""
    return "celery" in command and "worker" in command


def pss(pid: int) -> float:
    """MB of one process; 0 when it has ended meanwhile."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * KILOBYTE for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def can_measure() -> bool:
    return (PROC / "self" / "smaps_rollup").exists()


def _parents() -> dict[int, int]:
    parents = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    return parents


def _command(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return []
