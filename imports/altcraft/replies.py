"""Posting one prepared request and bringing home whatever comes back, whole or not."""

from __future__ import annotations

import http.client
import logging
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import requests
import urllib3

from imports.altcraft.exchange import CURRENT, PATIENCE, Exchange, Stale, Stopped

logger = logging.getLogger(__name__)

CHUNK: Final = 64 * 1024  # bytes read at a time


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `status` None: nothing did, `reason` says why and `wrote` whether anything had left.

    With a status, `reason` is "" when the body is whole, else what is wrong with it.
    """

    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)  # names in lower case
    body: bytes = field(default=b"", repr=False)
    reason: str = ""
    detail: str = field(default="", repr=False)
    wrote: bool = False


def post(session: requests.Session, request: requests.PreparedRequest, exchange: Exchange, answer_cap: int) -> Reply:
    """Send the request within the exchange's deadline and read at most `answer_cap` bytes of body.

    Never raises for what the network or the other side does; raises what `before_wire` raised.
    """
    under_way = CURRENT.set(exchange)
    try:
        reply = _post(session, request, exchange, answer_cap)
    finally:
        CURRENT.reset(under_way)
    if exchange.fault is not None:
        raise exchange.fault
    return reply


def _post(session: requests.Session, request: requests.PreparedRequest, exchange: Exchange, answer_cap: int) -> Reply:
    try:
        return _read(_send(session, request, exchange), answer_cap, exchange)
    except Stopped as stop:
        return Reply(reason=stop.reason, detail=stop.detail)
    except Exception as error:  # noqa: BLE001 - whatever it is, the batch must know whether it left
        return _failed(error, exchange)


def _send(session: requests.Session, request: requests.PreparedRequest, exchange: Exchange) -> requests.Response:
    timeout = exchange.watchdog.remaining() + PATIENCE
    try:
        return session.send(request, stream=True, timeout=timeout, allow_redirects=False)
    except Stale:
        if not exchange.reused:
            raise
    # The platform had closed a kept connection and nothing was written: a new one, under the same permission.
    exchange.fresh = True
    return session.send(request, stream=True, timeout=timeout, allow_redirects=False)


def _read(response: requests.Response, answer_cap: int, exchange: Exchange) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    body, reason = b"", "answer_encoded" if _is_encoded(headers) else ""
    if not reason and not 300 <= response.status_code < 400:
        body, reason = _read_body(response, answer_cap)
    if exchange.watchdog.fired:
        reason = "deadline"
    if reason or not body:
        response.close()
    return Reply(response.status_code, headers, body, reason, wrote=True)


def _read_body(response: requests.Response, answer_cap: int) -> tuple[bytes, str]:
    """The body as far as it came, and what is wrong with it."""
    chunks: list[bytes] = []
    room, reason = answer_cap, ""
    try:
        while room >= 0 and (chunk := response.raw.read(min(CHUNK, room + 1), decode_content=False)):
            chunks.append(chunk)
            room -= len(chunk)
    except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError):
        reason = "answer_cut"
    if room < 0:
        return b"".join(chunks[:2]), "answer_too_long"  # the start is kept to be looked at, the rest is let go
    return b"".join(chunks), reason


def _is_encoded(headers: Mapping[str, str]) -> bool:
    """True when the body is packed in any way; we ask for "identity", and a packed answer may be a bomb."""
    content = headers.get("content-encoding", "identity").strip().lower()
    transfer = headers.get("transfer-encoding", "chunked").strip().lower()
    return content not in ("", "identity") or transfer not in ("", "identity", "chunked")


_AFTER_SENDING: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (http.client.RemoteDisconnected, "connection_closed"),  # first: it is a BadStatusLine and a reset as well
    (http.client.HTTPException, "not_http"),
    (urllib3.exceptions.InvalidHeader, "not_http"),
    (ssl.SSLError, "tls_broken"),
    (ConnectionError, "connection_lost"),
    (TimeoutError, "deadline"),
    (urllib3.exceptions.TimeoutError, "deadline"),
    (OSError, "connection_lost"),
)


def _failed(error: Exception, exchange: Exchange) -> Reply:
    wrote, causes = exchange.wrote, list(_causes(error))
    if exchange.watchdog.fired:
        return Reply(reason="deadline" if wrote else "deadline_before_sending", wrote=wrote)
    if wrote and exchange.write_failed:  # perhaps the body is too large for somebody on the way, who says so badly
        return Reply(reason="reset_while_writing", detail=str(error), wrote=True)
    for kind, reason in _AFTER_SENDING:
        for cause in causes:
            if isinstance(cause, kind) and not isinstance(cause, requests.RequestException):
                return Reply(reason=reason if wrote else "connect_failed", detail=str(cause), wrote=wrote)
    logger.error("unexpected %s while calling Altcraft", type(error).__name__)
    return Reply(reason="unexpected", detail=type(error).__name__, wrote=wrote)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and everything it came from: requests and urllib3 wrap the plain truth several times over."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        found = waiting.pop(0)
        if isinstance(found, BaseException) and id(found) not in seen:
            seen.add(id(found))
            yield found
            waiting += [found.__cause__, found.__context__, *found.args, getattr(found, "reason", None)]
