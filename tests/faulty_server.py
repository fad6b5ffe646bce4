"""A server on loopback that misbehaves as told: raw sockets, so that it can break every rule of HTTP.

`FaultyServer(first, second, ...)` plays one behaviour for each request; the last one stays. A behaviour is a function
of a `Peer`; it returns True to keep the connection for the next request.

    with FaultyServer(answers(200, {"error": 0}), drops) as server:
        Client(server.url, ...)
"""

from __future__ import annotations

import contextlib
import json
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Behaviour = Callable[["Peer"], bool | None]

PATIENCE = 120.0  # seconds; only a failing test, or a very busy machine, ever waits so long
ENDLESS = (
    3600.0  # seconds a behaviour goes on unless its server is stopped: what ends before was ended by the other side
)


class PeerGone(Exception):
    """The client closed its side."""


@dataclass
class Received:
    """One whole request as it came over the wire."""

    head: bytes
    body: bytes
    connection: int

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode()

    @property
    def headers(self) -> list[tuple[str, str]]:
        lines = self.head.decode().split("\r\n")[1:]
        return [(name, value) for name, _, value in (line.partition(": ") for line in lines if line)]


@dataclass
class Peer:
    """One connection as the server sees it; `raw` is every byte that arrived."""

    sock: socket.socket
    number: int
    server: FaultyServer
    raw: bytearray = field(default_factory=bytearray)
    _used: int = 0

    def receive(self) -> None:
        try:
            arrived = self.sock.recv(65536)
        except OSError:
            arrived = b""
        if not arrived:
            raise PeerGone
        self.raw += arrived

    def read_request(self) -> Received:
        """Wait for one request with a Content-Length, and note it."""
        head = self._until(b"\r\n\r\n")
        length = int(dict(Received(head, b"", 0).headers).get("Content-Length", "0"))
        while len(self.raw) < self._used + length:
            self.receive()
        body = bytes(self.raw[self._used : self._used + length])
        self._used += length
        request = Received(head, body, self.number)
        self.server.requests.append(request)
        return request

    def _until(self, mark: bytes) -> bytes:
        while (end := self.raw.find(mark, self._used)) < 0:
            self.receive()
        head = bytes(self.raw[self._used : end])
        self._used = end + len(mark)
        return head

    def has_unread(self) -> bool:
        return len(self.raw) > self._used

    def send(self, answer: bytes) -> None:
        try:
            self.sock.sendall(answer)
        except OSError:
            raise PeerGone from None

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def pause(self, seconds: float) -> None:
        """Wait, unless the server is being stopped."""
        if self.server.stopping.wait(seconds):
            raise PeerGone


class FaultyServer:
    """Listens from `with` on. `requests` and `connections` are what arrived; `url` is its address."""

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Received] = []
        self.connections: list[Peer] = []
        self.connected = threading.Event()
        self.stopping = threading.Event()
        self._script = list(behaviours)
        self._tls = tls
        self._lock = threading.Lock()
        self._arrival = threading.Condition()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._threads: list[threading.Thread] = []

    def play(self, *behaviours: Behaviour) -> None:
        """From the next request on do as these say."""
        self._script[:] = behaviours

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """As a list of allowed hosts names it."""
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> FaultyServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Go away: nobody listens any more and every connection is closed."""
        self.stopping.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self.connections:
            with contextlib.suppress(OSError):
                peer.sock.shutdown(socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(PATIENCE)

    def wait_for_end(self, number: int = 0) -> bytes:
        """Everything the connection brought, once it is over."""
        with self._arrival:
            self._arrival.wait_for(lambda: len(self._threads) > number + 1, PATIENCE)
        self._threads[number + 1].join(PATIENCE)
        return bytes(self.connections[number].raw)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        with self._arrival:
            self._threads.append(thread)
            self._arrival.notify_all()

    def _accept(self) -> None:
        while not self.stopping.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            peer = Peer(sock, len(self.connections), self)
            self.connections.append(peer)
            self.connected.set()
            self._start(self._serve, peer)

    def _serve(self, peer: Peer) -> None:
        with contextlib.suppress(PeerGone, OSError):
            if self._tls:
                peer.sock = self._tls.wrap_socket(peer.sock, server_side=True)
            while self._next()(peer):
                self._wait_for_more(peer)
        with contextlib.suppress(OSError):
            peer.sock.close()

    def _wait_for_more(self, peer: Peer) -> None:
        """A kept connection takes its next behaviour only when a request comes."""
        if not peer.has_unread():
            peer.receive()

    def _next(self) -> Behaviour:
        with self._lock:
            return self._script.pop(0) if len(self._script) > 1 else self._script[0]


def http_answer(status: int, content: Any, headers: dict[str, str] | None = None, *, keep: bool = False) -> bytes:
    """The bytes of an answer; `content` is bytes, a text, or anything JSON can say."""
    body = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else None
    body = json.dumps(content).encode() if body is None else body
    fields = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    fields |= {"Connection": "keep-alive" if keep else "close"} | (headers or {})
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Told\r\n{lines}\r\n".encode() + body


# --- behaviours ---


def answers(status: int, content: Any, headers: dict[str, str] | None = None, *, keep: bool = False) -> Behaviour:
    """Take the request and answer it."""

    def behaviour(peer: Peer) -> bool:
        peer.read_request()
        peer.send(http_answer(status, content, headers, keep=keep))
        return keep

    return behaviour


def says(*parts: bytes, forever: bytes = b"", every: float = 0.0) -> Behaviour:
    """Take the request and send these bytes, a pause between two of them; then `forever`, for ever."""

    def behaviour(peer: Peer) -> None:
        peer.read_request()
        for part in parts:
            peer.send(part)
            peer.pause(every)
        while forever:
            peer.send(forever)
            peer.pause(every)

    return behaviour


def takes_silently(peer: Peer) -> None:
    """Take the request and never answer."""
    peer.read_request()
    peer.pause(ENDLESS)


def drops(peer: Peer) -> None:
    """Take the request and close without an answer."""
    peer.read_request()


def resets(peer: Peer) -> None:
    """Take the request and reset the connection."""
    peer.read_request()
    peer.reset()


def resets_in_the_body(peer: Peer) -> None:
    """Reset the connection while the body is still arriving."""
    peer._until(b"\r\n\r\n")
    peer.receive()
    peer.reset()


def never_reads(peer: Peer) -> None:
    """Let the request pile up."""
    peer.pause(ENDLESS)


def only_listens(peer: Peer) -> None:
    """Note what arrives until the client goes away."""
    while True:
        peer.receive()


def refuses_early(status: int, content: Any) -> Behaviour:
    """Answer after the head of the request and close, the body unread."""

    def behaviour(peer: Peer) -> None:
        peer._until(b"\r\n\r\n")
        peer.send(http_answer(status, content))

    return behaviour


def then_hangs_up(first: Behaviour) -> Behaviour:
    """Play `first`, promise to keep the connection, and close it at once."""

    def behaviour(peer: Peer) -> None:
        first(peer)

    return behaviour


@contextlib.contextmanager
def full_listener() -> Iterator[int]:
    """A port whose connection attempts hang: its queue of waiting connections is full."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = []
        for _ in range(4):
            sock = socket.socket()
            sock.setblocking(False)
            sock.connect_ex(listener.getsockname())
            waiting.append(sock)
        select.select([], waiting[:1], [], 1)
        yield int(listener.getsockname()[1])
        for sock in waiting:
            sock.close()


def closed_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
