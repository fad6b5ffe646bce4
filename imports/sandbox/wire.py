"""How an answer travels: whole and at once, or as badly as the faults ask."""

import contextlib
import gzip
import socket
import struct
from collections.abc import Callable
from email.utils import formatdate
from http import HTTPStatus

from .answers import Answer
from .faults import Faults, damaged

Pause = Callable[[float], bool]  # seconds; True when the server is stopping
_RESET = struct.pack("ii", 1, 0)


def head(answer: Answer, length: int, *, encoding: str = "", closes: bool = False) -> bytes:
    """Status line and headers."""
    known = HTTPStatus._value2member_map_.get(answer.status)
    phrase = known.phrase if isinstance(known, HTTPStatus) else "Unknown"
    kind = "text/html" if answer.html else "application/json"
    lines = [f"HTTP/1.1 {answer.status} {phrase}", f"Content-Type: {kind}; charset=utf-8", f"Content-Length: {length}"]
    lines += ["Date: " + formatdate(usegmt=True)]
    lines += [f"{name}: {value}" for name, value in answer.headers.items()]
    lines += ["Content-Encoding: " + encoding] if encoding else []
    lines += ["Connection: close"] if closes else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")


def send(link: socket.socket, answer: Answer, fault: Faults, pause: Pause, *, closes: bool = False) -> bool:
    """Send the answer; False when the connection is of no use afterwards. Raises OSError when the peer has gone."""
    body = damaged(fault, answer.body())
    encoding = "gzip" if fault.answer == "gzip" else ""
    if encoding:
        body = gzip.compress(body[:-1] + b" " * 50_000_000 + body[-1:], 1)
    length = len(body) + 100 if fault.answer == "wrong_length" else len(body)
    top = head(answer, length, encoding=encoding, closes=closes)
    if fault.answer == "half":
        body = body[: len(body) // 2]
    if fault.drip:
        _drip(link, top, body, fault, pause)
    else:
        link.sendall(top + body if len(body) < 1_000_000 else top)
        if len(body) >= 1_000_000:
            link.sendall(body)
    return not closes and fault.answer not in ("half", "wrong_length")


def _drip(link: socket.socket, top: bytes, body: bytes, fault: Faults, pause: Pause) -> None:
    if fault.drip_part == "continue":
        while not pause(fault.drip):
            link.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return
    at_once, slowly = (b"", top + body) if fault.drip_part == "headers" else (top, body)
    link.sendall(at_once)
    for place in range(len(slowly)):
        link.sendall(slowly[place : place + 1])
        if pause(fault.drip):
            return


def cut(link: socket.socket, *, by_reset: bool) -> None:
    """End the connection without a word; by a reset if wanted."""
    with contextlib.suppress(OSError):
        if by_reset:
            link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        else:
            link.shutdown(socket.SHUT_RDWR)
    link.close()
