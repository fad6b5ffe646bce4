"""The HTTP/1.1 server: threads, kept-alive connections, small answers at once."""

import contextlib
import hashlib
import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from . import pages
from .answers import Answer
from .api import PREFIX, Api, Request
from .faults import NO_FAULTS, FaultDesk, Faults
from .journal import Journal
from .platform import DEFAULT_TOKEN, Platform
from .settings import Settings, UnknownOption, changed
from .wire import cut, send

log = logging.getLogger("imports.sandbox")
_CHUNK = 1 << 16


class SandboxServer:
    """A running sandbox. Keywords beyond those named are fields of Settings or Faults: `latency=0.2`, `fail_every=3`.
    `access_log` is told one line a call, without persons or tokens.

    Raises OSError from the constructor when the port is taken, UnknownOption for a keyword that is neither.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str = DEFAULT_TOKEN,
        state: Path | None = None,
        access_log: Callable[[str], None] | None = None,
        **options: Any,
    ) -> None:
        ours = {name: options.pop(name) for name in list(options) if name in Settings.__dataclass_fields__}
        settings, faults = changed(Settings(), ours), changed(NO_FAULTS, options)
        self.token = token
        self.platform = Platform(token, settings=settings)
        self.desk = FaultDesk(faults, self._set, settings)
        self.api = Api(self.platform, self.desk)
        self.access_log = access_log
        self.stopping = threading.Event()
        self._listener = _Listener((host, port), self)
        self._journal = Journal(state, self.platform) if state else None
        self._thread: threading.Thread | None = None
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{self._listener.server_address[1]}"

    def _set(self, settings: Settings) -> None:
        self.platform.settings = settings

    def start(self) -> "SandboxServer":
        """Serve in a thread of its own; connections are taken from now on."""
        if self._journal:
            self._journal.open()
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def stop(self) -> None:
        """End every connection and write the state file. Harmless when called twice."""
        if self.stopping.is_set():
            return
        self.stopping.set()
        if self._thread:
            self._listener.shutdown()
            self._thread.join()
        self._listener.server_close()
        self._listener.cut_all()
        if self._journal:
            self._journal.close()

    def __enter__(self) -> "SandboxServer":
        return self.start()

    def __exit__(self, *fault: object) -> None:
        self.stop()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a dripping answer must not hold the end up
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: SandboxServer) -> None:
        self.sandbox = sandbox
        self._links: set[socket.socket] = set()
        self._links_lock = threading.Lock()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, _Handler)

    def server_bind(self) -> None:
        """Without the look-up of the machine's own name that HTTPServer makes."""
        TCPServer.server_bind(self)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._links_lock:
            self._links.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._links_lock:
            self._links.discard(request)
        super().shutdown_request(request)

    def cut_all(self) -> None:
        with self._links_lock:
            for link in self._links:
                with contextlib.suppress(OSError):
                    link.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A peer that went away is no news; anything else is a fault of the sandbox, told without the request."""
        if not isinstance(sys.exc_info()[1], OSError):
            log.exception("the sandbox failed")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def handle_one_request(self) -> None:
        self.connection.settimeout(self.server.sandbox.platform.settings.idle_seconds)
        super().handle_one_request()

    def do_GET(self) -> None:
        at, sandbox = urlsplit(self.path), self.server.sandbox
        if at.path == "/":
            page = pages.start_page(sandbox.platform, sandbox.url).decode()
            self._reply(Answer({}, html=page))
        elif at.path == "/sandbox/state":
            self._reply(Answer(pages.state(sandbox.platform, sandbox.desk)))
        elif at.path == "/sandbox/deliveries":
            self._reply(Answer(pages.deliveries(sandbox.platform)))
        elif at.path == "/sandbox/profiles":
            self._reply(pages.profiles(sandbox.platform, parse_qs(at.query)))
        elif at.path.startswith(PREFIX):
            self._reply(
                Answer({"error": 405, "error_text": "Method not allowed"}, status=405, headers={"Allow": "POST"})
            )
        else:
            self._reply(Answer({"error": 404, "error_text": "Not found"}, status=404))

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if self.headers.get("Content-Length", "").isdecimal() is False:
            self._reply(Answer({"error": 411, "error_text": "Content-Length is required"}, status=411), closes=True)
        elif path.startswith(PREFIX):
            self._call()
        elif path == "/sandbox/control":
            self._control()
        else:
            self._read(1_000_000)
            self._reply(Answer({"error": 404, "error_text": "Not found"}, status=404))

    def _control(self) -> None:
        sandbox = self.server.sandbox
        raw, _ = self._read(1_000_000)
        try:
            given = orjson.loads(raw or b"")
            if type(given) is not dict:
                raise UnknownOption("a JSON object is expected")
            forgets = given.pop("forget", False) is True
            sandbox.desk.change(given)
            if forgets:
                sandbox.platform.forget()
        except (orjson.JSONDecodeError, UnknownOption) as fault:
            self._reply(Answer({"error": str(fault)}, status=400))
        else:
            self._reply(Answer(pages.state(sandbox.platform, sandbox.desk)))

    def _call(self) -> None:
        sandbox, began = self.server.sandbox, time.perf_counter()
        sandbox.platform.call_begins()
        try:
            status = self._exchange(sandbox, sandbox.desk.next_for(urlsplit(self.path).path))
        finally:
            sandbox.platform.call_ends()
        if sandbox.access_log:
            took = (time.perf_counter() - began) * 1000
            sandbox.access_log(f"{urlsplit(self.path).path} {status} {took:.1f} ms")

    def _exchange(self, sandbox: SandboxServer, fault: Faults) -> str:
        if fault.unread and fault.drop == "before":
            sandbox.stopping.wait(fault.latency)
            return self._cut(fault)
        request = self._request()
        if fault.latency and sandbox.stopping.wait(fault.latency):
            return self._cut(fault)
        if fault.drop == "before":
            sandbox.api.note_dropped(request)
            return self._cut(fault)
        answer = sandbox.api.answer(request, fault)
        if fault.drop == "after":
            return self._cut(fault)
        self._reply(answer, fault)
        return str(answer.status)

    def _request(self) -> Request:
        at, headers = urlsplit(self.path), self.headers
        raw, sha256 = self._read(self.server.sandbox.platform.settings.body_limit)
        kind, _, bearer = headers.get("Authorization", "").partition(" ")
        return Request(
            at.path,
            at.query,
            raw,
            sha256,
            bearer=bearer.strip() if kind.lower() == "bearer" else "",
            request_id=headers.get("Request-ID") or headers.get("X-Request-ID") or "",
        )

    def _read(self, limit: int) -> tuple[bytes | None, str]:
        """The body and its sha256. One over the limit is read to its end and thrown away, so that the peer, still
        writing, gets an answer and not a reset."""
        left = int(self.headers["Content-Length"])
        if left <= limit:
            body = self.rfile.read(left)
            if len(body) < left:
                raise ConnectionError("the body ended early")
            return body, hashlib.sha256(body).hexdigest()
        digest = hashlib.sha256()
        while left and (chunk := self.rfile.read(min(left, _CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
        return None, digest.hexdigest()

    def _reply(self, answer: Answer, fault: Faults = NO_FAULTS, *, closes: bool = False) -> None:
        closes = closes or self.close_connection
        usable = send(self.connection, answer, fault, self.server.sandbox.stopping.wait, closes=closes)
        self.close_connection = not usable

    def _cut(self, fault: Faults) -> str:
        self.close_connection = True
        cut(self.connection, by_reset=fault.reset)
        return "cut"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the request line could hold a token; `_call` writes its own line."""
