"""Runs a program that must not outlive the process that started it: `tether.py [--term] [--lock FILE] PROGRAM ARG ...`.

Started by path with `python -I -S`, so that it costs milliseconds, and becomes PROGRAM; nothing of it stays behind.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":  # elsewhere a killed `up` leaves its programs, and the next one finds the port busy
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def die_with_parent(how: signal.Signals) -> None:
    """Ask the kernel for the signal `how` when this process's parent ends, however it ends."""
    _prctl(_PR_SET_PDEATHSIG, how)
    if os.getppid() == 1:  # it ended before the line above
        os.kill(os.getpid(), how)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ended."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def hold(path: str) -> None:
    """Wait for the lock on `path` and keep it as long as PROGRAM lives."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    os.set_inheritable(file, True)
    fcntl.flock(file, fcntl.LOCK_EX)


def main(arguments: list[str]) -> None:
    how = signal.SIGKILL
    while arguments[0].startswith("--"):
        option = arguments.pop(0)
        if option == "--term":
            how = signal.SIGTERM
        elif option == "--lock":
            hold(arguments.pop(0))
    die_with_parent(how)
    os.execvp(arguments[0], arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
