"""The one place of this project that speaks HTTP to Altcraft."""

from __future__ import annotations

import logging
import re
import socket
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from types import TracebackType
from typing import Any, Final

import orjson
import requests

from imports.altcraft.addresses import check_address
from imports.altcraft.answers import RAW_KEPT, Answer, AnswerClass, classify
from imports.altcraft.calls import TOKEN_ROOM, AnyRequest
from imports.altcraft.envelope import read_object
from imports.altcraft.errors import CallFailed, NotAllowed
from imports.altcraft.exchange import Exchange, Resolver
from imports.altcraft.replies import Reply, post
from imports.altcraft.secret import Secret, WireBody
from imports.altcraft.watchdog import Watchdog
from imports.altcraft.wire import open_session

logger = logging.getLogger(__name__)

USER_AGENT: Final = "altcraft-import-dashboard/1"  # fixed: older servers recognise a repeat by its header bytes
ANSWER_ROOM: Final = 256_000  # bytes of an answer besides what it says of each profile
ANSWER_PER_PROFILE: Final = 2_000  # the longest text kept is half of it
_TOKEN: Final = re.compile(rf"[!-~]{{1,{TOKEN_ROOM - 32}}}")


class Client:
    """Calls one Altcraft account. Threads may share it: all state of a call lives in the call. Not across a fork.

    `deadline` is the whole time in seconds a call may take, `connect_timeout` the part of it spent on connecting,
    `answer_cap` the most bytes of an answer that are read. `allowed_hosts` see addresses.check_address. `ca_file` is
    a file of further trusted certificates; checking them cannot be turned off.
    """

    def __init__(
        self,
        base_url: str,
        token: str | Secret,
        *,
        bearer: bool = False,
        deadline: float = 120.0,
        answer_cap: int = 20_000_000,
        allowed_hosts: Collection[str],
        user_agent: str = USER_AGENT,
        connect_timeout: float = 10.0,
        ca_file: str | None = None,
        connections: int = 10,
        resolve: Resolver = socket.getaddrinfo,
    ) -> None:
        """Raises NotAllowed for an address or a token that may not be used; nothing is contacted."""
        self._destination = check_address(base_url, allowed_hosts)
        self._secret = token if isinstance(token, Secret) else Secret(token)
        if not _TOKEN.fullmatch(self._secret.reveal()):
            raise NotAllowed("token_malformed")
        self._bearer = bearer
        self._deadline = deadline
        self._answer_cap = answer_cap
        self._user_agent = user_agent
        self._connect_timeout = connect_timeout
        self._resolve = resolve
        self._session = open_session(ca_file, connections)

    def send(
        self,
        request: AnyRequest,
        profiles: Sequence[bytes],
        *,
        request_id: str,
        before_wire: Callable[[], bool],
        fresh: bool,
    ) -> Answer:
        """Post one batch, or one profile, and say what became of it.

        `before_wire` is asked once, when the connection stands and before a byte is written; False ends the call as
        NOT_SENT "not_allowed_now", and what it raises is raised. `fresh` asks for a connection nobody used before.
        Raises InvalidRequest for a request of ours that cannot be sent, nothing for what the other side does.
        """
        begun = time.monotonic()
        body = self._with_token(*request.parts(profiles, None))
        cap = min(self._answer_cap, ANSWER_ROOM + ANSWER_PER_PROFILE * len(profiles))
        reply = self._exchange(request.path, body, request_id, before_wire, fresh, cap)
        return self._judge(reply, begun, expected=len(profiles), single=request.single)

    def read(self, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The whole answer of a call that changes nothing. Raises CallFailed.

        Each call has a Request-ID of its own, or an older server may repeat yesterday's list (Deduplication of
        requests).
        """
        begun = time.monotonic()
        body = self._with_token(orjson.dumps(dict(params)))
        reply = self._exchange(path, body, str(uuid.uuid4()), lambda: True, fresh=False, cap=self._answer_cap)
        answer = self._judge(reply, begun, expected=None, single=False)
        if answer.kind is not AnswerClass.ANSWERED:
            raise CallFailed(answer)
        return read_object(reply.body)

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def _exchange(
        self, path: str, body: WireBody, request_id: str, before_wire: Callable[[], bool], fresh: bool, cap: int
    ) -> Reply:
        request = self._prepare(path, body, request_id)
        with Watchdog(self._deadline) as watchdog:
            exchange = Exchange(self._destination, watchdog, before_wire, fresh, self._connect_timeout, self._resolve)
            return post(self._session, request, exchange, cap)

    def _prepare(self, path: str, body: WireBody, request_id: str) -> requests.PreparedRequest:
        """The request with exactly these headers, the same bytes on every repeat."""
        headers = {
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "Content-Type": "application/json",
            "Request-ID": request_id,  # Source: Deduplication of requests, newest text
            "X-Request-ID": request_id,  # Source: the same, older texts
        }
        if self._bearer:
            headers["Authorization"] = f"Bearer {self._secret.reveal()}"
        prepared = requests.Request("POST", f"{self._destination.root}/{path}", headers=headers).prepare()
        prepared.body = body  # type: ignore[assignment]  # requests knows whole bodies only, urllib3 pieces
        prepared.headers["Content-Length"] = str(len(body))
        return prepared

    def _with_token(self, head: bytes, *rest: bytes | memoryview) -> WireBody:
        """The body as it goes over the wire: the token is its first member, put in at the last moment."""
        if self._bearer:
            return WireBody(head, *rest)
        begun = head[1:] if head == b"{}" else b"," + head[1:]
        return WireBody(b"".join((b'{"token":', orjson.dumps(self._secret.reveal()), begun)), *rest)

    def _judge(self, reply: Reply, begun: float, *, expected: int | None, single: bool) -> Answer:
        seconds = time.monotonic() - begun
        if reply.status is None:
            kind = AnswerClass.NO_ANSWER if reply.wrote else AnswerClass.NOT_SENT
            detail = self._secret.hide(reply.detail)
            return Answer(kind=kind, reason=reply.reason, error_debug=detail, seconds=seconds)
        try:
            return classify(
                reply.status,
                reply.headers,
                reply.body,
                expected=expected,
                single=single,
                flaw=reply.reason,
                secret=self._secret,
                seconds=seconds,
            )
        except Exception as error:  # noqa: BLE001 - a fault of ours must not lose an answer that came
            logger.error("unexpected %s while reading an answer of Altcraft", type(error).__name__)
            raw = self._secret.hide_bytes(reply.body, RAW_KEPT)
            unread = AnswerClass.UNREADABLE
            return Answer(kind=unread, http_status=reply.status, reason="unexpected", raw=raw, seconds=seconds)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Client {self._destination.root}>"
