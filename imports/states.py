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
    WAITING_APPROVAL = "waiting_approval"
    APPROVED = "approved"
    SENDING = "sending"
    PAUSED = "paused"
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


class ProposalState(StrEnum):
    """Of a wish to send an unknown batch again as new; `void` when its batch went its way meanwhile."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


class ApprovalState(StrEnum):
    """Of a wish to send that a second person looks at; `void` when what was to be sent changed meanwhile."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    VOID = "void"


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
    J.CHECKED: frozenset({J.READING, J.READ, J.CHECKING, J.WAITING_APPROVAL, J.SENDING, J.CANCELLED}),
    J.WAITING_APPROVAL: frozenset({J.READING, J.READ, J.CHECKING, J.CHECKED, J.APPROVED, J.CANCELLED}),
    J.APPROVED: frozenset({J.READING, J.READ, J.CHECKING, J.CHECKED, J.SENDING, J.CANCELLED}),
    J.SENDING: frozenset({J.PAUSED, J.HELD, J.NEEDS_DECISION, J.DONE, J.CANCELLING}),
    J.PAUSED: frozenset({J.SENDING, J.HELD, J.NEEDS_DECISION, J.DONE, J.CANCELLING}),
    J.HELD: frozenset({J.SENDING, J.CANCELLING}),
    J.NEEDS_DECISION: frozenset({J.SENDING, J.HELD, J.DONE, J.CANCELLING}),
    J.CANCELLING: frozenset({J.CANCELLED}),
    J.CANCELLED: frozenset(),
    J.DONE: frozenset(),
}

BATCH_MOVES: Final[dict[BatchState, frozenset[BatchState]]] = {
    B.FROZEN: frozenset({B.READY, B.SPLIT, B.HELD, B.UNKNOWN, B.CANCELLED}),
    B.READY: frozenset({B.SENDING, B.SPLIT, B.HELD, B.UNKNOWN, B.CANCELLED, B.RESOLVED}),
    B.SENDING: frozenset({B.READY, B.ANSWERED, B.REFUSED, B.SPLIT, B.HELD, B.UNKNOWN}),
    B.HELD: frozenset({B.READY, B.UNKNOWN, B.CANCELLED, B.RESOLVED}),
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
WITH_SECOND: Final = frozenset({J.WAITING_APPROVAL, J.APPROVED})  # a second person is asked, or has agreed
PLANNED: Final = frozenset({J.CHECKED}) | WITH_SECOND  # every row is judged, the batches are frozen, nothing is sent
WAITS_FOR_PERSON: Final = PLANNED | {J.READ, J.UNREADABLE, J.PAUSED, J.HELD, J.NEEDS_DECISION}
MOVES_BY_ITSELF: Final = frozenset({J.UPLOADED, J.READING, J.CHECKING, J.SENDING, J.CANCELLING})
MAY_BE_MAPPED: Final = PLANNED | {J.READ}
MAY_BE_READ_AGAIN: Final = MAY_BE_MAPPED | {J.UPLOADED, J.UNREADABLE}
BEFORE_SENDING: Final = MAY_BE_READ_AGAIN | {J.READING, J.CHECKING}
SENT_OR_SENDING: Final = frozenset(set(JobState) - BEFORE_SENDING)
STOPPABLE: Final = frozenset({J.SENDING, J.PAUSED, J.HELD, J.NEEDS_DECISION})
MAY_BE_REPEATED: Final = STOPPABLE  # a batch of such a job may be made ready again; of one that is being stopped not
MAY_BE_CONTINUED: Final = frozenset({J.PAUSED, J.HELD, J.NEEDS_DECISION})
CANCELLABLE: Final = BEFORE_SENDING | STOPPABLE
MAY_BE_PURGED: Final = FINISHED | BEFORE_SENDING  # what is being sent, or waits for a decision, is never destroyed
SETTLES: Final = frozenset({J.SENDING, J.PAUSED, J.NEEDS_DECISION, J.CANCELLING})

OPEN_BATCHES: Final = frozenset({B.FROZEN, B.READY, B.SENDING, B.HELD})
PARKED_BATCHES: Final = frozenset({B.HELD, B.UNKNOWN})
WAITING_BATCHES: Final = frozenset({B.FROZEN, B.READY, B.HELD})  # end at once when their job is stopped
LEAF_BATCHES: Final = frozenset(set(BatchState) - {B.SPLIT})

# Why a batch was cut from its parent.
CUT_TOO_LARGE, CUT_REFUSED, CUT_FIRST = "too_large", "refused", "first_alone"

# Why a batch is held.
HELD_FOR_TRIES = "tries_used_up"
HELD_FOR_AGE = "too_long_ago"
HELD_FOR_DEATHS = "kills_workers"
HELD_FOR_BUDGET = "too_many_refused"
HELD_FOR_REFUSAL = "account_refused"
HELD_FOR_FAULT = "not_sendable"
HELD_FOR_RESTORE = "after_restore"

# Why a job is held for a person to look at its answers, and goes on only by that person's "Go on".
HELD_FOR_LOOK, HELD_FOR_REJECTIONS = "canary", "brake"
NEEDS_A_LOOK: Final = frozenset({HELD_FOR_LOOK, HELD_FOR_REJECTIONS})

# How a resolved batch ended, when nobody knows: a person closed it, or stopped the import after a lost answer.
CLOSED, STOPPED = "close", "stopped"


def diagram(moves: "dict[JobState, frozenset[JobState]] | dict[BatchState, frozenset[BatchState]]") -> str:
    """The table as a Mermaid state diagram, for docs/states.md."""
    arrows = [f"    {old} --> {new}" for old, news in moves.items() for new in sorted(news)]
    ends = [f"    {old} --> [*]" for old, news in moves.items() if not news]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {next(iter(moves))}", *arrows, *ends])
