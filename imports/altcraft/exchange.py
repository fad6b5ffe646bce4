"""One call on its way: the permission to write, the socket, and what is known about the bytes that left.

The connection classes ask the exchange under way in their thread, so one pool of connections can serve many threads.
"""

from __future__ import annotations

import queue
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Final

from imports.altcraft.addresses import Destination
from imports.altcraft.watchdog import Watchdog

Resolver = Callable[..., Iterable[tuple[Any, Any, int, str, tuple[Any, ...]]]]

PATIENCE: Final = 5.0  # seconds a socket waits beyond the deadline: the watchdog comes first, this is the second net


class Stopped(Exception):
    """The call ended before its first byte; `reason` is the code of why. Never leaves the package."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


class Stale(Stopped):
    """The connection turned out to be closed while provably nothing of the request had been written to it."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("connection_lost_before_sending", detail)


@dataclass(slots=True)
class Exchange:
    """The state of one call. `before_wire` is asked once, after connecting and before the first byte."""

    destination: Destination
    watchdog: Watchdog
    before_wire: Callable[[], bool]
    fresh: bool
    connect_timeout: float
    resolve: Resolver
    reused: bool = field(default=False, init=False)
    permitted: bool = field(default=False, init=False)
    wrote: bool = field(default=False, init=False)
    write_failed: bool = field(default=False, init=False)
    fault: BaseException | None = field(default=None, init=False)

    def permit(self) -> None:
        """Ask for the permission to write, once. Raises Stopped when it is not given or the time is up."""
        if not self.permitted:
            try:
                self.permitted = bool(self.before_wire())
            except BaseException as fault:  # noqa: BLE001 - raised again outside the frames that hold the request
                self.fault = fault
                raise Stopped("before_wire_failed") from None
            if not self.permitted:
                raise Stopped("not_allowed_now")
        if not self.watchdog.remaining():
            raise Stopped("deadline_before_sending")

    def open_socket(self, host: str, port: int, options: Iterable[tuple[int, int, int | bytes]]) -> socket.socket:
        """A connected, watched socket to an address the deployment admits. Raises Stopped."""
        until = time.monotonic() + min(self.connect_timeout, self.watchdog.remaining())
        failure = Stopped("dns_failed")
        for family, kind, protocol, _, place in self._places(host, port, until):
            if not self.destination.admits(str(place[0])):
                failure = Stopped("address_not_allowed", str(place[0]))
                continue
            try:
                return self._connect(socket.socket(family, kind, protocol), place, until, options)
            except OSError as error:
                failure = Stopped(self._connect_reason(error), str(error))
        raise failure

    def _places(self, host: str, port: int, until: float) -> Iterable[tuple[Any, Any, int, str, tuple[Any, ...]]]:
        """Where the name leads. The system's resolver knows no time-out, so it is waited for and not relied on."""
        found: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._look_up, args=(host, port, found.put), daemon=True).start()
        try:
            places = found.get(timeout=max(0.001, until - time.monotonic()))
        except queue.Empty:
            raise Stopped(self.timeout_reason()) from None
        if isinstance(places, Exception):
            raise Stopped("dns_failed", str(places))
        return list(places)

    def _look_up(self, host: str, port: int, tell: Callable[[Any], None]) -> None:
        try:
            tell(self.resolve(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001 - told to the thread that waits
            tell(error)

    def _connect(
        self, sock: socket.socket, place: Any, until: float, options: Iterable[tuple[int, int, int | bytes]]
    ) -> socket.socket:
        try:
            for option in options:
                sock.setsockopt(*option)
            sock.settimeout(max(0.001, until - time.monotonic()))
            sock.connect(place)
            self.watchdog.watch(sock)
        except BaseException:
            sock.close()
            raise
        return sock

    def _connect_reason(self, error: OSError) -> str:
        if isinstance(error, ConnectionRefusedError):
            return "connection_refused"
        return self.timeout_reason() if isinstance(error, TimeoutError) else "connect_failed"

    def timeout_reason(self) -> str:
        return "connect_timeout" if self.watchdog.remaining() else "deadline_before_sending"

    def adopt(self, sock: socket.socket | None) -> None:
        """Take over a kept connection, when there is one."""
        self.reused = sock is not None
        if sock is not None:
            self.watchdog.watch(sock)


CURRENT: Final[ContextVar[Exchange]] = ContextVar("altcraft_exchange")
