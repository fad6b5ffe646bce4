"""The live server of Django's tests, which can say that nobody is being answered any more.

A page that polls may ask once more while its test ends. The thread that answers holds a session of the database, which
would be in the way of whoever empties or drops it.
"""

import socket
import threading
from typing import Any

from django.core.servers.basehttp import ThreadedWSGIServer

PATIENCE = 120.0  # seconds; only a failing test, or a very busy machine, ever waits so long


class CountingServer(ThreadedWSGIServer):
    """Each connection has a thread, which closes its session of the database before it ends."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._busy, self._changed = 0, threading.Condition()
        super().__init__(*arguments, **options)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._count(1)
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._count(-1)

    def wait_until_idle(self) -> None:
        """Once the browsers are closed: what they had asked has been answered, and every connection is over."""
        with socket.create_connection(self.server_address, timeout=PATIENCE) as last:  # those before it are taken first
            last.sendall(b"bye\r\n\r\n")
            while last.recv(4096):
                pass
        with self._changed:
            assert self._changed.wait_for(lambda: self._busy == 0, PATIENCE), "a browser still holds a connection"

    def _count(self, step: int) -> None:
        with self._changed:
            self._busy += step
            self._changed.notify_all()
