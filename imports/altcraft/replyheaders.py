"""The few response headers that mean something to us. Names arrive in lower case."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

SHORTEST_WAIT: Final = 1.0  # seconds
LONGEST_WAIT: Final = 15 * 60.0  # seconds
_SECONDS: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?", re.ASCII)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, between one second and 15 minutes; None when the header is absent or not understood.

    Source: RFC 9110, 10.2.3. A date is read against the answer's own Date header, so a wrong clock here does no harm.
    """
    wish = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(wish):
        wait = float(wish)
    elif (moment := _timestamp(wish)) is not None:
        now = _timestamp(headers.get("date", ""))
        wait = moment - (time.time() if now is None else now)
    else:
        return None
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)


def _timestamp(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def was_replayed(headers: Mapping[str, str]) -> bool:
    """True when the platform gave the answer from its memory and did nothing.

    Source: Deduplication of requests (Duplicate-Request in the newest text, X-Duplicate-Request in the older ones).
    """
    names = ("duplicate-request", "x-duplicate-request")
    return any(headers.get(name, "").strip().casefold() == "true" for name in names)
