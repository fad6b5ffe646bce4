"""The platform of a house: the project's own sandbox in a process of its own. Its delivery log is the judge."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dashboard.supervision import tether
from tests.faults.services import PATIENCE, free_port, wait_until

ROOT = Path(__file__).parents[2]
_ALL = 1_000_000


class Platform:
    """The sandbox, told what to do wrong by `fault` and asked what it did by `deliveries` and `people`."""

    def __init__(self, log: Path, *, token: str, options: Sequence[str] = (), module: str = "imports.sandbox") -> None:
        self.token, self._log, self._options, self._module = token, log, options, module
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, or start it again on the same port: then it has forgotten everything."""
        command = [sys.executable, "-I", "-S", tether.__file__, sys.executable, "-m", self._module]
        command += ["--port", str(self.port), "--token", self.token, *self._options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        wait_until(self._answers, "the platform starts")

    def end(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def fault(self, path: str = "_batch", **given: Any) -> None:
        """From now on only these faults (names of imports.sandbox.faults and .settings), for calls with profiles."""
        self._ask("/sandbox/control", {"reset": True, "path": path, **given})

    def heal(self) -> None:
        self._ask("/sandbox/control", {"reset": True})

    def forget(self) -> None:
        """As new: no people, no deliveries, no faults."""
        self.thaw()
        self._ask("/sandbox/control", {"reset": True, "forget": True})

    def state(self) -> dict[str, Any]:
        """Faults, settings and counts, as the sandbox shows them."""
        return self._ask("/sandbox/state")

    def deliveries(self) -> list[dict[str, Any]]:
        """Every request with profiles that reached it whole, oldest first: `applied`, `request_id`, `sha256`, ..."""
        found: list[dict[str, Any]] = self._ask("/sandbox/deliveries")["deliveries"]
        return found

    def people(self, database: int = 1) -> dict[str, int]:
        """How often each person, by e-mail address, was created or changed by a call."""
        found = self._ask(f"/sandbox/profiles?db_id={database}&limit={_ALL}")["profiles"]
        return {str(person["email"]): int(person["times_applied"]) for person in found}

    def _ask(self, path: str, content: dict[str, Any] | None = None) -> dict[str, Any]:
        body = json.dumps(content).encode() if content is not None else None
        with urllib.request.urlopen(urllib.request.Request(self.url + path, data=body), timeout=PATIENCE) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, self._log.read_text()
        with contextlib.suppress(OSError):
            self.state()
            return True
        return False
