"""What came back from one call, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

Row = tuple[int, str, str]


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
    rows: tuple[Row, ...] | None = field(default=None, repr=False)
    retry_after: float | None = None
    replayed: bool = False
    task_id: str = ""
    reason: str = ""
    raw: bytes = field(default=b"", repr=False)
    seconds: float = 0.0
