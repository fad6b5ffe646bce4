"""What can be made to go wrong, at start by flags or at run time by POST /sandbox/control. Counted, never random."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from typing import Any

import orjson

from .answers import Answer
from .errors import RowError, refusal
from .settings import Settings, changed, option

PROXY_PAGE = "<html><head><title>{0}</title></head><body><h1>{0}</h1><hr>nginx</body></html>\n"
LOGIN_PAGE = (
    "<!doctype html><html><title>Login</title><body><form method=post>Login <input name=u></form></body></html>"
)


@dataclass(frozen=True, slots=True)
class Faults:
    path: str = option("", "only calls whose path ends so, e.g. import_batch")
    skip: int = option(0, "so many calls first go unharmed")
    times: int = option(0, "only so many calls are harmed; 0: all that come")
    latency: float = option(0.0, "seconds every call takes longer")
    when: str = option(
        "before", "whether error, status, login page and redirect come before applying or after", ("before", "after")
    )
    error: int = option(0, "answer this outer error")
    error_text: str = option("Invalid request", "its text")
    error_debug: str = option("", "its error_debug")
    status: int = option(0, "answer this HTTP status")
    retry_after: str = option("", 'with this Retry-After: seconds, "date:30" for the date in 30 seconds, or anything')
    body: str = option("auto", "what a status carries; auto: HTML from 502 on", ("auto", "json", "html", "empty"))
    login_page: bool = option(False, "answer 200 with a login page")
    redirect: str = option("", "answer 307 (or `status`) to this address")
    drop: str = option("", "end the connection without an answer, before applying or after", ("", "before", "after"))
    reset: bool = option(False, "end it by a reset instead of a close")
    unread: bool = option(False, "with drop before: do not read the body first (with latency: a peer that never reads)")
    fail_every: int = option(0, "every so many-th profile of a call is not taken")
    fail_code: int = option(1011, "its error code")
    fail_text: str = option("Incorrect phone", "its error text; {n} becomes a running number")
    poison: str = option("", "answer 400 for the whole call whose body holds this text")
    result: str = option(
        "", "answer a wrong `result`", ("", "short", "long", "missing", "null", "reordered", "wrong_types")
    )
    answer: str = option(
        "",
        "answer damaged bytes",
        ("", "half", "bad_utf8", "nan", "duplicate_keys", "deep", "gzip", "wrong_length"),
    )
    huge: int = option(0, "answer about so many bytes")
    drip: float = option(0.0, "seconds between two bytes of the answer")
    drip_part: str = option("body", "which part drips; continue: endless 100 Continue", ("body", "headers", "continue"))

    def instead(self) -> Answer | None:
        """The answer given in place of the real one; None where the real one is meant."""
        if self.redirect:
            return Answer({}, status=self.status or 307, headers={"Location": self.redirect})
        if self.login_page:
            return Answer({}, html=LOGIN_PAGE)
        if self.error:
            return Answer(refusal(self.error, self.error_text, self.error_debug))
        return self._with_status() if self.status else None

    def _with_status(self) -> Answer:
        phrase = f"{self.status} {_phrase(self.status)}"
        headers = {"Retry-After": _retry_after(self.retry_after)} if self.retry_after else {}
        if self.body == "html" or (self.body == "auto" and self.status >= 502):
            return Answer({}, status=self.status, headers=headers, html=PROXY_PAGE.format(phrase))
        content = {} if self.body == "empty" else refusal(self.status, _phrase(self.status))
        return Answer(content, status=self.status, headers=headers)

    def changed_result(self, answer: Answer) -> Answer:
        """The answer with a `result` that does not fit the request; the same answer where nothing was asked."""
        if not self.result or answer.rows is None:
            return answer
        entries: Any = answer.entries()
        if self.result == "missing":
            return Answer(answer.content, status=answer.status, headers=answer.headers)
        entries = {
            "short": entries[:-1],
            "long": entries + entries[-1:],
            "null": None,
            "reordered": entries[::-1],
            "wrong_types": [str(entry) for entry in entries],
        }[self.result]
        return Answer({**answer.content, "result": entries}, status=answer.status, headers=answer.headers)

    def row_refuser(self, number: Callable[[], int]) -> Callable[[int], RowError | None] | None:
        """Which profiles of a call are not taken; None: all are. `number` counts on for texts with {n}."""
        if not self.fail_every:
            return None

        def refuse(place: int) -> RowError | None:
            if (place + 1) % self.fail_every:
                return None
            text = self.fail_text.replace("{n}", str(number())) if "{n}" in self.fail_text else self.fail_text
            return RowError(self.fail_code, text)

        return refuse


NO_FAULTS = Faults()


class FaultDesk:
    """The faults now set, and which calls they meet. Settings are changed here too: one door for both."""

    def __init__(self, faults: Faults, apply_settings: Callable[[Settings], None], settings: Settings) -> None:
        self._lock = threading.Lock()
        self._apply_settings = apply_settings
        self._first_settings = self.settings = settings
        self.faults = faults
        self.met = self.harmed = 0
        self._numbers = 0

    def change(self, given: dict[str, Any]) -> None:
        """Merge new values of Faults and Settings; {"reset": true} first clears. Raises UnknownOption."""
        given = dict(given)
        reset = given.pop("reset", False) is True
        ours = {name: value for name, value in given.items() if name not in Settings.__dataclass_fields__}
        with self._lock:
            faults = changed(NO_FAULTS if reset else self.faults, ours)
            base = self._first_settings if reset else self.settings
            self.settings = changed(base, {name: given[name] for name in given if name not in ours})
            self.faults = faults
            if reset or ours:
                self.met = self.harmed = 0
            self._apply_settings(self.settings)

    def next_for(self, path: str) -> Faults:
        """The faults this call meets; counts it."""
        with self._lock:
            faults = self.faults
            if faults.path and not path.rstrip("/").endswith(faults.path.rstrip("/")):
                return NO_FAULTS
            self.met += 1
            if faults == NO_FAULTS or self.met <= faults.skip or (faults.times and self.harmed >= faults.times):
                return NO_FAULTS
            self.harmed += 1
            return faults

    def next_number(self) -> int:
        with self._lock:
            self._numbers += 1
            return self._numbers


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Unknown"


def _retry_after(wanted: str) -> str:
    kind, _, seconds = wanted.partition(":")
    if kind == "date" and seconds.isdigit():
        return formatdate(time.time() + int(seconds), usegmt=True)
    return wanted.replace("\r", "").replace("\n", "")


def damaged(fault: Faults, body: bytes) -> bytes:
    """The bytes of an answer that is no JSON a careful reader accepts."""
    if fault.huge:
        return orjson.dumps({"error": 0, "error_text": "x" * fault.huge, "result": []})
    if fault.answer == "bad_utf8":
        return body.replace(b"Successful", b"Succ\xff\xfeful")
    if fault.answer == "nan":
        return body.replace(b'"error":0', b'"error":NaN', 1)
    if fault.answer == "duplicate_keys":
        return body.replace(b"{", b'{"error":400,', 1)
    if fault.answer == "deep":
        return b'{"error":0,"error_text":"","result":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    return body
