"""States of a job, a batch and an attempt: names, named sets, allowed moves.

One table each; the picture in docs/states.md is drawn from them and a test compares the two.
What every state promises, and why, is told in docs/states.md.
"""

from enum import StrEnum
from typing import Final


class JobState(StrEnum):
    UPLOADED = "uploaded"
    READING = "reading"
    READ = "read"
    UNREADABLE = "unreadable"
    CHECKING = "checking"
    CHECKED = "checked"
    SENDING = "sending"
    HELD = "held"
    NEEDS_DECISION = "needs_decision"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"


class BatchState(StrEnum):
    FROZEN = "frozen"
    READY = "ready"
    SENDING = "sending"
    ANSWERED = "answered"
    REFUSED = "refused"
    SPLIT = "split"
    HELD = "held"
    UNKNOWN = "unknown"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


class AttemptState(StrEnum):
    PREPARED = "prepared"
    ON_WIRE = "on_wire"
    ENDED = "ended"
    ABANDONED = "abandoned"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    INVALID = "invalid"
    SET_ASIDE = "set_aside"
    NOT_SENT = "not_sent"
    UNKNOWN = "unknown"
    PENDING = "pending"


J, B, A = JobState, BatchState, AttemptState

JOB_MOVES: Final[dict[JobState, frozenset[JobState]]] = {
    J.UPLOADED: frozenset({J.READING, J.CANCELLED}),
    J.READING: frozenset({J.READ, J.UNREADABLE, J.UPLOADED, J.CANCELLED}),
    J.UNREADABLE: frozenset({J.READING, J.CANCELLED}),
    J.READ: frozenset({J.READING, J.CHECKING, J.CANCELLED}),
    J.CHECKING: frozenset({J.CHECKED, J.READ, J.CANCELLED}),
    J.CHECKED: frozenset({J.READING, J.READ, J.CHECKING, J.SENDING, J.CANCELLED}),
    J.SENDING: frozenset({J.HELD, J.NEEDS_DECISION, J.DONE, J.CANCELLING}),
    J.HELD: frozenset({J.SENDING, J.CANCELLING}),
    J.NEEDS_DECISION: frozenset({J.SENDING, J.DONE, J.CANCELLING}),
    J.CANCELLING: frozenset({J.CANCELLED}),
    J.CANCELLED: frozenset(),
    J.DONE: frozenset(),
}

BATCH_MOVES: Final[dict[BatchState, frozenset[BatchState]]] = {
    B.FROZEN: frozenset({B.READY}),
    B.READY: frozenset({B.SENDING, B.SPLIT, B.CANCELLED}),
    B.SENDING: frozenset({B.READY, B.ANSWERED, B.REFUSED, B.SPLIT, B.HELD, B.UNKNOWN}),
    B.HELD: frozenset({B.READY, B.CANCELLED}),
    B.UNKNOWN: frozenset({B.ANSWERED, B.READY, B.RESOLVED}),
    B.ANSWERED: frozenset(),
    B.REFUSED: frozenset(),
    B.SPLIT: frozenset(),
    B.RESOLVED: frozenset(),
    B.CANCELLED: frozenset(),
}

ATTEMPT_MOVES: Final[dict[AttemptState, frozenset[AttemptState]]] = {
    A.PREPARED: frozenset({A.ON_WIRE, A.ENDED, A.ABANDONED}),
    A.ON_WIRE: frozenset({A.ENDED}),
    A.ENDED: frozenset(),
    A.ABANDONED: frozenset(),
}

FINISHED: Final = frozenset({J.DONE, J.CANCELLED})
WAITS_FOR_PERSON: Final = frozenset({J.READ, J.CHECKED, J.UNREADABLE, J.HELD, J.NEEDS_DECISION})
MOVES_BY_ITSELF: Final = frozenset({J.UPLOADED, J.READING, J.CHECKING, J.SENDING, J.CANCELLING})
MAY_BE_MAPPED: Final = frozenset({J.READ, J.CHECKED})
MAY_BE_READ_AGAIN: Final = frozenset({J.UPLOADED, J.UNREADABLE, J.READ, J.CHECKED})
BEFORE_SENDING: Final = frozenset({J.UPLOADED, J.READING, J.UNREADABLE, J.READ, J.CHECKING, J.CHECKED})
SENT_OR_SENDING: Final = frozenset(set(JobState) - BEFORE_SENDING)
CANCELLABLE: Final = BEFORE_SENDING | {J.SENDING, J.HELD, J.NEEDS_DECISION}

OPEN_BATCHES: Final = frozenset({B.FROZEN, B.READY, B.SENDING, B.HELD})
PARKED_BATCHES: Final = frozenset({B.HELD, B.UNKNOWN})
LEAF_BATCHES: Final = frozenset(set(BatchState) - {B.SPLIT})


def diagram(moves: "dict[JobState, frozenset[JobState]] | dict[BatchState, frozenset[BatchState]]") -> str:
    """The table as a Mermaid state diagram, for docs/states.md."""
    arrows = [f"    {old} --> {new}" for old, news in moves.items() for new in sorted(news)]
    ends = [f"    {old} --> [*]" for old, news in moves.items() if not news]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {next(iter(moves))}", *arrows, *ends])
