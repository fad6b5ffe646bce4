"""From a request's bytes to its answer: token, shape, memory of requests, the call itself, and the delivery log.

Source: "API interaction" (token in the body or `Authorization: Bearer`; some parameters may stand in the URL).
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

import orjson

from .answers import Answer
from .calls import READING, WRITING, count_profiles, write
from .deliveries import Delivery
from .errors import CallRefused
from .faults import FaultDesk, Faults
from .platform import Platform

PREFIX = "/api/v1.1/"


@dataclass(frozen=True, slots=True)
class Request:
    """`raw` is None where the body was over the limit; `sha256` is of the whole body all the same."""

    path: str
    query: str = ""
    raw: bytes | None = b""
    sha256: str = ""
    bearer: str = ""
    request_id: str = ""

    @property
    def method(self) -> str:
        """The call's name, the same with and without a trailing slash."""
        return self.path.removeprefix(PREFIX).strip("/")


class Api:
    """Answers requests; what happens to the answer on its way is the server's."""

    def __init__(self, platform: Platform, desk: FaultDesk) -> None:
        self.platform = platform
        self.desk = desk

    def answer(self, request: Request, fault: Faults) -> Answer:
        """Never raises for what a request holds. Faults that stand in for the answer are applied here."""
        body = _parsed(request.raw)
        at = self.platform.clock()
        answer = (fault.instead() if fault.when == "before" else None) or self._executed(request, body, fault)
        if request.method in WRITING:
            self._log(at, request, body, answer)
        if fault.when == "after":
            answer = fault.instead() or answer
        return fault.changed_result(answer)

    def note_dropped(self, request: Request) -> None:
        """Log a delivery whose connection ends before anything was applied."""
        if request.method in WRITING:
            self._log(self.platform.clock(), request, _parsed(request.raw), Answer({}))

    def _executed(self, request: Request, body: Any, fault: Faults) -> Answer:
        try:
            answer = self._called(request, body, fault)
        except CallRefused as refused:
            answer = Answer(refused.content())
            if refused.name == "no_method":
                answer.status = 404
        code = answer.content.get("error", 0)
        if self.platform.settings.http_errors and code:
            answer.status = code if 400 <= code <= 599 else 400
        return answer

    def _called(self, request: Request, body: Any, fault: Faults) -> Answer:
        if request.method not in WRITING and request.method not in READING:
            raise CallRefused("no_method")
        if request.raw is None:
            raise CallRefused("request", "http: request body too large")
        if type(body) is not dict:
            raise CallRefused("request", "json: object expected")
        asked = parse_qs(request.query)
        if (body.get("format") or asked.get("format", ["json"])[0]) != "json":
            raise CallRefused("request", "format: the sandbox speaks json only")
        token = self._token(body.get("token") or request.bearer or asked.get("token", [""])[0])
        if fault.poison and fault.poison.encode() in request.raw:
            raise CallRefused("request", "poison")
        if request.method in READING:
            return READING[request.method](self.platform, body)
        return self._once(token, request, lambda: self._written(request, body, fault))

    def _token(self, given: Any) -> str:
        if not given:
            raise CallRefused("token_missing")
        if type(given) is not str or not hmac.compare_digest(given.encode(), self.platform.token.encode()):
            raise CallRefused("token_wrong")
        return given

    def _written(self, request: Request, body: dict[str, Any], fault: Faults) -> Answer:
        refuse_row = fault.row_refuser(self.desk.next_number)
        return write(self.platform, WRITING[request.method], body, refuse_row)

    def _once(self, token: str, request: Request, execute: Callable[[], Answer]) -> Answer:
        mode = self.platform.settings.deduplication
        if not request.request_id or mode == "off":
            return execute()
        key = token, request.request_id
        return self.platform.memory.answer_once(key, request.sha256, execute, refuse_other=mode == "refuse")

    def _log(self, at: float, request: Request, body: Any, answer: Answer) -> None:
        profiles = count_profiles(WRITING[request.method], body)
        replayed = "Duplicate-Request" in answer.headers
        applied = answer.applied and not replayed
        self.platform.deliveries.append(
            Delivery(at, request.path, request.request_id, profiles, applied, request.sha256, replayed)
        )


def _parsed(raw: bytes | None) -> Any:
    try:
        return orjson.loads(raw or b"")
    except orjson.JSONDecodeError:
        return None
