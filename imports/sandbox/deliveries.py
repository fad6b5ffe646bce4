"""The delivery log, and the memory of requests by which a repeated one is answered without being executed again.

Source: "Deduplication of requests" (newest text): Request-ID and the sender's token make the key, for one day.
Silent there, and decided here: a repeat that comes while the first still runs waits for it; refused calls are not
remembered; the memory does not outlive the sandbox.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from .answers import Answer
from .errors import CallRefused

DAY_SECONDS = 24 * 3600.0
Key = tuple[str, str]  # token, Request-ID


class Delivery(NamedTuple):
    """A request with profiles that reached the sandbox whole. `applied`: it changed at least one profile."""

    at: float
    path: str
    request_id: str
    profiles: int
    applied: bool
    sha256: str
    replayed: bool = False


class _Remembered:
    """A request under way, then its answer. `answer` stays None when it was refused: then a repeat is executed."""

    def __init__(self, at: float, sha256: str) -> None:
        self.at = at
        self.sha256 = sha256
        self.ended = threading.Event()
        self.answer: Answer | None = None


class RequestMemory:
    """Answers of the last day by Request-ID and token."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: OrderedDict[Key, _Remembered] = OrderedDict()

    def answer_once(self, key: Key, sha256: str, execute: Callable[[], Answer], *, refuse_other: bool) -> Answer:
        """Execute, or answer what the same request was answered before. Raises what it raises, and CallRefused."""
        while True:
            mine, request = self._claim(key, sha256)
            if mine:
                return self._executed(key, request, execute)
            request.ended.wait()
            if request.answer is not None:
                if refuse_other and request.sha256 != sha256:
                    raise CallRefused("request_id_reused")
                return _replayed(request.answer, key)

    def clear(self) -> None:
        with self._lock:
            self._requests.clear()

    def _claim(self, key: Key, sha256: str) -> tuple[bool, _Remembered]:
        now = self._clock()
        with self._lock:
            while self._requests and next(iter(self._requests.values())).at <= now - DAY_SECONDS:
                self._requests.popitem(last=False)
            if key in self._requests:
                return False, self._requests[key]
            request = self._requests[key] = _Remembered(now, sha256)
            return True, request

    def _executed(self, key: Key, request: _Remembered, execute: Callable[[], Answer]) -> Answer:
        try:
            answer = execute()
            if answer.content.get("error") == 0:
                request.answer = answer
            return answer
        finally:
            if request.answer is None:
                with self._lock:
                    self._requests.pop(key, None)
            request.ended.set()


def _replayed(answer: Answer, key: Key) -> Answer:
    named = hashlib.sha256("\n".join(key).encode()).hexdigest()[:32]
    headers = {"Duplicate-Request": "true", "X-Duplicate-Request": "true"}
    headers |= {"Duplicate-Key": named, "X-Duplicate-Key": named}
    return Answer(answer.content, answer.rows, answer.shape, answer.status, headers, applied=False)
