"""The processes of a running stack: the memory they hold and the processor time they use. Linux only, from /proc."""

import os
import threading
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")
EVERY = 0.5  # seconds; a look costs about 20 ms of a processor
TICKS = os.sysconf("SC_CLK_TCK")
KILOBYTE = 1_024 / 1_000_000  # the kernel's kB, in MB


class Watch:
    """While entered, watches `root` and all of its descendants; workers are those of Celery and what they start.

    `worker_mb`, `stack_mb`: the highest PSS together, in MB; PSS divides a shared page among those who share it, so
    that sums are true. `worker_parts`: the workers' peak by what they do. `worker_cpu`, `sandbox_cpu`, `stack_cpu`:
    processor seconds used meanwhile.
    """

    def __init__(self, root: int) -> None:
        self.worker_mb = 0.0
        self.stack_mb = 0.0
        self.worker_parts: dict[str, float] = {}
        self._root = root
        self._workers: set[int] = set()
        self._sandbox: set[int] = set()
        self._before: dict[int, float] = {}
        self._cpu: dict[int, float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> "Watch":
        self._look()
        self._before = dict(self._cpu)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, tb: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    @property
    def worker_cpu(self) -> float:
        return self._used(self._workers)

    @property
    def sandbox_cpu(self) -> float:
        return self._used(self._sandbox)

    @property
    def stack_cpu(self) -> float:
        return self._used(self._cpu)

    def _used(self, pids: Iterable[int]) -> float:
        return sum(self._cpu[pid] - self._before.get(pid, 0.0) for pid in pids)

    def _look_on(self) -> None:
        while not self._over.wait(EVERY):
            self._look()

    def _look(self) -> None:
        parents = _parents()
        sizes = {pid: pss(pid) for pid in [self._root, *descendants(self._root, parents)]}
        commands = {pid: _command(pid) for pid in sizes}
        workers = {pid for pid in sizes if is_worker(commands[pid])}
        workers.update(*[descendants(pid, parents) for pid in workers])
        self._workers |= workers
        self._sandbox |= {pid for pid in sizes if "imports.sandbox" in commands[pid]}
        self._cpu |= {pid: max(cpu(pid), self._cpu.get(pid, 0.0)) for pid in sizes}
        parts: dict[str, float] = defaultdict(float)
        for pid in workers & sizes.keys():
            parts[part_of(commands[pid])] += sizes[pid]
        if (together := sum(parts.values())) > self.worker_mb:
            self.worker_mb, self.worker_parts = together, dict(parts)
        self.stack_mb = max(self.stack_mb, sum(sizes.values()))


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


def part_of(command: list[str]) -> str:
    """What a process of a worker does: the queue it serves (its pool shares its command line), or reading."""
    return command[command.index("-Q") + 1] if is_worker(command) and "-Q" in command[:-1] else "reading"


def pss(pid: int) -> float:
    """MB of one process; 0 when it has ended meanwhile."""
    try:
        text = (PROC / str(pid) / "smaps_rollup").read_text()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * KILOBYTE for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def cpu(pid: int) -> float:
    """Processor seconds one process has used; 0 when it has ended meanwhile."""
    fields = _status(pid)
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0


def can_measure() -> bool:
    return (PROC / "self" / "smaps_rollup").exists()


def _parents() -> dict[int, int]:
    pids = [int(folder.name) for folder in PROC.iterdir() if folder.name.isdigit()]
    return {pid: int(fields[1]) for pid in pids if (fields := _status(pid))}


def _status(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the command's name; none when the process has ended meanwhile."""
    try:
        return (PROC / str(pid) / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return []


def _command(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_text(errors="replace").split("\0")
    except OSError:
        return []
