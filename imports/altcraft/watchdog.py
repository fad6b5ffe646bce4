"""An end for a call that would otherwise never end.

Socket time-outs count the silence between two bytes; a peer that drips one byte a second goes on for ever. At the
deadline the connection is shut down under whoever is reading or writing, which ends every kind of waiting.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType


class Watchdog:
    """Shuts the watched socket down once `seconds` have passed since the with-block began."""

    def __init__(self, seconds: float) -> None:
        self.fired = False
        self._ends_at = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._over = False
        self._handle: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._fire)
        self._timer.daemon = True

    def remaining(self) -> float:
        """Seconds until the deadline; 0 when it has passed."""
        return 0.0 if self.fired else max(0.0, self._ends_at - time.monotonic())

    def watch(self, sock: socket.socket) -> None:
        """Watch this socket instead of the last one, through a descriptor of our own.

        The TLS layer takes the descriptor of the plain socket away, and another thread may close and reuse a number;
        a duplicate is ours until we close it, and shutting it down ends the connection itself.
        """
        handle = socket.fromfd(sock.fileno(), sock.family, sock.type)
        with self._lock:
            self._let_go()
            self._handle = handle
            if self.fired:
                self._shut()

    def _fire(self) -> None:
        with self._lock:
            if not self._over:
                self.fired = True
                self._shut()

    def _shut(self) -> None:
        if self._handle is not None:
            with contextlib.suppress(OSError):  # the peer was faster
                self._handle.shutdown(socket.SHUT_RDWR)

    def _let_go(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            self._let_go()
