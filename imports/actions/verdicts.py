"""What follows from an answer, as a pure rule: the table of answer classes for repeatable and unrepeatable batches."""

import random
from dataclasses import dataclass

from imports.altcraft import Answer, AnswerClass
from imports.states import BatchState

MOST_TRIES = 8
MOST_UNREADABLE = 3
BASE_SECONDS = 2.0
CAP_SECONDS = 300.0
POSSIBLY_APPLIED = frozenset({AnswerClass.ANSWERED, AnswerClass.UNREADABLE, AnswerClass.NO_ANSWER})

B = BatchState


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where the batch goes; seconds to wait when it is to be tried again; why the whole job must stop, if it must."""

    state: BatchState
    wait: float | None = None
    hold: str = ""
    counts_as_failure: bool = False


def verdict(answer: Answer, *, repeatable: bool, tries: int, rows: int, failures: int) -> Verdict:
    """`tries` of this batch including this one; `failures` in a row of the connection before this one."""
    match answer.kind:
        case AnswerClass.ANSWERED:
            return Verdict(B.ANSWERED)
        case AnswerClass.NOT_SENT:
            stopped = answer.reason == "not_allowed_now"
            return Verdict(B.READY, wait=0.0 if stopped else backoff(failures), counts_as_failure=not stopped)
        case AnswerClass.REFUSED_SIZE:
            return Verdict(B.SPLIT if rows > 1 else B.REFUSED)
        case AnswerClass.REFUSED_RATE:
            return Verdict(B.READY, wait=max(1.0, answer.retry_after or backoff(failures)))
        case AnswerClass.REFUSED_ALL:
            return Verdict(B.HELD, hold=_hold_code(answer))
        case AnswerClass.REFUSED_REQUEST:
            return Verdict(B.REFUSED)
    if not repeatable:
        return Verdict(B.UNKNOWN, counts_as_failure=True)
    most = MOST_UNREADABLE if answer.kind == AnswerClass.UNREADABLE else MOST_TRIES
    if tries >= most:
        return Verdict(B.HELD, counts_as_failure=True)
    wait = max(backoff(failures), answer.retry_after or 0.0)
    return Verdict(B.READY, wait=wait, counts_as_failure=True)


def backoff(failures: int) -> float:
    """Seconds until the next try: doubling, capped, spread at random so that workers do not come back together."""
    longest = min(CAP_SECONDS, BASE_SECONDS * 2.0 ** min(failures, 12))
    return random.uniform(longest / 2, longest)


def _hold_code(answer: Answer) -> str:
    known = ("token_refused", "tariff_limit", "access_refused", "redirected", "address_wrong")
    return answer.reason if answer.reason in known else "access_refused"
