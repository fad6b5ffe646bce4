"""Reading children for tests: forked from a process that has everything imported, so that each costs milliseconds.

What a child does is the product's own `child.main`, in a process of its own under its own limits; only starting Python
and importing anew for each file is saved. Tests of the start itself use the product's own, see tests/imports/reading.
"""

import atexit
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

ENOUGH = 1 << 20  # bytes of a request; a look with every option has a few hundred
RECEIVED = 3  # descriptors: the file, the answer, the fate
MOST_OPEN = 64  # descriptors


# --- in the tests' process ---


class WarmChild:
    """As much of subprocess.Popen as the product asks of its child. Its number is its own until it was waited for."""

    def __init__(self, stdout: IO[bytes], fate: socket.socket) -> None:
        self.stdout, self._fate, self._status = stdout, fate, b""
        self.pid = int(self._told())

    def kill(self) -> None:
        if not self._status:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        if not self._status:
            self._fate.settimeout(timeout)
            try:
                self._status = self._told()
            except TimeoutError:
                raise subprocess.TimeoutExpired("a warm child", timeout or 0) from None
            self._fate.close()
        return int(self._status)

    def _told(self) -> bytes:
        return self._fate.recv(64)


class Nursery:
    """The process that is forked; started when the first child is asked for, ended with the tests."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._link: socket.socket | None = None
        self.cold: Any = None  # the product's own way

    def take_over(self, confinement: Any) -> None:
        """From now on children are forked here."""
        self.cold, confinement.start_child = confinement.start_child, self.start

    def start(self, file: IO[bytes], environment: dict[bytes, bytes]) -> Any:
        """As confinement.start_child."""
        answer, answers = os.pipe()
        fate, fates = _pair()
        try:
            with self._lock:
                link = self._link or self._open()
                socket.send_fds(link, [environment[b"READING_REQUEST"]], [file.fileno(), answers, fates.fileno()])
        finally:
            os.close(answers)
            fates.close()
        return WarmChild(os.fdopen(answer, "rb", buffering=0), fate)

    def _open(self) -> socket.socket:
        ours, theirs = _pair()
        command, nowhere = [sys.executable, "-I", __file__, str(theirs.fileno())], subprocess.DEVNULL
        with theirs:
            process = subprocess.Popen(
                command, pass_fds=[theirs.fileno()], env={}, cwd="/", stdin=nowhere, stdout=nowhere, stderr=nowhere
            )
        atexit.register(process.wait)
        atexit.register(ours.close)  # before the wait: it ends by that
        self._link = ours
        return ours


def _pair() -> tuple[socket.socket, socket.socket]:
    """Messages stay apart, and the other side's end is seen."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


# --- in the process that is forked ---


def _serve(link: socket.socket) -> None:
    sys.path.insert(0, str(Path(__file__).parent.parent))
    from imports.reading import child

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the keepers
    while True:
        request, descriptors, _flags, _address = socket.recv_fds(link, ENOUGH, RECEIVED)
        if not request:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            link.close()
            try:
                _keep(child.main, request, *descriptors)
            finally:
                os._exit(1)
        for one in descriptors:
            os.close(one)


def _keep(main: Any, request: bytes, file: int, answers: int, fates: int) -> None:
    """Fork once more; tell the child's number and how it ended, and bury it when nobody can mean it any more."""
    pid = os.fork()
    if pid == 0:
        os.close(fates)
        os.dup2(file, 0)
        os.dup2(answers, 1)
        os.closerange(3, MOST_OPEN)
        os.environb[b"READING_REQUEST"] = request
        main()
        os._exit(0)
    os.close(file)
    os.close(answers)
    fate = socket.socket(fileno=fates)
    fate.send(b"%d" % pid)
    ended = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    fate.send(b"%d" % (ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status))
    fate.recv(1)  # until the other side has closed
    os._exit(0)


NURSERY = Nursery()

if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
