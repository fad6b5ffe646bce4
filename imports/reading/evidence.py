"""In which order a column writes day, month and year: decided by the whole column, never by a cell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from imports.reading.blanks import TRIMMED


@dataclass(frozen=True, slots=True)
class DateEvidence:
    """How many dates of a column can only be day-month, only month-day, either, or begin with the year.

    `dotted` ones could be either by their numbers, but dots are written day first (INFERRED: by custom, everywhere);
    `same` have equal day and month. Evidence of slices adds up with `+`.
    """

    dmy: int = 0
    mdy: int = 0
    either: int = 0
    ymd: int = 0
    dotted: int = 0
    same: int = 0

    def __add__(self, other: DateEvidence) -> DateEvidence:
        return DateEvidence(
            self.dmy + other.dmy,
            self.mdy + other.mdy,
            self.either + other.either,
            self.ymd + other.ymd,
            self.dotted + other.dotted,
            self.same + other.same,
        )

    def order(self) -> str:
        """Return the order of the column as a whole; "ymd" only when every date begins with its year."""
        if self.ymd and not (self.dmy or self.mdy or self.either or self.dotted or self.same):
            return "ymd"
        return "mdy" if self.mdy > self.dmy + self.dotted else "dmy"

    @property
    def ambiguous(self) -> bool:
        """Whether a person must choose: nothing decides, or the column contradicts itself."""
        day_first = self.dmy + self.dotted
        return bool(self.either and not (day_first or self.mdy)) or bool(day_first and self.mdy)


_HEAD = re.compile(r"(?P<year>[0-9]{4})[./-]|(?P<first>[0-9]{1,2})(?P<mark>[./-])(?P<second>[0-9]{1,2})(?P=mark)")


def date_evidence(cells: Iterable[str]) -> DateEvidence:
    """Count what a column's dates can mean. Give it the whole column: one file, one answer."""
    # Six characters hold the first two numbers, and a column has few different ones.
    cells = list(cells)
    heads = Counter([cell[:6] for cell in cells])
    if any(head.lstrip(TRIMMED) != head for head in heads):
        heads = Counter([cell.lstrip(TRIMMED)[:6] for cell in cells])
    counts: Counter[str] = Counter()
    for head, count in heads.items():
        if match := _HEAD.match(head):
            counts[_meaning(match)] += count
    counts.pop("", None)
    return DateEvidence(**counts)


def _meaning(match: re.Match[str]) -> str:
    """Return the count of DateEvidence a date belongs to, "" for none."""
    if match["year"]:
        return "ymd"
    first, second = int(match["first"]), int(match["second"])
    if max(first, second) > 31 or not 1 <= min(first, second) <= 12:
        return ""
    if first == second:
        return "same"
    if max(first, second) > 12:
        return "dmy" if first > 12 else "mdy"
    return "dotted" if match["mark"] == "." else "either"
