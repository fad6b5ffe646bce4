"""What follows from an answer, as a pure rule: the table of answer classes for repeatable and unrepeatable batches."""

import random
from dataclasses import dataclass
from datetime import timedelta

from imports.altcraft import Answer, AnswerClass
from imports.states import (
    CUT_REFUSED,
    CUT_TOO_LARGE,
    HELD_FOR_AGE,
    HELD_FOR_FAULT,
    HELD_FOR_REFUSAL,
    HELD_FOR_TRIES,
    BatchState,
)

MOST_TRIES = 8
MOST_UNREADABLE = 3
MOST_FAULTS = 3  # of our own, before anything is sent
MEMORY = timedelta(hours=20)  # the platform remembers a Request-ID for one day (Deduplication of requests)
MOST_SECONDS = MEMORY.total_seconds()  # from the first try on the wire
BASE_SECONDS = 5.0
CAP_SECONDS = 300.0
JITTER = 0.2
RESET_WHILE_WRITING = "reset_while_writing"
NOT_PREPARED, NOT_ALLOWED_NOW = "not_prepared", "not_allowed_now"
DATABASE_AWAY, STORAGE_AWAY = "database_away", "storage_away"
OURS = frozenset({NOT_PREPARED, NOT_ALLOWED_NOW, DATABASE_AWAY, STORAGE_AWAY})  # the platform has no part in these
POSSIBLY_APPLIED = frozenset({AnswerClass.ANSWERED, AnswerClass.UNREADABLE, AnswerClass.NO_ANSWER})

B = BatchState


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a batch: `attempts` and those of them that count as `tries`, both including this one; earlier
    `resets` while its body was written; `seconds` since it was first on the wire with this Request-ID; `failures` of
    its account in a row before this call; `lost`: an earlier try, its own or of what it was cut from, may have been
    applied without a readable answer."""

    attempts: int = 1
    tries: int = 1
    rows: int = 1
    resets: int = 0
    seconds: float = 0.0
    failures: int = 0
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the batch goes; seconds to wait when it is to be tried again; why it is cut or held, why the whole job must
    stop, for how long nobody may call the account, if so. `refused`: where it goes when it turns out not to be cut."""

    state: BatchState
    refused: BatchState = BatchState.REFUSED
    wait: float | None = None
    cut: str = ""
    held_for: str = ""
    hold: str = ""
    all_wait: float | None = None
    counts_as_failure: bool = False


def verdict(answer: Answer, *, repeatable: bool, past: Past) -> Verdict:
    """The rule of reliability: what an answer means for a batch that may be repeated, and for one that may not."""
    match answer.kind:
        case AnswerClass.ANSWERED:
            return Verdict(B.ANSWERED)
        case AnswerClass.NOT_SENT:
            return _not_sent(answer, past)
        case AnswerClass.REFUSED_SIZE:
            return Verdict(B.SPLIT, cut=CUT_TOO_LARGE) if past.rows > 1 else Verdict(_refused(past))
        case AnswerClass.REFUSED_RATE:
            wished = _wished(answer) or max(1.0, backoff(past.attempts - 1))
            return Verdict(B.READY, wait=max(wished, _patience(past)), all_wait=wished)
        case AnswerClass.REFUSED_ALL:
            return Verdict(B.HELD, hold=_hold_code(answer), held_for=HELD_FOR_REFUSAL)
        case AnswerClass.REFUSED_REQUEST:
            cut = CUT_REFUSED if repeatable and past.rows > 1 else ""
            return Verdict(B.SPLIT if cut else _refused(past), refused=_refused(past), cut=cut)
    all_wait = _wished(answer)
    if not repeatable:
        return Verdict(B.UNKNOWN, all_wait=all_wait, counts_as_failure=True)
    if answer.reason == RESET_WHILE_WRITING and past.resets and past.rows > 1:
        return Verdict(B.SPLIT, cut=CUT_TOO_LARGE, counts_as_failure=True)
    wait = max(backoff(past.tries - 1), all_wait or 0.0)
    held_for = _why_no_more(answer, past, wait)
    state = B.HELD if held_for else B.READY
    return Verdict(state, wait=wait, held_for=held_for, all_wait=all_wait, counts_as_failure=True)


def backoff(tries: int) -> float:
    """Seconds until the next try: anything up to a time that doubles and is capped, so that workers spread."""
    return random.uniform(0.0, min(CAP_SECONDS, BASE_SECONDS * 2.0 ** min(max(0, tries), 12)))


def _refused(past: Past) -> BatchState:
    """A refusal says nothing about an earlier try that may have been applied: then its rows are not called rejected."""
    return B.UNKNOWN if past.lost else B.REFUSED


def _not_sent(answer: Answer, past: Past) -> Verdict:
    if answer.reason == NOT_ALLOWED_NOW:
        return Verdict(B.READY, wait=0.0)
    if answer.reason == NOT_PREPARED and past.tries >= MOST_FAULTS:
        return Verdict(B.HELD, held_for=HELD_FOR_FAULT)
    tries = past.failures if answer.reason not in OURS else past.tries - 1
    return Verdict(B.READY, wait=backoff(tries), counts_as_failure=answer.reason not in OURS)


def _why_no_more(answer: Answer, past: Past, wait: float) -> str:
    """Why a batch without an answer is not tried again by itself; "" when it is."""
    most = MOST_UNREADABLE if answer.kind == AnswerClass.UNREADABLE else MOST_TRIES
    if past.tries >= most:
        return HELD_FOR_TRIES
    return HELD_FOR_AGE if past.seconds + wait > MOST_SECONDS else ""


def _patience(past: Past) -> float:
    """A second longer each time: where a platform says "in a second" all night, each try would be kept all the same.
    It binds this batch only; others may get through meanwhile."""
    return _a_little_more(min(CAP_SECONDS, past.attempts - 1))


def _wished(answer: Answer) -> float | None:
    """What the platform asked for, and a little more."""
    return _a_little_more(answer.retry_after) if answer.retry_after else None


def _a_little_more(seconds: float) -> float:
    """So that workers do not all come back in the same moment."""
    return seconds * random.uniform(1.0, 1.0 + JITTER)


def _hold_code(answer: Answer) -> str:
    known = ("token_refused", "tariff_limit", "access_refused", "redirected", "address_wrong")
    return answer.reason if answer.reason in known else "access_refused"
