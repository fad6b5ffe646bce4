"""What `manage.py up` becomes once all is prepared: starts supervisor, says what matters, stops everything.

Standard library only, so that waiting costs 15 MB and not a whole Django.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from dashboard.supervision import tether

_READY_SECONDS = 60.0
_STOP_SECONDS = 8.0  # enough when no call is under way; the promise is 10
_LONGEST_STOP_SECONDS = 145.0  # a call to Altcraft ends by its own deadline; after that all is killed
_EXITED = re.compile(r"exited: ([\w-]+) \((.*); not expected\)")
_RUNNING = re.compile(r"success: ([\w-]+) entered RUNNING")
_GAVE_UP = re.compile(r"gave up: ([\w-]+) entered FATAL")


@dataclass
class Foreground:
    """One run of all programs under DATA_DIR `folder`, whose page is at `host`:`port`."""

    folder: Path
    host: str
    port: int
    _stop_asked: list[float] = field(default_factory=list)
    _restarted: set[str] = field(default_factory=set)

    def run(self) -> int:
        """Start, wait for the end, stop. Returns the exit status."""
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if sign != signal.SIGHUP or signal.getsignal(sign) != signal.SIG_IGN:  # nohup means it
                signal.signal(sign, self._ask_to_stop)
        tether.adopt_orphans()
        supervisor = self._start()
        try:
            fault = self._watch(supervisor)
        finally:
            self._stop(supervisor)
        say(f"manage.py: {fault}" if fault else "Stopped. Start it again and it goes on where it was.")
        return 1 if fault else 0

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop_asked.append(time.monotonic())

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-I", "-S", tether.__file__, "--term"]
        command += [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(self.folder / "supervisord.conf")]
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,  # Ctrl-C reaches this process only, which stops the others in order
        )  # fmt: skip

    # --- while it runs ---

    def _watch(self, supervisor: subprocess.Popen[str]) -> str:
        """Until somebody asks to stop ("" is returned) or something cannot go on (what, in one line)."""
        patience = time.monotonic() + _READY_SECONDS
        greeted = False
        for line in self._lines(supervisor):
            fault = self._tell(line, greeted=greeted)
            if fault or self._stop_asked:
                return fault
            if greeted:
                continue
            if self._page_answers():
                say((self.folder / "welcome.txt").read_text())
                greeted = True
            elif time.monotonic() > patience:
                return f"the page did not answer within {_READY_SECONDS:.0f} s. {self._last_words('web')}"
        return "" if self._stop_asked else f"the supervisor ended. {self._last_words('supervisord')}"

    def _lines(self, supervisor: subprocess.Popen[str]) -> Iterator[str]:
        """Supervisor's lines as they come, and an empty one every 0.2 s in between."""
        assert supervisor.stdout
        with selectors.DefaultSelector() as selector:
            selector.register(supervisor.stdout, selectors.EVENT_READ)
            os.set_blocking(supervisor.stdout.fileno(), False)
            while supervisor.poll() is None:
                selector.select(timeout=0.2)
                yield from supervisor.stdout.readlines() or [""]

    def _tell(self, line: str, *, greeted: bool) -> str:
        """Say what a person should know of supervisor's `line`; return what makes going on senseless."""
        if gave_up := _GAVE_UP.search(line):
            return f"{gave_up[1]} cannot start. {self._last_words(gave_up[1])}"
        if (exited := _EXITED.search(line)) and not self._stop_asked:
            self._restarted.add(exited[1])
            if greeted:
                say(f"{exited[1]} ended ({exited[2]}); starting it again.")
        elif (running := _RUNNING.search(line)) and running[1] in self._restarted:
            self._restarted.discard(running[1])
            if greeted:
                say(f"{running[1]} runs again.")
        return ""

    def _page_answers(self) -> bool:
        page = http.client.HTTPConnection(self.host, self.port, timeout=5)
        try:
            page.request("GET", "/healthz", headers={"Host": "localhost"})
            return page.getresponse().status < 500
        except (OSError, http.client.HTTPException):
            return False
        finally:
            page.close()

    def _last_words(self, program: str) -> str:
        path = self.folder / "logs" / f"{program}.log"
        lines = path.read_text(errors="replace").splitlines() if path.exists() else []
        last = next((line for line in reversed(lines) if line.strip()), "It wrote nothing.")
        return f"Its last line: {last} (all of it: {path})"

    # --- the end ---

    def _stop(self, supervisor: subprocess.Popen[str]) -> None:
        """Everything down: in order, a running call by its answer, then by force. A second Ctrl-C ends the wait."""
        say("Stopping ...")
        supervisor.terminate()
        asked_before, begun, told = len(self._stop_asked), time.monotonic(), False
        while supervisor.poll() is None and len(self._stop_asked) <= max(asked_before, 1):
            waited = time.monotonic() - begun
            if waited > _LONGEST_STOP_SECONDS:
                break
            if waited > _STOP_SECONDS and not told:
                say("A request to Altcraft is still under way; waiting for its answer. Ctrl-C again stops at once.")
                told = True
            with contextlib.suppress(subprocess.TimeoutExpired):
                supervisor.communicate(timeout=0.2)
        supervisor.kill()
        supervisor.wait()
        _kill_the_rest()


def _kill_the_rest() -> None:
    """Kill and bury the descendants that outlived the supervisor; orphans were adopted, so they are our children."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    while children.exists() and (left := children.read_text().split()):
        for number in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.wait()


def say(text: str) -> None:
    """Write to the terminal; a closed one is no reason to leave processes behind."""
    with contextlib.suppress(OSError, ValueError):
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(Foreground(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])).run())
