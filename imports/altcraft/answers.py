"""What came back from one call, as one value, and the rule that puts it into one of eight classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from imports.altcraft.envelope import TextCleaner, Unreadable, code, member, read_object
from imports.altcraft.replyheaders import retry_after, was_replayed
from imports.altcraft.rows import Row, read_rows, shows_acceptance, single_row
from imports.altcraft.secret import Secret
from imports.altcraft.usual import read_success

RAW_KEPT: Final = 64 * 1024  # bytes of an answer that are kept
OBJECTS_ROOM: Final = 1_000  # JSON objects in an answer, or the like inside of its texts
OBJECTS_EACH: Final = 20  # the same for each profile sent
MOST_IN_LIST: Final = 10_000
TOO_LARGE: Final = "request body too large"  # Source: workflows/import_and_start_batch, example of a limitation


class AnswerClass(StrEnum):
    """The eight things that can become of one attempt; what follows from each is the sender's business."""

    NOT_SENT = "not_sent"  # provably no byte of the request left this machine
    REFUSED_SIZE = "refused_size"  # refused before work: the body is too large
    REFUSED_RATE = "refused_rate"  # refused before work: come back later
    REFUSED_ALL = "refused_all"  # every further call would end alike: token, rights, tariff, address
    REFUSED_REQUEST = "refused_request"  # this request was refused as a whole
    ANSWERED = "answered"  # one outcome for each profile
    UNREADABLE = "unreadable"  # an answer that cannot be trusted row by row
    NO_ANSWER = "no_answer"  # sent, in whole or in part, and nothing usable came back


@dataclass(frozen=True, slots=True)
class Answer:
    """One attempt's result. Fields that may quote people are left out of the repr.

    `rows` holds (error, error_text, profile_id) per profile, in the order sent, only when ANSWERED;
    `reason` is a short code for why; `retry_after` and `seconds` are in seconds;
    `raw` is the first 64 KB of the answer's body with the token removed.
    """

    kind: AnswerClass
    http_status: int | None = None
    error: int | None = None
    error_text: str = field(default="", repr=False)
    error_debug: str = field(default="", repr=False)
    rows: Sequence[Row] | None = field(default=None, repr=False)
    retry_after: float | None = None
    replayed: bool = False
    task_id: str = ""
    reason: str = ""
    raw: bytes = field(default=b"", repr=False)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class _Verdict:
    kind: AnswerClass
    reason: str = ""
    rows: Sequence[Row] | None = None


@dataclass(frozen=True, slots=True)
class _Said:
    """What the answer's JSON says about the whole request."""

    whole: Mapping[str, Any]
    error: int
    text: str
    debug: str
    task_id: str
    result: Any
    rows: Sequence[Row] | None = None  # when they were read with the rest


K = AnswerClass

_EVERY_CALL: Final = {401: "token_refused", 402: "tariff_limit", 403: "access_refused"}
_NO_SUCH_ADDRESS: Final = (404, 405)


def classify(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    expected: int | None,
    single: bool = False,
    flaw: str = "",
    secret: Secret | None = None,
    seconds: float = 0.0,
) -> Answer:
    """Put one answer into its class: first by what its JSON says, then by its HTTP status.

    `expected`: profiles sent, None for a call that carries none; `flaw`: why the body is not whole ("" when it is).
    Never raises for what the other side wrote. Source: API interaction (code 200 is the success of the transport only).
    """
    secret = secret or Secret("")
    clean = TextCleaner(secret.hide)
    said: _Said | None = None
    why = flaw
    try:
        said = None if flaw else _read(body, clean, expected, single)
    except Unreadable as fault:
        why = fault.reason
    verdict = _by_status(status, body, why) if said is None else _by_words(status, said, expected, single, clean)
    return Answer(
        kind=verdict.kind,
        http_status=status,
        error=said.error if said else None,
        error_text=said.text if said else "",
        error_debug=said.debug if said else "",
        rows=verdict.rows,
        retry_after=retry_after(headers),
        replayed=was_replayed(headers),
        task_id=said.task_id if said else "",
        reason=verdict.reason,
        raw=secret.hide_bytes(body, RAW_KEPT),
        seconds=seconds,
    )


def _read(body: bytes, clean: TextCleaner, expected: int | None, single: bool) -> _Said:
    if body.count(b"{") > OBJECTS_ROOM + OBJECTS_EACH * (MOST_IN_LIST if expected is None else expected):
        raise Unreadable("answer_too_long")  # nobody has so much to say; reading it would take its time and memory
    if expected is not None and not single and (success := read_success(body, expected, clean)):
        return _Said({}, 0, success.text, "", "", None, success.rows)
    whole = read_object(body)
    error = code(member(whole, "error"))
    if error is None:
        raise Unreadable("error_missing")
    inner = member(whole, "data")
    task = member(whole, "task_id") or (member(inner, "task_id") if isinstance(inner, dict) else None)
    return _Said(
        whole=whole,
        error=error,
        text=clean(_text(member(whole, "error_text"))),
        debug=clean(_text(member(whole, "error_debug"))),
        task_id=clean(_text(task)),
        result=member(whole, "result"),
    )


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _by_status(status: int, body: bytes, why: str) -> _Verdict:
    """The class of an answer without usable JSON; `why` says what is wrong with it."""
    if (transport := _by_transport(status)) is not None:
        return transport
    if status in _EVERY_CALL:
        return _Verdict(K.REFUSED_ALL, _EVERY_CALL[status])
    if status == 413 or (status == 400 and TOO_LARGE.encode() in body):
        return _Verdict(K.REFUSED_SIZE, "too_large")
    if status == 429:
        return _Verdict(K.REFUSED_RATE, "rate_limited")
    if status in _NO_SUCH_ADDRESS:
        return _Verdict(K.REFUSED_ALL, "address_wrong")
    return _Verdict(K.NO_ANSWER if why in ("answer_cut", "deadline") else K.UNREADABLE, why)


def _by_transport(status: int) -> _Verdict | None:
    """What a status settles whatever the body says."""
    if 300 <= status < 400:
        return _Verdict(K.REFUSED_ALL, "redirected")
    if not 200 <= status < 500:
        return _Verdict(K.NO_ANSWER, "server_error" if status >= 500 else "not_http")
    return None


def _by_words(status: int, said: _Said, expected: int | None, single: bool, clean: TextCleaner) -> _Verdict:
    """The class of an answer whose JSON carries an integer `error`."""
    if (transport := _by_transport(status)) is not None:
        return transport
    rows: Sequence[Row] | None = None
    why = ""
    try:
        rows = _rows(said, expected, single, clean) if said.rows is None else said.rows
    except Unreadable as fault:
        why = fault.reason
    if said.error != 0 and not shows_acceptance(said.result):
        return _refusal(status, said, rows)
    if why:
        return _Verdict(K.UNREADABLE, "task_only" if why == "result_missing" and said.task_id else why)
    return _Verdict(K.ANSWERED, rows=rows)


def _rows(said: _Said, expected: int | None, single: bool, clean: TextCleaner) -> Sequence[Row] | None:
    if expected is None:
        return None
    if single:
        return single_row(said.whole, clean) if said.error == 0 else None
    return read_rows(said.result, expected, clean)


def _refusal(status: int, said: _Said, rows: Sequence[Row] | None) -> _Verdict:
    """The class of a non-zero `error` when no profile shows that it was taken."""
    for told in (said.error, status):
        if told in _EVERY_CALL:
            return _Verdict(K.REFUSED_ALL, _EVERY_CALL[told])
    if 413 in (said.error, status) or (said.error == 400 and TOO_LARGE in said.debug):
        return _Verdict(K.REFUSED_SIZE, "too_large")
    if 429 in (said.error, status):
        return _Verdict(K.REFUSED_RATE, "rate_limited")
    if rows:
        return _Verdict(K.ANSWERED, rows=rows)
    if 500 <= said.error < 600:
        # Altcraft's codes follow HTTP's; "internal error" does not promise that nobody was taken
        return _Verdict(K.NO_ANSWER, "server_error")
    return _Verdict(K.REFUSED_REQUEST, "refused")
