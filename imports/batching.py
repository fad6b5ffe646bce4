"""Cutting profiles into batches by count and by exact bytes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate


def cut(sizes: Sequence[int], *, max_count: int, max_bytes: int, envelope: int) -> list[tuple[int, int]]:
    """Return half-open ranges of profiles; each takes as many as fit, in order, none left out.

    `sizes` are bytes of UTF-8 JSON texts; a body is envelope + profiles + the commas between them and stays within
    `max_bytes`. Raises ValueError when a profile does not fit alone (see `too_large`) or max_count is below 1.
    """
    if max_count < 1:
        raise ValueError("max_count must be at least 1")
    if alone := too_large(sizes, max_bytes=max_bytes, envelope=envelope):
        raise ValueError(f"{len(alone)} profiles are larger than a request may be, the first is number {alone[0]}")
    if 0 < len(sizes) <= max_count and envelope + sum(sizes) + len(sizes) - 1 <= max_bytes:
        return [(0, len(sizes))]  # the usual case
    # A comma after each profile makes the size of any range a difference of two sums, with one comma too many.
    ends = list(accumulate(map((1).__add__, sizes), initial=0))
    ranges, start = [], 0
    while start < len(sizes):
        fitting = bisect_right(ends, ends[start] + max_bytes - envelope + 1) - 1
        stop = min(fitting, start + max_count)
        ranges.append((start, stop))
        start = stop
    return ranges


def too_large(sizes: Sequence[int], *, max_bytes: int, envelope: int) -> list[int]:
    """Return the places of the profiles no request can hold."""
    if envelope + max(sizes, default=0) <= max_bytes:
        return []
    return [index for index, size in enumerate(sizes) if envelope + size > max_bytes]
