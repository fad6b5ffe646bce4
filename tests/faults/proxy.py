"""A road between a client and a server on loopback that can be closed, mined or made of mud while they use it."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Mode = str
PASS, DROP, RST, DELAY, HALF, DRIP = "pass", "drop", "rst", "delay", "half", "drip"


@dataclass
class _Pair:
    client: socket.socket
    server: socket.socket
    passed_back: int = 0
    closed: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def close(self, *, reset: bool = False) -> None:
        with self.lock:
            if self.closed.is_set():
                return
            self.closed.set()
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                end.shutdown(socket.SHUT_RD if reset else socket.SHUT_RDWR)  # wakes the thread that reads it
            end.close()


class TcpProxy:
    """Listens from the start. What happens to what passes is said by `behave`, for connections that stand too:

    pass   as it is
    drop   taken and forgotten, the connection stands: the other side seems to hang
    rst    the connection is reset at the first byte
    delay  `seconds` late, each piece
    half   `allowed` bytes of the answers pass, then the connection is closed
    drip   a byte every `seconds` on the way back
    """

    def __init__(self, target_port: int, *, host: str = "127.0.0.1") -> None:
        self.target = (host, target_port)
        self.connections = 0
        self._mode: Mode = PASS
        self._seconds = 0.0
        self._allowed = 0
        self._pairs: list[_Pair] = []
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.listen()

    def __enter__(self) -> TcpProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def behave(self, mode: Mode, *, seconds: float = 0.1, allowed: int = 0) -> None:
        """From now on, on every connection."""
        self._mode, self._seconds, self._allowed = mode, seconds, allowed

    def listen(self) -> None:
        """Accept connections, after `refuse` on the same port again."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = int(self._listener.getsockname()[1])
        self._start(self._accept, self._listener)

    def refuse(self) -> None:
        """Nobody listens any more; connections that stand go on."""
        if self._listener is not None:
            with contextlib.suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    def cut(self, *, reset: bool = True) -> None:
        """End every connection that stands."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            pair.close(reset=reset)

    def stop(self) -> None:
        self._stopped.set()
        self.refuse()
        self.cut(reset=False)
        for thread in self._threads:
            thread.join(60)

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(self.target)
            except OSError:
                client.close()
                continue
            pair = _Pair(client, server)
            with self._lock:
                self._pairs.append(pair)
                self.connections += 1
            self._start(self._carry, pair, client, server)
            self._start(self._carry, pair, server, client)

    def _carry(self, pair: _Pair, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                self._pass(pair, piece, target, back=source is pair.server)
        pair.close()

    def _pass(self, pair: _Pair, piece: bytes, target: socket.socket, *, back: bool) -> None:
        match self._mode:
            case "drop":
                return
            case "rst":
                pair.close(reset=True)
            case "half" if back:
                target.sendall(piece[: max(0, self._allowed - pair.passed_back)])
                pair.passed_back += len(piece)
                if pair.passed_back >= self._allowed:
                    pair.close()
            case "drip" if back:
                for place in range(len(piece)):
                    target.sendall(piece[place : place + 1])
                    self._rest(pair)
            case "delay":
                self._rest(pair)
                target.sendall(piece)
            case _:
                target.sendall(piece)

    def _rest(self, pair: _Pair) -> None:
        if self._stopped.is_set() or pair.closed.wait(self._seconds):
            raise OSError("the connection was closed meanwhile")
